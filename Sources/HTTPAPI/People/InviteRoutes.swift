import Domain
import Engine
import HTTPTypes
import Hummingbird
import OrderedJSON

/// Invites, for those who send them and for those who follow them.
struct InviteRoutes: Sendable {
    let invitations: Invitations

    var endpoints: RouteTable {
        RouteTable([
            RouteTable(under: "/api/v1/admin")
                .get("invites", .requires(.manageInvites).inMultiUserMode, use: list)
                .post("invite/new", .requires(.manageInvites).inMultiUserMode, use: create)
                .delete("invite/{id}", .requires(.manageInvites).inMultiUserMode, use: disable),
            RouteTable(under: "/api/admin")
                .get("invites", .requires(.manageInvites).inMultiUserMode, use: list)
                .post("invite/new", .requires(.manageInvites).inMultiUserMode) { request, context in
                    try invitations.requirePasswords()
                    return try await create(request, context)
                }
                .delete("invite/{id}", .requires(.manageInvites).inMultiUserMode, use: disable),
            RouteTable(under: "/api/invite")
                .get("{code}", .everybody, use: check)
                .post("{code}", .everybody, use: claim),
        ])
    }

    /// Hours in ten years.
    private static let maximumHours = 87_600
    private static let maximumUses = 10_000

    @Sendable private func list(_ request: Request, _ context: APIContext) async throws -> Response {
        Response(json: ["invites": .array(try await invitations.all().map(\.json))])
    }

    @Sendable private func create(_ request: Request, _ context: APIContext) async throws -> Response {
        var request = request
        let payload = try await RequestPayload(&request)
        let ids: [Int64] = payload["workspaceIds"] == .null ? [] : try payload.ids("workspaceIds") ?? []
        let invite = try await invitations.create(
            workspaces: ids, validFor: try Self.validity(payload["expiresInHours"]),
            maximumUses: try payload.wholeNumber("maxUses", in: 1...Self.maximumUses) ?? 1, by: context.caller)
        return Response(json: ["invite": invite.json, "error": .null])
    }

    private static func validity(_ value: JSON?) throws(APIError) -> Duration? {
        guard let value, value != .null else { return nil }
        guard let hours = value.doubleValue, hours > 0, hours <= Double(maximumHours) else {
            throw APIError(.badRequest, message: "expiresInHours must be a number above 0.")
        }
        return .seconds(hours * 3600)
    }

    @Sendable private func disable(_ request: Request, _ context: APIContext) async throws -> Response {
        guard let id = try context.id("id") else { throw APIError(.badRequest, message: "Invalid invite id") }
        try await invitations.disable(id: id, by: context.caller)
        return Response(json: ["success": true, "error": .null])
    }

    // MARK: Without a credential

    @Sendable private func check(_ request: Request, _ context: APIContext) async throws -> Response {
        let code = try context.parameter("code")
        do {
            try await invitations.check(code: code)
            return Response(json: ["invite": ["code": .string(code), "status": "pending"], "error": .null])
        } catch let error as ServiceError where [.notFound, .conflict].contains(error.code) {
            return Response(json: ["invite": .null, "error": .string(error.message)])
        }
    }

    @Sendable private func claim(_ request: Request, _ context: APIContext) async throws -> Response {
        var request = request
        let code = try context.parameter("code")
        let payload = try await RequestPayload(&request)
        do {
            _ = try await invitations.claim(code: code, UserFields(payload))
            return Response(json: ["success": true, "error": .null])
        } catch let error as ServiceError where error.code == .invalid {
            return Response(json: ["success": false, "error": .string(error.message)])
        }
    }
}
