package import Domain
import OrderedJSON

/// Model routers, and which model each conversation is with.
package struct ModelRouterStore: Sendable {
    private let database: any Database

    package init(_ database: any Database) { self.database = database }

    package func all() async throws -> [ModelRouter] {
        try await database.read("SELECT * FROM model_router ORDER BY id", ModelRouter.init)
    }

    package func find(id: Int64) async throws -> ModelRouter? {
        try await database.readInline("SELECT * FROM model_router WHERE id = \(id)", ModelRouter.init).first
    }

    package func insert(
        _ settings: ModelRouterSettings, by caller: Caller, at time: Timestamp
    ) async throws -> ModelRouter {
        let rows = try await database.write(
            [
                EventStore.statement(.modelRouterCreated(name: settings.name), by: caller, at: time),
                """
                INSERT INTO model_router (
                    name, description, fallback_provider, fallback_model, cooldown_seconds, rules, created_at,
                    last_updated_at
                ) VALUES (
                    \(settings.name), \(settings.description), \(settings.fallback.provider),
                    \(settings.fallback.model), \(settings.cooldownSeconds), \(settings.storedRules), \(time), \(time)
                ) RETURNING *
                """,
            ], ModelRouter.init)
        guard let router = rows.first else { throw DatabaseError.other("no model router was stored") }
        return router
    }

    /// Conversations forget which model they were with: the rules may say otherwise now.
    ///
    /// - Returns: `nil` where the router is gone.
    package func update(
        _ id: Int64, to settings: ModelRouterSettings, by caller: Caller, at time: Timestamp
    ) async throws -> ModelRouter? {
        try await database.write(
            [
                EventStore.statement(
                    .modelRouterUpdated(name: settings.name), by: caller, at: time,
                    where: "EXISTS (SELECT 1 FROM model_router WHERE id = \(id))"),
                "DELETE FROM model_route WHERE router_id = \(id)",
                """
                UPDATE model_router SET
                    name = \(settings.name), description = \(settings.description),
                    fallback_provider = \(settings.fallback.provider), fallback_model = \(settings.fallback.model),
                    cooldown_seconds = \(settings.cooldownSeconds), rules = \(settings.storedRules),
                    last_updated_at = \(time)
                WHERE id = \(id) RETURNING *
                """,
            ], ModelRouter.init
        ).first
    }

    /// - Returns: `false` where the router is gone.
    package func delete(_ router: ModelRouter, by caller: Caller, at time: Timestamp) async throws -> Bool {
        try await !database.write([
            EventStore.statement(
                .modelRouterDeleted(name: router.settings.name), by: caller, at: time,
                where: "EXISTS (SELECT 1 FROM model_router WHERE id = \(router.id))"),
            "DELETE FROM model_router WHERE id = \(router.id) RETURNING id",
        ]) { try $0.integer(0) }.isEmpty
    }

    // MARK: Conversations

    /// Which model a conversation is with.
    package struct State: Sendable, Equatable {
        /// What a rule has chosen last, and until when it holds.
        package var route: ModelRoute?
        package var routeEndsAt: Timestamp?
        /// The place of the rule that the last judgement was for; `nil` where it was for none.
        package var judgedRule: Int?
        package var judgementEndsAt: Timestamp?

        package init() {}
    }

    package func state(
        of conversation: String, in workspace: Workspace.ID, router: Int64
    ) async throws -> State? {
        try await database.readInline(
            """
            SELECT * FROM model_route
            WHERE router_id = \(router) AND workspace_id = \(workspace) AND conversation = \(conversation)
            """
        ) { row in
            var state = State()
            state.route = try row.get("provider", as: String?.self).map {
                ModelRoute(provider: $0, model: try row.get("model"))
            }
            state.routeEndsAt = try row.get("route_ends_at")
            state.judgedRule = try row.get("judged_rule")
            state.judgementEndsAt = try row.get("judgement_ends_at")
            return state
        }.first
    }

    /// Remembers it, and forgets what has run out of other conversations. Nothing where router or workspace are gone.
    package func remember(
        _ state: State, of conversation: String, in workspace: Workspace.ID, router: Int64, at time: Timestamp
    ) async throws {
        try await database.write([
            """
            DELETE FROM model_route WHERE router_id = \(router) AND (
                workspace_id = \(workspace) AND conversation = \(conversation)
                OR COALESCE(route_ends_at, 0) < \(time) AND COALESCE(judgement_ends_at, 0) < \(time))
            """,
            """
            INSERT INTO model_route (
                router_id, workspace_id, conversation, provider, model, route_ends_at, judged_rule, judgement_ends_at
            ) SELECT r.id, w.id, \(conversation), \(state.route?.provider), \(state.route?.model),
                \(state.routeEndsAt), \(state.judgedRule), \(state.judgementEndsAt)
            FROM model_router r, workspace w WHERE r.id = \(router) AND w.id = \(workspace)
            """,
        ])
    }
}

extension ModelRouterSettings {
    fileprivate var storedRules: JSON { .array(rules.map(\.stored)) }
}

extension ModelRouter {
    fileprivate init(_ row: any SQLRow) throws {
        var settings = ModelRouterSettings(
            name: try row.get("name"),
            fallback: ModelRoute(provider: try row.get("fallback_provider"), model: try row.get("fallback_model")))
        settings.description = try row.get("description")
        settings.cooldownSeconds = try row.get("cooldown_seconds")
        settings.rules = try row.get("rules", as: JSON.self).arrayValue?.compactMap(RoutingRule.init(stored:)) ?? []
        self.init(
            id: try row.get("id"), settings: settings, createdAt: try row.get("created_at"),
            lastUpdatedAt: try row.get("last_updated_at"))
    }
}
