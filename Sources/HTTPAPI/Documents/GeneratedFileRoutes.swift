import Domain
import Engine
import HTTPTypes
import Hummingbird
import NIOCore

/// `GET document/generated-files/{filename}`: files that answers have made.
struct GeneratedFileRoutes: Sendable {
    let files: GeneratedFiles

    var endpoints: RouteTable {
        RouteTable(under: "/api/v1")
            .get("document/generated-files/{filename}", .requires(.readDocuments), use: download)
    }

    /// Bytes that are in memory at once.
    private static let piece = 64 << 10

    @Sendable private func download(_ request: Request, _ context: APIContext) async throws -> Response {
        guard let name = GeneratedFiles.Name(try context.parameter("filename")) else {
            throw APIError(.badRequest, message: "Invalid filename format")
        }
        guard let file = try await files.open(name, for: context.caller) else {
            throw APIError(.notFound, message: "File not found")
        }
        let tag = "\"\(String(file.modifiedAt.milliseconds, radix: 16))-\(String(file.size, radix: 16))\""
        var headers: HTTPFields = [
            .contentType: Self.contentTypes[name.fileExtension] ?? "application/octet-stream",
            .contentDisposition: "attachment; filename=\"\(name.text)\"", .xContentTypeOptions: "nosniff",
            .acceptRanges: "bytes", .eTag: tag, .cacheControl: "private, no-cache",
        ]
        // The file is a model's: nothing in it may run, whoever opens it.
        headers[.contentSecurityPolicy] = "default-src 'none'; sandbox"
        switch ByteRange(request.headers, size: file.size, tag: tag) {
        case .none:
            var error = APIError(.rangeNotSatisfiable, message: "The file has \(file.size) bytes.")
            error.headers[.contentRange] = "bytes */\(file.size)"
            throw error
        case .whole: return Self.response(.ok, headers, file, 0..<file.size)
        case .part(let range):
            headers[.contentRange] = "bytes \(range.lowerBound)-\(range.upperBound - 1)/\(file.size)"
            return Self.response(.partialContent, headers, file, range)
        }
    }

    private static func response(
        _ status: HTTPResponse.Status, _ headers: HTTPFields, _ file: GeneratedFile, _ range: Range<Int>
    ) -> Response {
        var headers = headers
        // Not the body's own: what is known to be large is kept on the disk first, where this lies already.
        headers[.contentLength] = String(range.count)
        return Response(
            status: status, headers: headers,
            body: ResponseBody { writer in
                var offset = range.lowerBound
                while offset < range.upperBound {
                    let bytes = try await file.read(from: offset, limit: min(piece, range.upperBound - offset))
                    // Somebody has cut the file: the client sees that the answer breaks off.
                    guard !bytes.isEmpty else { throw ServiceError.notFound("The file has become shorter.") }
                    try await writer.write(ByteBuffer(bytes: bytes))
                    offset += bytes.count
                }
                try await writer.finish(nil)
            })
    }

    private static let openXML = "application/vnd.openxmlformats-officedocument"

    private static let contentTypes = [
        "pptx": "\(openXML).presentationml.presentation", "xlsx": "\(openXML).spreadsheetml.sheet",
        "docx": "\(openXML).wordprocessingml.document", "pdf": "application/pdf", "txt": "text/plain",
        "csv": "text/csv", "json": "application/json", "html": "text/html", "xml": "application/xml",
        "zip": "application/zip", "png": "image/png", "jpg": "image/jpeg", "jpeg": "image/jpeg", "gif": "image/gif",
        "svg": "image/svg+xml", "mp3": "audio/mpeg", "mp4": "video/mp4", "webm": "video/webm",
    ]
}
