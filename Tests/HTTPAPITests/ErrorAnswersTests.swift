import Domain
import HTTPAPI
import HTTPTypes
import HummingbirdTesting
import NIOCore
import OrderedJSON
import Testing
import WebUI

/// What goes wrong is said as `docs/api/openapi.json` says it: every operation of the route table is asked wrongly in every
/// way, and status and content type of its answer must be listed there.
@Suite struct ErrorAnswersTests {
    @Test(arguments: Mistake.allCases)
    func `errors are those of the document`(mistake: Mistake) async throws {
        let document = try OpenAPIDocument()
        try await TestServer.run { client in
            try await client.makeWorkspaces("w")
            for route in routeTable(client.server.services).routes {
                guard let responses = document.responses(of: route) else { continue }
                let answer = try await mistake.answer(to: route, client)
                let place = "\(route.method) \(route.path): \(answer.status) \(answer.type)"
                let types = responses[answer.status]
                #expect(types != nil, "\(place) is not documented")
                let isListed = types?.contains { $0 == answer.type || $0.hasSuffix("/*") } ?? false
                #expect(isListed || types?.isEmpty == true, "\(place) is documented as \(types ?? [])")
                if answer.status >= 400 { #expect(answer.type == "application/json", "\(place)") }
            }
        }
    }

    @Test func `a wrong method is refused in JSON everywhere`() async throws {
        try await TestServer.run { client in
            for route in routeTable(client.server.services).routes {
                let answer = try await Mistake.answer(to: route, client, method: .trace, segment: "x")
                #expect(answer.status == 405, "\(route.path)")
                #expect(answer.type == "application/json", "\(route.path)")
            }
        }
    }
}

/// One way of asking wrongly.
enum Mistake: CaseIterable {
    case noKey, wrongEncoding, unknownNames, noJSON, noObject, emptyObject, unknownType, largeBody, formWithoutFile

    func answer(to route: RouteTable.Route, _ client: TestClient) async throws -> (status: Int, type: String) {
        switch self {
        case .noKey: try await Self.answer(to: route, client, authorization: "Bearer wrong")
        case .wrongEncoding: try await Self.answer(to: route, client, segment: "%zz", body: "{}")
        case .unknownNames: try await Self.answer(to: route, client, segment: "nowhere", body: "{}")
        case .noJSON: try await Self.answer(to: route, client, body: "{")
        case .noObject: try await Self.answer(to: route, client, body: "[]")
        case .emptyObject: try await Self.answer(to: route, client, body: "{}")
        case .unknownType: try await Self.answer(to: route, client, body: "<a/>", type: "application/xml")
        case .largeBody:
            try await Self.answer(
                to: route, client, body: #"{"name":""# + String(repeating: "x", count: 3 << 20) + #""}"#)
        case .formWithoutFile:
            try await Self.answer(
                to: route, client, body: "--b\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nx\r\n--b--\r\n",
                type: "multipart/form-data; boundary=b")
        }
    }

    /// - Parameter segment: stands for every parameter of the path.
    static func answer(
        to route: RouteTable.Route, _ client: TestClient, method: HTTPRequest.Method? = nil, segment: String = "w",
        authorization: String? = nil, body: String? = nil, type: String = "application/json"
    ) async throws -> (status: Int, type: String) {
        let path = route.path.split(separator: "/").map { $0.hasPrefix("{") ? "/\(segment)" : "/\($0)" }.joined()
        let takesBody = route.method == .post
        return try await client.client.execute(
            uri: path, method: method ?? route.method,
            headers: [.authorization: authorization ?? "Bearer \(client.key)", .contentType: type],
            body: takesBody ? body.map { ByteBuffer(string: $0) } : nil
        ) { answer in
            let type = answer.headers[.contentType]?.prefix { $0 != ";" } ?? ""
            return (answer.status.code, String(type))
        }
    }
}

/// Statuses and content types of each operation.
private struct OpenAPIDocument {
    private let json: JSON

    init() throws { json = try JSON(parsing: EmbeddedFile.openAPIDocument) }

    /// `nil` for a word that stands for another route's parameter.
    func responses(of route: RouteTable.Route) -> [Int: [String]]? {
        let paths = json["paths"]?.objectValue?.members ?? []
        let name = "\(route.method) \(route.path)".lowercased()
        let operations = paths.lazy.flatMap { DocumentedPath($0).operations }
        guard let operation = operations.first(where: { $0.names.contains(name) })?.value else { return nil }
        let responses = operation["responses"]?.objectValue?.members ?? []
        return Dictionary(
            responses.map { (Int($0.key) ?? 0, resolved($0.value)["content"]?.objectValue?.members.map(\.key) ?? []) }
        ) { first, _ in first }
    }

    private func resolved(_ value: JSON) -> JSON {
        guard let name = value["$ref"]?.stringValue?.split(separator: "/").last else { return value }
        return json["components"]?["responses"]?[String(name)] ?? value
    }
}
