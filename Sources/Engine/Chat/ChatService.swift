package import Domain
package import Logging
package import Persistence

/// Answers questions from a workspace's documents and keeps the conversations.
package struct ChatService: Sendable {
    /// Whoever answers in here ends when the place is deleted.
    package let running: RunningAnswers
    /// `nil` where questions are not counted.
    package let limits: ChatLimits?
    let stores: Stores
    let retriever: Retriever
    let tokens: TokenCounter
    let attachments: AttachmentReader
    let toolSupport = ToolSupport()
    /// Tools that operators have configured; `nil` where there are none.
    let toolServer: (any ToolServer)?
    let configuration: @Sendable () -> ChatConfiguration
    let languageModel: @Sendable (Workspace, ModelPurpose) throws -> any LanguageModel
    /// `nil` where no router chooses.
    let routing: ModelRouting?
    let logger: Logger

    /// What a chat reads and writes.
    package struct Stores: Sendable {
        let chats: ChatStore
        let chunks: ChunkStore
        let memberships: WorkspaceDocumentStore
        let documents: DocumentStore

        package init(
            chats: ChatStore, chunks: ChunkStore, memberships: WorkspaceDocumentStore, documents: DocumentStore
        ) {
            self.chats = chats
            self.chunks = chunks
            self.memberships = memberships
            self.documents = documents
        }
    }

    package static let refusal = "There is no relevant information in this workspace to answer your query."
    package static let emptyCompletion = "No text completion could be completed with this input."
    package static let onlyTools = "The model used its tools as often as it may, and then gave no answer."

    /// - Parameters:
    ///   - configuration: as it holds for the next question.
    ///   - languageModel: the model that a workspace answers with; throws where its provider is not configured.
    package init(
        running: RunningAnswers, limits: ChatLimits? = nil, stores: Stores, retriever: Retriever,
        attachments: AttachmentReader, toolServer: (any ToolServer)? = nil,
        tokens: TokenCounter = .estimate, logger: Logger, configuration: @escaping @Sendable () -> ChatConfiguration,
        languageModel: @escaping @Sendable (Workspace, ModelPurpose) throws -> any LanguageModel,
        routing: ModelRouting? = nil
    ) {
        self.running = running
        self.routing = routing
        self.limits = limits
        self.stores = stores
        self.retriever = retriever
        self.attachments = attachments
        self.toolServer = toolServer
        self.tokens = tokens
        self.logger = logger
        self.configuration = configuration
        self.languageModel = languageModel
    }

    /// Answers one question as a whole. Ends when the workspace or the thread is deleted.
    package func wholeAnswer(_ request: ChatRequest) async throws -> ChatAnswer {
        try await running.run(in: request.conversation, for: request.caller) { try await answer(request) { _ in } }
    }

    /// Answers one question, calling `emit` with each piece of the answer as it comes.
    ///
    /// - Throws: `ServiceError` where there is no answer at all. A model that fails after its first words gives an answer
    ///   with `failure`, which is stored as partial, and so is one whose reader has gone; that one rethrows.
    package func answer(
        _ request: ChatRequest, emit: (ChatEvent) async throws -> Void
    ) async throws -> ChatAnswer {
        if request.resetsHistory {
            let isAll = request.message.isEmpty
            try await stores.chats.reset(
                request.conversation, event: isAll ? ChatTurn.event(of: request) : nil, by: request.caller, at: .now)
            if isAll { return ChatAnswer(kind: .reset, text: "Chat history was reset!") }
        }
        try await limits?.admit(request.caller, askingFor: request.conversation.userID)
        switch try await preparation(of: request) {
        case .refusal(let answer): return answer
        case .question(let turn, let context): return try await answer(turn, drawingOn: context, emit: emit)
        }
    }

    /// What there is before a model is asked.
    enum Preparation {
        case refusal(ChatAnswer)
        case question(ChatTurn, ChatContext)
    }

    func preparation(of request: ChatRequest) async throws -> Preparation {
        let turn = try await turn(for: request)
        if turn.mayRefuse, turn.hasNoSource, let obstacle = turn.obstacle { throw obstacle }
        if turn.mayRefuse, turn.hasNoSource { return .refusal(try await refuse(turn, kind: .refusedEmpty)) }
        let context = try await context(for: turn)
        if turn.mayRefuse, context.isEmpty { return .refusal(try await refuse(turn, kind: .refusedIrrelevant)) }
        return .question(turn, context)
    }

    func answer(
        _ turn: ChatTurn, drawingOn context: ChatContext, emit: (ChatEvent) async throws -> Void
    ) async throws -> ChatAnswer {
        let model = try await model(for: turn)
        var answer = try await complete(turn, model: model, context: context, emit: emit)
        answer.warnings += context.warnings
        if let obstacle = turn.obstacle { answer.warnings.append(obstacle.message) }
        if !turn.request.media.isEmpty, !model.acceptsImages {
            answer.warnings.append("The model \(model.modelID) takes no pictures; it answered without them.")
        }
        return answer
    }

    // MARK: The answer

    private func complete(
        _ turn: ChatTurn, model: any LanguageModel, context: ChatContext, emit: (ChatEvent) async throws -> Void
    ) async throws -> ChatAnswer {
        let start = ContinuousClock.now
        let usesTools = turn.mayUseTools && turn.request.usesDocuments && toolSupport.takesTools(model)
        var tools = usesTools ? await tools(for: turn, model: model) : nil
        var run = AnswerRun(
            model: model, tools: tools, maximumToolCalls: configuration().maximumToolCalls,
            separatesReasoning: turn.request.separatesReasoning, tokens: tokens)
        var prompt = await prompt(for: turn, model: model, context: context, tools: tools)
        let warnings = Self.warnings(of: prompt, turn) + (tools?.problems ?? [])
        if turn.request.reportsSearch {
            let found = context.found.map(\.source)
            try await emit(
                .searched(SearchReport(queries: context.queries, found: found, sources: prompt.sources)))
        }
        var failure: ServiceError?
        do {
            do {
                try await run.answer(prompt, emit: emit)
            } catch let error as ServiceError where tools != nil && run.hasNotBegun && error.code == .upstream {
                // Perhaps it was the tools that the endpoint did not take; if it answers without them, it was.
                tools = nil
                prompt = await self.prompt(for: turn, model: model, context: context, tools: nil)
                run = AnswerRun(
                    model: model, tools: nil, maximumToolCalls: 0,
                    separatesReasoning: turn.request.separatesReasoning, tokens: tokens)
                do { try await run.answer(prompt, emit: emit) } catch is ServiceError where run.hasNotBegun {
                    throw error
                }
                toolSupport.refused(error, by: model)
            }
        } catch let error as ServiceError {
            logger.warning(
                "A language model failed",
                metadata: [
                    "model": "\(model.modelID)", "workspace": "\(turn.workspace.slug)", "error": "\(error.message)",
                ])
            guard run.writer.hasAnswer, turn.request.keepsPartialAnswer else { throw error }
            failure = error
        } catch {
            // The reader has gone, or the server stops: what there is of the answer is kept, and marked.
            await storePartial(turn, run, sources: context.sources(in: prompt, citedBy: run.writer.text))
            throw error
        }
        var answer = try await finish(
            turn, run, sources: context.sources(in: prompt, citedBy: run.writer.text), failure: failure,
            reranking: context.reranking, duration: ContinuousClock.now - start)
        answer.warnings = warnings
        try await limits?.recordTokens(answer.metrics, of: turn.request.caller)
        return answer
    }

    private func finish(
        _ turn: ChatTurn, _ run: AnswerRun, sources: [Source], failure: ServiceError?, reranking: Reranking?,
        duration: Duration
    ) async throws -> ChatAnswer {
        var answer = run.chatAnswer(sources: sources, duration: duration)
        answer.metrics?.reranking = reranking
        answer.failure = failure?.message
        if failure != nil { answer.metrics?.isPartial = true }
        if !run.writer.hasAnswer, answer.toolCalls.isEmpty {
            answer.kind = .empty
            answer.failure = answer.toolUses.isEmpty ? Self.emptyCompletion : Self.onlyTools
            return answer
        }
        // Calls alone are no answer that a later prompt could quote.
        answer.chatID = try await store(turn, answer, isIncluded: !answer.text.isEmpty)
        return answer
    }

    private func refuse(_ turn: ChatTurn, kind: ChatAnswer.Kind) async throws -> ChatAnswer {
        var answer = ChatAnswer(
            kind: kind, text: turn.workspace.settings.queryRefusalResponse ?? Self.refusal)
        answer.warnings = turn.attached.warnings
        answer.chatID = try await store(turn, answer, isIncluded: false)
        return answer
    }
}
