import Domain
import Engine
import HTTPTypes
import Hummingbird
import OrderedJSON

/// Users, for those who manage them.
struct UserRoutes: Sendable {
    let accounts: UserAccounts
    let mode: InstanceMode
    let tokens: SignInTokens
    let workspaces: WorkspaceDirectory

    var endpoints: RouteTable {
        RouteTable([
            RouteTable(under: "/api/admin")
                .get("users", .requires(.manageUsers).inMultiUserMode, use: list)
                .post("users/new", .requires(.manageUsers).inMultiUserMode) { request, context in
                    try await create(request, context, refusal: .ok)
                }
                .post("user/{id}", .requires(.manageUsers).inMultiUserMode, use: update)
                .delete("user/{id}", .requires(.manageUsers).inMultiUserMode, use: delete),
            RouteTable(under: "/api/v1/admin")
                .get("is-multi-user-mode", .everyKnownCaller, use: isMultiUserMode)
                .get("users", .requires(.manageUsers).inMultiUserMode, use: list)
                .post("users/new", .requires(.manageUsers).inMultiUserMode) { request, context in
                    try await create(request, context, refusal: .badRequest)
                }
                .post("users/{id}", .requires(.manageUsers).inMultiUserMode, use: update)
                .delete("users/{id}", .requires(.manageUsers).inMultiUserMode, use: delete).and(for: "new"),
            RouteTable(under: "/api/v1/users")
                .get("", .requires(.manageUsers).inMultiUserMode, use: names)
                .get("{id}/issue-auth-token", .requires(.issueSignInTokens), use: issueToken)
                .post("{id}/issue-auth-token", .requires(.issueSignInTokens), use: issueToken),
        ])
    }

    private static let maximumPage = 1000

    @Sendable private func isMultiUserMode(_ request: Request, _ context: APIContext) async throws -> Response {
        do {
            return Response(json: ["isMultiUser": .bool(try await mode.isMultiUser())])
        } catch {
            throw ServiceError(.unavailable, "The mode of the instance cannot be read.", cause: error)
        }
    }

    /// All of them, or `limit` from `offset` on.
    @Sendable private func list(_ request: Request, _ context: APIContext) async throws -> Response {
        let query = QueryParameters(request)
        let offset = try query.integer("offset", in: 0...Int(Int32.max))
        let limit = try query.integer("limit", in: 1...Self.maximumPage)
        guard limit != nil || offset != nil else {
            return Response(json: ["users": .array(try await accounts.all().map(\.json))])
        }
        let (users, count) = try await accounts.page(offset: offset ?? 0, limit: limit ?? Self.maximumPage)
        return Response(json: ["users": .array(users.map(\.json)), "totalCount": JSON(count)])
    }

    @Sendable private func names(_ request: Request, _ context: APIContext) async throws -> Response {
        let users = try await accounts.all().map { user -> JSON in
            ["id": .integer(user.id), "username": .string(user.name), "role": .string(user.role.rawValue)]
        }
        return Response(json: ["users": .array(users)])
    }

    /// - Parameter refusal: the status where a rule is broken: browsers look into the body alone.
    private func create(
        _ request: Request, _ context: APIContext, refusal: HTTPResponse.Status
    ) async throws -> Response {
        var request = request
        do {
            let payload = try await RequestPayload(&request)
            let ids = try payload.ids("workspaceIds") ?? []
            for id in ids where try await workspaces.find(id: id, for: context.caller) == nil {
                throw ServiceError.invalid("There is no workspace with the id \(id).")
            }
            let user = try await accounts.create(UserFields(payload), workspaces: ids, by: context.caller)
            return Response(json: ["user": user.json, "error": .null])
        } catch let error as ServiceError where [.invalid, .forbidden].contains(error.code) {
            return Self.noUser(refusal, error.message)
        } catch let error as APIError where error.status == .badRequest {
            return Self.noUser(error.status, error.message)
        }
    }

    private static func noUser(_ status: HTTPResponse.Status, _ message: String) -> Response {
        Response(status: status, json: ["user": .null, "error": .string(message), "message": .string(message)])
    }

    @Sendable private func update(_ request: Request, _ context: APIContext) async throws -> Response {
        var request = request
        let id = try context.requiredID()
        let payload = try await RequestPayload(&request)
        return try await Self.outcome {
            _ = try await accounts.update(id, UserFields(payload), by: context.caller)
        }
    }

    @Sendable private func delete(_ request: Request, _ context: APIContext) async throws -> Response {
        let id = try context.requiredID()
        let heir = try QueryParameters(request).id("reassignTo")
        return try await Self.outcome { try await accounts.delete(id, leavingChatsTo: heir, by: context.caller) }
    }

    @Sendable private func issueToken(_ request: Request, _ context: APIContext) async throws -> Response {
        let token = try await tokens.issue(for: try context.id("id"), by: context.caller)
        return Response(json: ["token": .string(token), "loginPath": .string("/sso/simple?token=\(token)")]).uncached
    }

    /// A change that breaks a rule is answered with 200 and the reason, as the wire has it.
    static func outcome(of change: () async throws -> Void) async throws -> Response {
        do {
            try await change()
            return Response(json: ["success": true, "error": .null])
        } catch let error as ServiceError where [.invalid, .forbidden, .conflict].contains(error.code) {
            return Response(json: ["success": false, "error": .string(error.message)])
        }
    }
}

extension APIContext {
    /// The id in the path.
    ///
    /// - Throws: 400 for what is none.
    fileprivate func requiredID() throws -> Int64 {
        guard let id = try id("id") else { throw APIError(.badRequest, message: "Invalid user id") }
        return id
    }
}
