import Domain
import Engine
import HTTPTypes
import Hummingbird
import OrderedJSON

/// Which users belong to a workspace. It is named by its id or its slug.
struct MemberRoutes: Sendable {
    let members: WorkspaceMembers
    let workspaces: WorkspaceDirectory

    var endpoints: RouteTable {
        RouteTable([
            RouteTable(under: "/api/v1/admin/workspaces/{workspaceId}")
                .get("users", .requires(.manageMembers).inMultiUserMode, use: list)
                .post("update-users", .requires(.manageMembers).inMultiUserMode, use: replace)
                .post("manage-users", .requires(.manageMembers).inMultiUserMode, use: manage),
            RouteTable(under: "/api/admin/workspaces/{workspaceId}")
                .get("users", .requires(.manageMembers).inMultiUserMode, use: list)
                .post("update-users", .requires(.manageMembers).inMultiUserMode, use: replace),
        ])
    }

    @Sendable private func list(_ request: Request, _ context: APIContext) async throws -> Response {
        Response(json: ["users": try await json(of: workspace(context))])
    }

    @Sendable private func replace(_ request: Request, _ context: APIContext) async throws -> Response {
        var request = request
        let workspace = try await workspace(context)
        let payload = try await RequestPayload(&request)
        guard let ids = try payload.ids("userIds") else {
            throw APIError(.badRequest, message: "userIds must be an array of ids.")
        }
        try await members.replace(with: ids, in: workspace, by: context.caller)
        return Response(json: ["success": true, "error": .null])
    }

    @Sendable private func manage(_ request: Request, _ context: APIContext) async throws -> Response {
        var request = request
        let workspace = try await workspace(context)
        let payload = try await RequestPayload(&request)
        guard let ids = try payload.ids("userIds") else {
            throw APIError(.badRequest, message: "userIds must be an array of ids.")
        }
        let replacing: Bool
        switch payload["reset"] ?? false {
        case .bool(let flag): replacing = flag
        case .null: replacing = false
        default: throw APIError(.badRequest, message: "reset must be true or false.")
        }
        do {
            let dropped = try await members.add(ids, to: workspace, replacing: replacing, by: context.caller)
            return Response(
                json: [
                    "success": true, "error": .null, "users": try await json(of: workspace),
                    "droppedIds": .array(dropped.map(JSON.integer)),
                ])
        } catch let error as ServiceError where error.code == .notFound {
            return Response(
                status: .notFound,
                json: [
                    "success": false, "error": .string(error.message), "users": try await json(of: workspace),
                ])
        }
    }

    private func json(of workspace: Workspace) async throws -> JSON {
        .array(try await members.all(of: workspace).map(\.json))
    }

    private func workspace(_ context: APIContext) async throws -> Workspace {
        let name = try context.parameter("workspaceid")
        if let workspace = try await workspaces.find(slug: name, for: context.caller) { return workspace }
        if let id = try context.id("workspaceid"),
            let workspace = try await workspaces.find(id: id, for: context.caller)
        {
            return workspace
        }
        throw APIError(
            .notFound,
            body: ["success": false, "error": .string("Workspace \(name) not found"), "users": []])
    }
}
