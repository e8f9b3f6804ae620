package import Domain
package import Persistence

/// Makes model routers and changes them.
package struct ModelRouters: Sendable {
    package static let maximumRules = 100
    private static let longestText = 10_000
    private static let longestCooldown = 86_400

    private let store: ModelRouterStore
    private let workspaces: WorkspaceStore
    private let settings: Settings
    private let matcher: PatternMatcher

    package init(
        store: ModelRouterStore, workspaces: WorkspaceStore, settings: Settings, matcher: @escaping PatternMatcher
    ) {
        self.store = store
        self.workspaces = workspaces
        self.settings = settings
        self.matcher = matcher
    }

    package static let notFound = ServiceError.notFound("Model router not found")

    package func all() async throws -> [ModelRouter] { try await store.all() }

    package func find(id: Int64) async throws -> ModelRouter {
        guard let router = try await store.find(id: id) else { throw Self.notFound }
        return router
    }

    /// - Throws: `invalid` with what is wrong.
    package func create(_ settings: ModelRouterSettings, by caller: Caller) async throws -> ModelRouter {
        try check(settings)
        return try await store.insert(settings, by: caller, at: .now)
    }

    /// - Throws: `invalid` with what is wrong, `notFound` where the router is gone.
    package func update(
        _ id: Int64, to settings: ModelRouterSettings, by caller: Caller
    ) async throws -> ModelRouter {
        try check(settings)
        guard let router = try await store.update(id, to: settings, by: caller, at: .now) else { throw Self.notFound }
        return router
    }

    /// - Throws: `conflict` while it is in use, `notFound` where it is gone.
    package func delete(id: Int64, by caller: Caller) async throws {
        let router = try await find(id: id)
        var users = try await workspaces.all().filter { $0.settings.routerID == id }.map { "workspace \($0.slug)" }
        if settings.snapshot.defaultRouter == id { users.append("the setting ModelRouterId") }
        guard users.isEmpty else {
            let shown = users.prefix(5).joined(separator: ", ") + (users.count > 5 ? ", …" : "")
            throw ServiceError(.conflict, "The model router is in use by \(shown). Choose another one there first.")
        }
        guard try await store.delete(router, by: caller, at: .now) else { throw Self.notFound }
    }

    private func check(_ settings: ModelRouterSettings) throws(ServiceError) {
        guard !settings.name.trimmed.isEmpty, settings.name.count <= 255 else {
            throw .invalid("A model router needs a name of at most 255 characters.")
        }
        guard (0...Self.longestCooldown).contains(settings.cooldownSeconds) else {
            throw .invalid("cooldownSeconds must be from 0 to \(Self.longestCooldown).")
        }
        guard settings.rules.count <= Self.maximumRules else {
            throw .invalid("A model router has at most \(Self.maximumRules) rules.")
        }
        try check(settings.fallback, of: "The fallback")
        for (place, rule) in settings.rules.enumerated() {
            let name = "Rule \(place + 1) (\(rule.name))"
            try check(rule.route, of: name)
            switch rule.test {
            case .judgement(let description):
                guard !description.trimmed.isEmpty, description.count <= Self.longestText else {
                    throw .invalid("\(name) needs a description of at most \(Self.longestText) characters.")
                }
            case .conditions(let conditions, _):
                guard !conditions.isEmpty, conditions.count <= Self.maximumRules else {
                    throw .invalid("\(name) needs from 1 to \(Self.maximumRules) conditions.")
                }
                for condition in conditions {
                    guard condition.value.count <= Self.longestText else {
                        throw .invalid("A value of \(name) is longer than \(Self.longestText) characters.")
                    }
                    if let problem = condition.problem(matcher: matcher) { throw .invalid("\(name): \(problem).") }
                }
            }
        }
    }

    private func check(_ route: ModelRoute, of name: String) throws(ServiceError) {
        guard ProviderRegistry.chat.built.contains(route.provider), route.provider != Provider.router.id else {
            let known = ProviderRegistry.chat.built.filter { $0 != Provider.router.id }
            throw .invalid("\(name) names no provider that can answer. Available: \(known.joined(separator: ", ")).")
        }
    }
}
