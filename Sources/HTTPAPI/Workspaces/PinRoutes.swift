import Domain
import Engine
import Hummingbird
import OrderedJSON
import Persistence

struct PinRoutes: Sendable {
    let workspaces: WorkspaceDirectory
    let documents: DocumentDirectory

    var endpoints: RouteTable {
        RouteTable(under: "/api/v1/workspace")
            .post("{slug}/update-pin", .requires(.changeWorkspaces), use: update)
    }

    @Sendable private func update(_ request: Request, _ context: APIContext) async throws -> Response {
        var request = request
        let payload = try await RequestPayload(&request)
        guard let path = payload["docPath"]?.stringValue, !path.isEmpty else {
            throw APIError(.badRequest, message: "docPath must name a document.")
        }
        guard let isPinned = Self.status(payload["pinStatus"]) else {
            throw APIError(.badRequest, message: "pinStatus must be true or false.")
        }
        let workspace = try await workspaces.required(context)
        guard let document = DocumentPath(path),
            try await documents.setPinned(isPinned, document, in: workspace, by: context.caller)
        else { throw APIError(.notFound, message: "The workspace has no document \(path).") }
        return Response(json: ["message": "Pin status updated successfully"])
    }

    /// Nothing means no, as on the wire; forms send texts. `nil` for what says neither yes nor no.
    private static func status(_ value: JSON?) -> Bool? {
        switch value ?? .null {
        case .null: false
        case .bool(let bool): bool
        case .integer(0), .string("0"), .string("false"): false
        case .integer(1), .string("1"), .string("true"): true
        default: nil
        }
    }
}
