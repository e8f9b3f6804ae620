import Domain
import Engine
import HTTPTypes
import Hummingbird
import OrderedJSON

/// How people come in, and what they see of themselves.
struct SignInRoutes: Sendable {
    let signIn: SignIn
    let tokens: SignInTokens
    let recovery: AccountRecovery
    let accounts: UserAccounts
    let mode: InstanceMode
    let multiUserSwitch: MultiUserSwitch
    let owner: OwnerPassword
    let settings: Settings
    let statistics: InstanceStatistics

    var endpoints: RouteTable {
        RouteTable([
            RouteTable(under: "/api")
                .post("request-token", .everybody, use: withPassword)
                .get("request-token/sso/simple", .everybody, use: withToken)
                .get("setup-complete", .everybody, use: setup)
                .get("onboarding", .everybody, use: onboarding),
            RouteTable(under: "/api/system")
                .get("multi-user-mode", .everybody, use: multiUserMode)
                .post("recover-account", .everybody, use: recover)
                .post("reset-password", .everybody, use: reset)
                .get("check-token", .everyKnownCaller, use: check)
                .get("refresh-user", .everyKnownCaller, use: refresh)
                .post("user", .everyKnownCaller.inMultiUserMode, use: updateOwn)
                .post("sign-out", .everyKnownCaller, use: signOut)
                .post("enable-multi-user", .requires(.changeMode), use: enable)
                .post("update-password", .requires(.changeMode).inSingleUserMode, use: updatePassword),
        ])
    }

    // MARK: Coming in

    @Sendable private func withPassword(_ request: Request, _ context: APIContext) async throws -> Response {
        var request = request
        let payload: RequestPayload
        do {
            payload = try await RequestPayload(&request)
            for key in ["username", "password"] {
                switch payload[key] ?? .null {
                case .null, .string: break
                default: throw APIError(.badRequest, message: "\(key) must be a text.")
                }
            }
        } catch let error as APIError where error.status == .badRequest {
            return Self.refusal(error.status, error.message)
        }
        return try await Self.answer {
            try await signIn.withPassword(payload.text("password") ?? "", name: payload.text("username"))
        }
    }

    @Sendable private func withToken(_ request: Request, _ context: APIContext) async throws -> Response {
        let token = QueryParameters(request)["token"]
        return try await Self.answer { try await tokens.redeem(token) }
    }

    /// A session, or why there is none, with the keys that clients read.
    static func answer(_ begin: () async throws -> SignIn.Session) async throws -> Response {
        do {
            let session = try await begin()
            var json: JSONObject = [
                "valid": true, "user": session.user?.json ?? .null, "token": .string(session.token), "message": .null,
            ]
            json["recoveryCodes"] = session.recoveryCodes.map { .array($0.map(JSON.string)) }
            return Response(json: .object(json)).uncached
        } catch let error as ServiceError where [.unauthorized, .forbidden].contains(error.code) {
            return refusal(error.status, error.message)
        }
    }

    private static func refusal(_ status: HTTPResponse.Status, _ message: String) -> Response {
        Response(
            status: status,
            json: [
                "valid": false, "user": .null, "token": .null, "message": .string(message), "error": .string(message),
            ]
        ).uncached
    }

    /// What a page for signing in needs to know, and nothing else.
    @Sendable private func setup(_ request: Request, _ context: APIContext) async throws -> Response {
        let snapshot = settings.snapshot
        let isMultiUser = try await mode.isMultiUser()
        let requiresPassword = isMultiUser ? true : try await owner.isSet()
        return Response(
            json: [
                "results": [
                    "MultiUserMode": .bool(isMultiUser),
                    "RequiresAuth": .bool(requiresPassword),
                    "SimpleSSOEnabled": .bool(snapshot.offersSimpleSSO),
                    "SimpleSSONoLogin": .bool(snapshot.allowsOnlySingleSignOn),
                    "SimpleSSONoLoginRedirect": JSON(snapshot.simpleSSORedirect),
                    "OIDCEnabled": .bool(snapshot.openIDConnect != nil),
                ]
            ])
    }

    /// Whether somebody has begun to use the instance: there are users, a password, or documents in workspaces.
    @Sendable private func onboarding(_ request: Request, _ context: APIContext) async throws -> Response {
        var isComplete = try await mode.isMultiUser()
        if !isComplete { isComplete = try await owner.isSet() }
        if !isComplete { isComplete = try await statistics.hasDocuments() }
        return Response(json: ["onboardingComplete": .bool(isComplete)])
    }

