package import Domain
package import Logging
package import Persistence

/// Answers questions from a workspace's documents and keeps the conversations.
package struct ChatService: Sendable {
    private let chats: ChatStore
    private let chunks: ChunkStore
    private let events: EventStore
    private let retriever: Retriever
    private let embedding: EmbeddingService
    private let attachments: AttachmentReader
    private let languageModel: @Sendable (Workspace) throws -> any LanguageModel
    private let logger: Logger

    package static let refusal = "There is no relevant information in this workspace to answer your query."
    package static let emptyCompletion = "No text completion could be completed with this input."

    /// - Parameter languageModel: the model that a workspace answers with; throws where its provider is not configured.
    package init(
        chats: ChatStore, chunks: ChunkStore, events: EventStore, retriever: Retriever, embedding: EmbeddingService,
        attachments: AttachmentReader, logger: Logger,
        languageModel: @escaping @Sendable (Workspace) throws -> any LanguageModel
    ) {
        self.chats = chats
        self.chunks = chunks
        self.events = events
        self.retriever = retriever
        self.embedding = embedding
        self.attachments = attachments
        self.logger = logger
        self.languageModel = languageModel
    }

    /// Answers one question, calling `emit` with each piece of the answer as it comes.
    ///
    /// - Throws: `ServiceError` where there is no answer at all. A model that fails after its first words gives an answer
    ///   with `failure`, which is stored as partial, and so is one whose reader has gone; that one rethrows.
    package func answer(
        _ request: ChatRequest, emit: (String) async throws -> Void
    ) async throws -> ChatAnswer {
        let workspace = request.workspace
        if request.resetsHistory {
            try await chats.reset(request.conversation)
            if request.message.isEmpty { return ChatAnswer(kind: .reset, text: "Chat history was reset!") }
        }
        let mode = request.usesDocuments ? request.mode ?? workspace.settings.chatMode : .chat
        var hasVectors = false
        if request.usesDocuments {
            hasVectors = try await chunks.hasVectors(in: workspace.id, embedder: embedding.model.fingerprint)
        }
        let attached = try await attachments.outcome(of: request.documents)
        if mode == .query, !hasVectors, attached.passages.isEmpty {
            return try await refuse(request, mode: mode, kind: .refusedEmpty, warnings: attached.warnings)
        }
        let hits = hasVectors && !request.message.isEmpty ? try await search(request) : []
        if mode == .query, hits.isEmpty, attached.passages.isEmpty {
            return try await refuse(request, mode: mode, kind: .refusedIrrelevant, warnings: attached.warnings)
        }

        let model = try languageModel(workspace)
        let exchanges = try await history(for: request)
        let window = SourceWindow(hits: hits, history: exchanges, limit: workspace.settings.resultLimit)
        let passages = attached.passages + (try await window.passages(in: workspace.id, chunks: chunks, chats: chats))
        let prompt = prompt(for: request, model: model, passages: passages, history: exchanges)
        let sources = attached.sources + hits.map(SourceList.source)
        var answer = try await complete(request, mode: mode, model: model, prompt: prompt, sources: sources, emit: emit)
        answer.warnings = attached.warnings
        return answer
    }

    // MARK: Steps

    private func search(_ request: ChatRequest) async throws -> [SearchHit] {
        let settings = request.workspace.settings
        return try await retriever.search(
            request.message, in: request.workspace.id, limit: settings.resultLimit,
            threshold: settings.similarityThreshold)
    }

    private func history(for request: ChatRequest) async throws -> [PastExchange] {
        let limit = request.workspace.settings.historyLimit
        guard request.suppliedHistory == nil, limit > 0 else { return [] }
        return try await chats.history(of: request.conversation, limit: limit)
    }

    private func prompt(
        for request: ChatRequest, model: any LanguageModel, passages: [PromptAssembler.Passage], history: [PastExchange]
    ) -> Prompt {
        let workspace = request.workspace
        var options = request.options
        options.temperature = options.temperature ?? workspace.settings.temperature ?? 0.7
        let instruction =
            request.suppliedInstruction
            ?? SystemPrompt.expanded(
                workspace.settings.systemPrompt ?? SystemPrompt.standard, workspace: workspace, now: .now)
        let turns = request.suppliedHistory ?? history.flatMap(\.messages)
        return PromptAssembler(contextWindow: model.contextWindow, options: options).prompt(
            instruction: instruction, passages: passages, history: turns,
            question: Message(role: .user, text: request.message, images: request.images),
            continuation: request.continuation)
    }

    private func complete(
        _ request: ChatRequest, mode: ChatMode, model: any LanguageModel, prompt: Prompt, sources: [JSONObject],
        emit: (String) async throws -> Void
    ) async throws -> ChatAnswer {
        var writer = ReplyWriter()
        var summary = ReplySummary()
        var calls: [ToolCall] = []
        var providerFailure: ServiceError?
        let start = ContinuousClock.now
        do {
            summary = try await model.reply(to: prompt) { event in
                if case .toolCall(let call) = event, !request.options.tools.isEmpty { calls.append(call) }
                for piece in writer.pieces(of: event) { try await emit(piece) }
            }
            for piece in writer.end() { try await emit(piece) }
        } catch let error as ServiceError {
            guard !writer.text.isEmpty else { throw error }
            providerFailure = error
        } catch {
            // The reader has gone, or the server stops: what there is of the answer is kept, and marked.
            await storePartial(request, mode: mode, text: writer.text, sources: sources, model: model)
            throw error
        }
        var answer = ChatAnswer(kind: .answer, text: writer.text)
        answer.sources = sources
        answer.failure = providerFailure?.message
        answer.toolCalls = calls
        answer.finishReason =
            switch summary.finishReason {
            case .toolCalls where calls.isEmpty: .stop
            case .stop where !calls.isEmpty: .toolCalls
            case let reason: reason
            }
        answer.metrics = Self.metrics(
            summary, writer: writer, prompt: prompt, model: model, duration: ContinuousClock.now - start)
        if answer.failure != nil { answer.metrics["partial"] = true }
        if writer.text.isEmpty, calls.isEmpty {
            answer.kind = .empty
            answer.failure = Self.emptyCompletion
            return answer
        }
        // Calls alone are no answer that a later prompt could quote.
        answer.exchangeID = try await store(request, mode: mode, answer, isIncluded: !writer.text.isEmpty)
        return answer
    }

    private func refuse(
        _ request: ChatRequest, mode: ChatMode, kind: ChatAnswer.Kind, warnings: [String]
    ) async throws -> ChatAnswer {
        var answer = ChatAnswer(
            kind: kind, text: request.workspace.settings.queryRefusalResponse ?? Self.refusal)
        answer.warnings = warnings
        answer.exchangeID = try await store(request, mode: mode, answer, isIncluded: false)
        return answer
    }

    // MARK: Storing

    private func store(
        _ request: ChatRequest, mode: ChatMode, _ answer: ChatAnswer, isIncluded: Bool
    ) async throws -> Exchange.ID {
        let exchange = Exchange(
            conversation: request.conversation, prompt: request.message, answer: answer.text, mode: mode.rawValue,
            sources: answer.sources, attachments: request.images.map(\.json), metrics: answer.metrics,
            isIncluded: isIncluded)
        let id: Exchange.ID
        do {
            id = try await chats.insert(exchange, at: .now)
        } catch DatabaseError.foreignKeyViolation {
            throw ServiceError.notFound("The workspace was deleted.")
        }
        try await events.log(
            "api_sent_chat",
            [
                "workspaceName": .string(request.workspace.name),
                "chatModel": .string(request.workspace.settings.chatModel ?? "System Default"),
            ])
        return id
    }

    /// Runs to its end even though the task that asked is cancelled.
    private func storePartial(
        _ request: ChatRequest, mode: ChatMode, text: String, sources: [JSONObject], model: any LanguageModel
    ) async {
        guard !text.isEmpty else { return }
        var answer = ChatAnswer(kind: .answer, text: text)
        answer.sources = sources
        answer.metrics = [
            "model": .string(model.modelID), "provider": .string(model.providerName),
            "timestamp": .string(Timestamp.now.iso8601), "partial": true,
        ]
        let partial = answer
        await Task {
            do {
                _ = try await store(request, mode: mode, partial, isIncluded: true)
            } catch {
                logger.warning("A partial answer was not stored", metadata: ["error": "\(error)"])
            }
        }.value
    }

    private static func metrics(
        _ summary: ReplySummary, writer: ReplyWriter, prompt: Prompt, model: any LanguageModel, duration: Duration
    ) -> JSONObject {
        let seconds = Double(duration.components.seconds) + Double(duration.components.attoseconds) / 1e18
        let promptTokens =
            summary.promptTokens ?? prompt.messages.reduce(0) { $0 + TokenEstimate.tokens(in: $1.text) }
        let completionTokens = summary.completionTokens ?? TokenEstimate.tokens(in: writer.text)
        return [
            "completion_tokens": JSON(completionTokens),
            "prompt_tokens": JSON(promptTokens),
            "total_tokens": JSON(promptTokens + completionTokens),
            "outputTps": seconds > 0 ? .number((Double(completionTokens) / seconds * 100).rounded() / 100) : .null,
            "duration": .number((seconds * 1e6).rounded() / 1e6),
            "model": .string(model.modelID),
            "provider": .string(model.providerName),
            "timestamp": .string(Timestamp.now.iso8601),
        ]
    }
}
