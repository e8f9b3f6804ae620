package import Domain
package import Logging
package import Persistence

/// Answers visitors of other sites, who have shown nothing but the embed's identifier.
package struct EmbedChats: Sendable {
    private let embeds: EmbedStore
    private let chats: EmbedChatStore
    private let workspaces: WorkspaceStore
    private let chat: ChatService
    private let settings: Settings
    private let logger: Logger
    private let limiter = RateLimiter()

    /// Questions from one address to one embed in a minute, where nothing else is set.
    private static let standardRate = 60

    package init(
        embeds: EmbedStore, chats: EmbedChatStore, workspaces: WorkspaceStore, chat: ChatService, settings: Settings,
        logger: Logger
    ) {
        self.embeds = embeds
        self.chats = chats
        self.workspaces = workspaces
        self.chat = chat
        self.settings = settings
        self.logger = logger
    }

    package struct Question: Sendable {
        package var message: String
        package var session: String
        package var prompt: String?
        package var model: String?
        package var temperature: Double?
        package var visitor: EmbedVisitor

        package init(message: String, session: String, visitor: EmbedVisitor) {
            self.message = message
            self.session = session
            self.visitor = visitor
        }
    }

    /// Why a visitor is not let in.
    package enum Refusal: Error, Sendable {
        case unknown
        case disabled
        case originNotAllowed
        case dayIsFull(retryAfter: Int)
        case sessionIsFull(retryAfter: Int)
        case tooFast(retryAfter: Int)
    }

    /// The embed for a page from `origin`.
    ///
    /// - Throws: `Refusal`; whatever the database throws.
    package func embed(uuid: String, for origin: String?) async throws -> Embed {
        guard let embed = try await embeds.find(uuid: uuid.lowercased()) else { throw Refusal.unknown }
        guard embed.settings.isEnabled else { throw Refusal.disabled }
        if embed.settings.allowedOrigins == nil, settings.snapshot.flag("EMBED_REQUIRE_ALLOWLIST") {
            throw Refusal.originNotAllowed
        }
        guard embed.settings.allows(origin) else { throw Refusal.originNotAllowed }
        return embed
    }

    /// Whether a page from `origin` may read what is answered under this address.
    package func allows(_ origin: String, uuid: String) async throws -> Bool {
        try await embeds.find(uuid: uuid.lowercased()).map { $0.settings.allows(origin) } ?? true
    }

    // MARK: Questions

    /// Takes one of the questions that the embed may be asked; it is counted from now on.
    ///
    /// - Throws: `Refusal` where there are none left.
    package func reserve(_ question: Question, in embed: Embed) async throws -> Int64 {
        let rate = settings.snapshot.amount(for: "LECTERN_EMBED_QUESTIONS_PER_MINUTE") ?? Self.standardRate
        do throws(ServiceError) {
            try limiter.take("\(embed.id) \(question.visitor.address ?? "")", perMinute: rate)
        } catch {
            throw Refusal.tooFast(retryAfter: error.retryAfter ?? 1)
        }
        let now = Timestamp.now
        switch try await chats.reserve(
            embed, session: question.session, prompt: question.message, visitor: question.visitor, at: now)
        {
        case .reserved(let id): return id
        case .dayIsFull(let end): throw Refusal.dayIsFull(retryAfter: end.seconds(after: now))
        case .sessionIsFull(let end): throw Refusal.sessionIsFull(retryAfter: end.seconds(after: now))
        }
    }

    /// Answers a question that was reserved, and stores the answer, also one that breaks off.
    ///
    /// - Throws: `ServiceError` where there is no answer at all; one that cost nothing is not counted.
    package func answer(
        _ question: Question, in embed: Embed, reservation: Int64, emit: (ChatEvent) async throws -> Void
    ) async throws -> ChatAnswer {
        guard let workspace = try await workspaces.find(id: embed.settings.workspaceID) else {
            throw ServiceError.notFound("The workspace was deleted.")
        }
        var written = ""
        do {
            let request = try await request(question, in: embed, workspace)
            let answer = try await chat.answer(request) { event in
                if case .text(let piece) = event { written += piece }
                try await emit(event)
            }
            try await chats.complete(
                reservation, answer: answer.text, mode: embed.settings.mode.rawValue, sources: answer.sources,
                metrics: answer.metrics, isIncluded: !answer.isRefusal && !answer.text.isEmpty)
            return answer
        } catch {
            // One that leaves before the answer begins has cost a question all the same.
            if !(error is CancellationError) || !written.isEmpty { await settle(reservation, written, embed) }
            throw error
        }
    }

    /// Keeps what there is of an answer that broke off; what never began is not counted. Runs to its end though the visitor
    /// has gone.
    private func settle(_ reservation: Int64, _ written: String, _ embed: Embed) async {
        await Task {
            do {
                if written.isEmpty {
                    try await chats.release(reservation)
                } else {
                    try await chats.complete(
                        reservation, answer: written, mode: embed.settings.mode.rawValue, sources: [], metrics: nil,
                        isIncluded: true)
                }
            } catch {
                logger.warning("An embed's answer was not stored", metadata: ["error": "\(error)"])
            }
        }.value
    }

    private func request(_ question: Question, in embed: Embed, _ workspace: Workspace) async throws -> ChatRequest {
        var workspace = workspace
        let limits = embed.settings
        if limits.allowsModelOverride, let model = question.model, limits.allowedModels?.contains(model) ?? true {
            workspace.settings.chatProvider = workspace.settings.chatProvider ?? settings.snapshot.chatProvider
            workspace.settings.chatModel = model
        }
        let caller = Caller.visitor(
            .init(embedID: embed.id, sessionID: question.session, workspaceID: workspace.id))
        var request = ChatRequest(
            by: caller, workspace: workspace, conversation: Conversation(workspaceID: workspace.id),
            message: question.message)
        request.mode = limits.mode
        request.isStored = false
        request.suppliedHistory = try await chats.history(
            of: embed.id, session: question.session, limit: limits.historyLimit ?? EmbedSettings.standardHistoryLimit
        ).flatMap { [Message(role: .user, text: $0.prompt), Message(role: .assistant, text: $0.answer)] }
        if limits.allowsPromptOverride { request.suppliedInstruction = question.prompt }
        if limits.allowsTemperatureOverride { request.options.temperature = question.temperature }
        return request
    }

    /// Runs what answers a visitor, and ends it with the embed.
    package func run<Value: Sendable>(
        _ embed: Embed, session: String, _ operation: @escaping @Sendable () async throws -> Value
    ) async throws -> Value {
        let caller = Caller.visitor(
            .init(embedID: embed.id, sessionID: session, workspaceID: embed.settings.workspaceID))
        return try await chat.running.run(
            in: Conversation(workspaceID: embed.settings.workspaceID), for: caller, operation)
    }

    // MARK: Conversations

    private static let maximumHistory = 1000

    package func history(of embed: Embed, session: String) async throws -> [EmbedChat] {
        try await chats.history(of: embed.id, session: session, limit: Self.maximumHistory)
    }

    package func reset(_ embed: Embed, session: String) async throws {
        try await chats.reset(embed.id, session: session)
    }
}