    @Sendable private func multiUserMode(_ request: Request, _ context: APIContext) async throws -> Response {
        Response(json: ["multiUserMode": .bool(try await mode.isMultiUser())])
    }

    // MARK: Lost passwords

    @Sendable private func recover(_ request: Request, _ context: APIContext) async throws -> Response {
        var request = request
        try await requireUsers()
        let payload = try await RequestPayload(&request)
        let codes = payload["recoveryCodes"]?.arrayValue?.compactMap(\.stringValue) ?? []
        do {
            let token = try await recovery.recover(name: payload.text("username") ?? "", codes: codes)
            return Response(json: ["success": true, "resetToken": .string(token)])
        } catch let error as ServiceError where error.code == .invalid {
            throw APIError(.badRequest, message: error.message)
        }
    }

    @Sendable private func reset(_ request: Request, _ context: APIContext) async throws -> Response {
        var request = request
        try await requireUsers()
        let payload = try await RequestPayload(&request)
        try await recovery.reset(
            token: payload.text("token") ?? "", password: payload.text("newPassword") ?? "",
            confirmation: payload.text("confirmPassword") ?? "")
        return Response(json: ["success": true, "message": "Password reset successful"])
    }

    private func requireUsers() async throws {
        guard try await mode.isMultiUser() else { throw APIError(.forbidden, message: "Invalid request") }
    }

    // MARK: Signed in

    @Sendable private func check(_ request: Request, _ context: APIContext) -> Response {
        Response(text: "OK").uncached
    }

    @Sendable private func refresh(_ request: Request, _ context: APIContext) async throws -> Response {
        guard case .user(let caller) = context.caller, let user = try await accounts.find(id: caller.id) else {
            return Response(json: ["success": true, "user": .null, "message": .null])
        }
        return Response(json: ["success": true, "user": user.json, "message": .null])
    }

    @Sendable private func updateOwn(_ request: Request, _ context: APIContext) async throws -> Response {
        var request = request
        guard case .user(let caller) = context.caller else {
            throw APIError(.unauthorized, message: "Only a signed-in user has a profile.")
        }
        let payload = try await RequestPayload(&request)
        var fields = UserFields()
        let sent = try UserFields(payload)
        (fields.name, fields.bio) = (sent.name, sent.bio)
        // Forms send an empty password for an unchanged one.
        fields.password = sent.password.flatMap { $0.isEmpty ? nil : $0 }
        do {
            _ = try await accounts.updateOwn(fields, currentPassword: payload.text("currentPassword"), by: caller)
            return Response(json: ["success": true, "error": .null])
        } catch let error as ServiceError where [.invalid, .forbidden].contains(error.code) {
            throw APIError(.badRequest, message: error.message)
        }
    }

    @Sendable private func signOut(_ request: Request, _ context: APIContext) async throws -> Response {
        guard case .user(let caller) = context.caller else {
            throw APIError(.badRequest, message: "Only a signed-in user can sign out.")
        }
        try await accounts.signOut(caller)
        return Response(json: ["success": true, "error": .null])
    }

    // MARK: The mode

    @Sendable private func enable(_ request: Request, _ context: APIContext) async throws -> Response {
        var request = request
        let payload = try await RequestPayload(&request)
        do {
            try await multiUserSwitch.turnOn(UserFields(payload), by: context.caller)
            return Response(json: ["success": true, "error": .null])
        } catch let error as ServiceError where error.code == .conflict {
            return Response(json: ["success": false, "error": .string(error.message)])
        } catch let error as ServiceError where error.code == .invalid {
            throw APIError(.badRequest, message: error.message)
        }
    }

    @Sendable private func updatePassword(_ request: Request, _ context: APIContext) async throws -> Response {
        var request = request
        let payload = try await RequestPayload(&request)
        // Whoever finds a browser open must not lock its owner out; a key may do everything anyway.
        if case .owner = context.caller, try await owner.isSet(),
            try await !owner.confirms(payload.text("currentPassword") ?? "")
        {
            throw APIError(.badRequest, message: "The current password is needed for that, as currentPassword.")
        }
        let password = payload["usePassword"]?.isTruthy == true ? payload.text("newPassword") ?? "" : nil
        try await owner.set(password, by: context.caller)
        return Response(json: ["success": true, "error": .null])
    }
}
