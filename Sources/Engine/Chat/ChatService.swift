package import Domain
package import Logging
package import Persistence

/// Answers questions from a workspace's documents and keeps the conversations.
package struct ChatService: Sendable {
    /// Whoever answers in here ends when the place is deleted.
    package let running: RunningAnswers
    private let stores: Stores
    private let retriever: Retriever
    private let tokens: TokenCounter
    private let attachments: AttachmentReader
    private let toolSupport = ToolSupport()
    private let configuration: @Sendable () -> ChatConfiguration
    private let languageModel: @Sendable (Workspace, ModelPurpose) throws -> any LanguageModel
    private let logger: Logger

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
        running: RunningAnswers, stores: Stores, retriever: Retriever, attachments: AttachmentReader,
        tokens: TokenCounter = .estimate, logger: Logger, configuration: @escaping @Sendable () -> ChatConfiguration,
        languageModel: @escaping @Sendable (Workspace, ModelPurpose) throws -> any LanguageModel
    ) {
        self.running = running
        self.stores = stores
        self.retriever = retriever
        self.attachments = attachments
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
        let model = try model(for: turn)
        var answer = try await complete(turn, model: model, context: context, emit: emit)
        answer.warnings += context.warnings
        if let obstacle = turn.obstacle { answer.warnings.append(obstacle.message) }
        if !turn.request.media.isEmpty, !model.acceptsImages {
            answer.warnings.append("The model \(model.modelID) takes no pictures; it answered without them.")
        }
        return answer
    }

    // MARK: Before the model is asked

    private func turn(for request: ChatRequest) async throws -> ChatTurn {
        let workspace = request.workspace
        let limit = request.suppliedHistory == nil ? workspace.settings.historyLimit : 0
        var attached = try await attachments.outcome(of: request.documents)
        attached.warnings = request.warnings + attached.warnings
        return ChatTurn(
            request,
            history: limit > 0 ? try await stores.chats.history(of: request.conversation, limit: limit) : [],
            pinned: request.usesDocuments ? try await stores.memberships.pinned(in: workspace.id) : [],
            attached: attached,
            searchability: try await retriever.searchability(of: workspace.id))
    }

    private func model(for turn: ChatTurn) throws -> any LanguageModel {
        try languageModel(turn.workspace, turn.mayUseTools ? .agent : .chat)
    }

    /// Asks for the model only where the search cannot do without: a refusal needs none.
    private func context(for turn: ChatTurn) async throws -> ChatContext {
        var query: String?
        if turn.searches, !turn.messagesBefore.isEmpty, configuration().condensesQuestions {
            query = try await QuestionCondenser(model: model(for: turn), tokens: tokens).query(
                for: turn.request.message, after: turn.messagesBefore)
        }
        let room =
            turn.pinned.isEmpty ? 0 : assembler(for: turn, model: try model(for: turn), tools: nil).roomForDocuments
        return try await ContextGatherer(stores: stores, retriever: retriever, tokens: tokens).context(
            for: turn, query: query, room: room)
    }

    private func assembler(for turn: ChatTurn, model: any LanguageModel, tools: DocumentTools?) -> PromptAssembler {
        var options = turn.request.options
        options.temperature = options.temperature ?? turn.workspace.settings.temperature ?? model.defaultTemperature
        if tools != nil { options.tools = DocumentTools.definitions }
        return PromptAssembler(
            contextWindow: model.contextWindow, options: options, runsTools: tools != nil, tokens: tokens)
    }

    private func prompt(
        for turn: ChatTurn, model: any LanguageModel, context: ChatContext, tools: DocumentTools?
    ) -> Prompt {
        let workspace = turn.workspace
        let instruction =
            turn.request.suppliedInstruction
            ?? SystemPrompt.expanded(
                workspace.settings.systemPrompt ?? SystemPrompt.standard, workspace: workspace, now: .now)
        var prompt = assembler(for: turn, model: model, tools: tools).prompt(
            instruction: instruction, documents: context.documents, passages: context.passages,
            history: turn.messagesBefore,
            question: Message(role: .user, text: turn.request.message, media: turn.request.media),
            continuation: turn.request.continuation)
        prompt.question = context.followUp ?? prompt.question
        return prompt
    }

    // MARK: The answer

    private func complete(
        _ turn: ChatTurn, model: any LanguageModel, context: ChatContext, emit: (ChatEvent) async throws -> Void
    ) async throws -> ChatAnswer {
        let start = ContinuousClock.now
        let usesTools = turn.mayUseTools && turn.request.usesDocuments && toolSupport.takesTools(model)
        var tools = usesTools ? tools(for: turn, model: model) : nil
        var run = AnswerRun(
            model: model, tools: tools, maximumToolCalls: configuration().maximumToolCalls,
            separatesReasoning: turn.request.separatesReasoning, tokens: tokens)
        var prompt = prompt(for: turn, model: model, context: context, tools: tools)
        let warnings = Self.warnings(of: prompt, turn)
        var failure: ServiceError?
        do {
            do {
                try await run.answer(prompt, emit: emit)
            } catch let error as ServiceError where tools != nil && run.hasNotBegun && error.code == .upstream {
                // Perhaps it was the tools that the endpoint did not take; if it answers without them, it was.
                tools = nil
                prompt = self.prompt(for: turn, model: model, context: context, tools: nil)
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
            await storePartial(turn, run, sources: context.sources(in: prompt))
            throw error
        }
        var answer = try await finish(
            turn, run, sources: context.sources(in: prompt), failure: failure, duration: ContinuousClock.now - start)
        answer.warnings = warnings
        return answer
    }

    /// What the model did not see whole.
    private static func warnings(of prompt: Prompt, _ turn: ChatTurn) -> [String] {
        let sent = Set(prompt.messages.map(\.text))
        var warnings: [String] = []
        if !sent.contains(turn.request.message) {
            warnings.append("The question was too long for the model; its middle was left out.")
        }
        if !turn.request.continuation.allSatisfy({ sent.contains($0.text) }) {
            warnings.append("What the tools said was too long for the model; it was shortened.")
        }
        return warnings
    }

    private func tools(for turn: ChatTurn, model: any LanguageModel) -> DocumentTools {
        DocumentTools(
            workspace: turn.workspace, retriever: retriever, memberships: stores.memberships,
            documents: stores.documents, summarizer: DocumentSummarizer(model: model, tokens: tokens), tokens: tokens)
    }

    private func finish(
        _ turn: ChatTurn, _ run: AnswerRun, sources: [Source], failure: ServiceError?, duration: Duration
    ) async throws -> ChatAnswer {
        var answer = run.chatAnswer(sources: sources, duration: duration)
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

    // MARK: Storing

    private func store(_ turn: ChatTurn, _ answer: ChatAnswer, isIncluded: Bool) async throws -> Chat.ID {
        var chat = Chat(
            conversation: turn.request.conversation, prompt: turn.prompt, answer: answer.text,
            mode: turn.mode.rawValue, sources: answer.sources, attachments: turn.request.media,
            metrics: answer.metrics, isIncluded: isIncluded)
        chat.toolUses = answer.toolUses
        do {
            return try await stores.chats.insert(chat, event: turn.event, by: turn.request.caller, at: .now)
        } catch DatabaseError.foreignKeyViolation {
            throw ServiceError.notFound("The workspace or the thread was deleted.")
        }
    }

    /// Runs to its end even though the task that asked is cancelled.
    private func storePartial(_ turn: ChatTurn, _ run: AnswerRun, sources: [Source]) async {
        guard run.writer.hasAnswer, turn.request.keepsPartialAnswer else { return }
        var answer = run.chatAnswer(sources: sources, duration: nil)
        answer.metrics?.isPartial = true
        let partial = answer
        await Task {
            do {
                _ = try await store(turn, partial, isIncluded: true)
            } catch {
                logger.warning("A partial answer was not stored", metadata: ["error": "\(error)"])
            }
        }.value
    }
}
