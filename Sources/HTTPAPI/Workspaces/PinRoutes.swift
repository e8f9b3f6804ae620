import Domain
import Hummingbird
import Persistence

/// | method | path | who |
/// |---|---|---|
/// | POST | /v1/workspace/{slug}/update-pin | API key |
struct PinRoutes: Sendable {
    let workspaces: WorkspaceStore
    let memberships: WorkspaceDocumentStore

    var endpoints: RouteCollection<AuthenticatedContext> {
        RouteCollection(context: AuthenticatedContext.self)
            .post("{slug}/update-pin", use: update)
    }

    @Sendable private func update(_ request: Request, _ context: AuthenticatedContext) async throws -> Response {
        var request = request
        let payload = try await RequestPayload(&request)
        guard let path = payload["docPath"]?.stringValue, !path.isEmpty else {
            throw APIError(.badRequest, body: ["message": "docPath must name a document."])
        }
        guard let isPinned = Self.status(payload["pinStatus"]) else {
            throw APIError(.badRequest, body: ["message": "pinStatus must be true or false."])
        }
        guard let workspace = try await workspaces.find(slug: try context.parameter("slug")),
            let document = DocumentPath(path),
            try await memberships.setPinned(isPinned, document, in: workspace.id, at: .now)
        else { return Response(text: "Not Found", status: .notFound) }
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
