package import Domain
import FoundationEssentials
package import Persistence

/// Says which model a question goes to where a router chooses.
package struct ModelRouting: Sendable {
    /// A judgement that no rule fits holds for this long: the next question may be another.
    private static let lifetimeOfNoRule = Duration.seconds(30)

    let store: ModelRouterStore
    let settings: @Sendable () -> SettingsSnapshot
    let matcher: PatternMatcher
    let languageModel: @Sendable (Workspace, ModelPurpose) throws -> any LanguageModel
    let tokens: TokenCounter

    /// - Parameters:
    ///   - settings: as they hold for the next question.
    ///   - matcher: decides regular expressions.
    ///   - languageModel: the model of a workspace that no router chooses for.
    package init(
        store: ModelRouterStore, settings: @escaping @Sendable () -> SettingsSnapshot,
        matcher: @escaping PatternMatcher,
        languageModel: @escaping @Sendable (Workspace, ModelPurpose) throws -> any LanguageModel, tokens: TokenCounter
    ) {
        self.store = store
        self.settings = settings
        self.matcher = matcher
        self.languageModel = languageModel
        self.tokens = tokens
    }

    /// Where a question goes.
    ///
    /// Rules with conditions come first, then those that want a judgement, then what a rule has chosen for the conversation
    /// lately, then the fallback.
    ///
    /// - Throws: `unavailable`, in the contract's words, where there is no such router.
    func route(
        _ facts: RoutingFacts, of conversation: Conversation, in workspace: Workspace, router id: Int64?,
        at time: Timestamp
    ) async throws -> ModelRoute {
        guard let id, let router = try await store.find(id: id) else { throw Self.missing }
        let rules = router.settings.rules.filter(\.isEnabled)
        if let rule = rules.first(where: { $0.holds(for: facts, matcher: matcher) }) {
            try await remember(rule.route, in: conversation, router, at: time)
            return rule.route
        }
        let key = conversation.routingKey
        let state = try await store.state(of: key, in: conversation.workspaceID, router: id) ?? .init()
        let judgeWorkspace = workspace.with(router.settings.fallback)
        if let rule = try await judgedRule(rules, facts, state, conversation, router, judgeWorkspace, at: time) {
            return rule.route
        }
        if let route = state.route, let end = state.routeEndsAt, time < end { return route }
        return router.settings.fallback
    }

    package static let missing = ServiceError(
        .unavailable, "Model router error: No model router found for this workspace.")

    private func remember(
        _ route: ModelRoute, in conversation: Conversation, _ router: ModelRouter, at time: Timestamp
    ) async throws {
        let key = conversation.routingKey
        var state = try await store.state(of: key, in: conversation.workspaceID, router: router.id) ?? .init()
        let end = time + .seconds(router.settings.cooldownSeconds)
        state.route = route
        state.routeEndsAt = end
        try await store.remember(state, of: key, in: conversation.workspaceID, router: router.id, at: time)
    }

    private func judgedRule(
        _ rules: [RoutingRule], _ facts: RoutingFacts, _ state: ModelRouterStore.State,
        _ conversation: Conversation, _ router: ModelRouter, _ judge: Workspace, at time: Timestamp
    ) async throws -> RoutingRule? {
        var descriptions: [String] = []
        let offered = rules.filter { rule in
            guard case .judgement(let description) = rule.test else { return false }
            descriptions.append(description)
            return true
        }
        guard !offered.isEmpty else { return nil }
        if let end = state.judgementEndsAt, time < end {
            return state.judgedRule.flatMap { offered.indices.contains($0) ? offered[$0] : nil }
        }
        let model = try await languageModel(judge, .chat).prepared()
        let place = try await RuleJudge(model: model, tokens: tokens).place(of: facts.question, among: descriptions)
        var state = state
        state.judgedRule = place.flatMap { offered.indices.contains($0) ? $0 : nil }
        let rule = state.judgedRule.map { offered[$0] }
        let cooldown = Duration.seconds(router.settings.cooldownSeconds)
        state.judgementEndsAt = time + (rule == nil ? Self.lifetimeOfNoRule : cooldown)
        if let rule {
            state.route = rule.route
            state.routeEndsAt = time + cooldown
        }
        try await store.remember(
            state, of: conversation.routingKey, in: conversation.workspaceID, router: router.id, at: time)
        return rule
    }
}

extension Conversation {
    /// Tells the conversations of a workspace apart.
    fileprivate var routingKey: String {
        [threadID.map { "t\($0)" }, userID.map { "u\($0)" }, sessionID.map { "s\($0)" }].compactMap(\.self)
            .joined(separator: " ")
    }
}

// MARK: - Workspaces

extension ModelRouting {
    /// The workspace with the model that the question goes to.
    func workspace(for turn: ChatTurn, _ purpose: ModelPurpose) async throws -> Workspace {
        let workspace = turn.workspace
        let settings = settings()
        guard settings.isRouted(workspace, purpose) else { return workspace }
        let said = turn.messagesBefore, question = turn.request.message
        let count = await tokens.computing(turn.textBytes) { tokens in
            said.reduce(tokens.tokens(in: question)) { $0 + tokens.tokens(in: $1.text) }
        }
        let facts = RoutingFacts(
            question: question, tokenCount: count, messageCount: said.count,
            hour: Calendar.current.component(.hour, from: Date()), hasImage: !turn.request.media.isEmpty)
        return workspace.with(
            try await route(
                facts, of: turn.request.conversation, in: workspace, router: settings.router(of: workspace), at: .now))
    }

    /// The workspace with the model that questions go to where no rule holds.
    package func workspaceWithFallback(_ workspace: Workspace) async throws -> Workspace {
        let settings = settings()
        guard settings.isRouted(workspace, .chat) else { return workspace }
        guard let id = settings.router(of: workspace), let router = try await store.find(id: id) else {
            throw Self.missing
        }
        return workspace.with(router.settings.fallback)
    }
}

extension SettingsSnapshot {
    fileprivate func isRouted(_ workspace: Workspace, _ purpose: ModelPurpose) -> Bool {
        chosenModel(for: workspace, purpose).provider == Provider.router.id
    }

    fileprivate func router(of workspace: Workspace) -> Int64? {
        workspace.settings.routerID ?? defaultRouter
    }
}

extension Workspace {
    fileprivate func with(_ route: ModelRoute) -> Workspace {
        var workspace = self
        (workspace.settings.chatProvider, workspace.settings.chatModel) = (route.provider, route.model)
        (workspace.settings.agentProvider, workspace.settings.agentModel) = (nil, nil)
        return workspace
    }
}
