import Engine
import HTTPTypes
import Hummingbird
import NIOCore
import WebUI

struct DocumentationRoutes: Sendable {
    let settings: Settings

    var endpoints: RouteTable {
        RouteTable(under: "/api")
            .get("openapi.json", .everybody) { _, _ in
                Self.file(EmbeddedFile.openAPIDocument, "application/json; charset=utf-8")
            }
            .get("docs", .everybody) { _, _ in
                if settings.snapshot.flag("DISABLE_SWAGGER_DOCS") { throw HTTPError(.notFound) }
                return Self.file(EmbeddedFile.documentationPage, "text/html; charset=utf-8")
            }
            .get("docs/documentation.css", .everybody) { _, _ in
                Self.file(EmbeddedFile.documentationStyleSheet, "text/css; charset=utf-8")
            }
            .get("docs/documentation.js", .everybody) { _, _ in
                Self.file(EmbeddedFile.documentationScript, "text/javascript; charset=utf-8")
            }
    }

    private static func file(_ bytes: [UInt8], _ type: String) -> Response {
        let headers: HTTPFields = [
            .contentType: type, .xContentTypeOptions: "nosniff",
            .contentSecurityPolicy: EmbeddedFile.documentationContentSecurityPolicy,
        ]
        return Response(
            status: .ok, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
    }
}
