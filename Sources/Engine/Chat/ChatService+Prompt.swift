import Domain
import Persistence

/// What is done before a model is asked.
extension ChatService {
    func turn(for request: ChatRequest) async throws -> ChatTurn {
        let workspace = request.workspace
        let limit = request.suppliedHistory == nil ? workspace.settings.historyLimit : 0
        var attached = try await attachments.outcome(of: request.documents)
        attached.warnings = request.warnings + attached.warnings
        return ChatTurn(
            request,
            history: limit > 0 ? try await stores.chats.history(of: request.conversation, limit: limit) : [],
            pinned: request.usesDocuments ? try await stores.memberships.pinned(in: workspace.id) : [],
            attached: attached,
            searchability: try await retriever.searchability(of: request.search?.workspaces ?? [workspace.id]))
    }

    func model(for turn: ChatTurn) async throws -> any LanguageModel {
        let purpose: ModelPurpose = turn.mayUseTools ? .agent : .chat
        let workspace = try await routing?.workspace(for: turn, purpose) ?? turn.workspace
        return try await languageModel(workspace, purpose).prepared()
    }

    /// Asks for the model only where the search cannot do without: a refusal needs none.
    func context(for turn: ChatTurn) async throws -> ChatContext {
        let queries = turn.searches ? try await queries(for: turn) : Queries()
        let room =
            turn.pinned.isEmpty
            ? 0 : assembler(for: turn, model: try await model(for: turn), tools: nil, tokens: tokens).roomForDocuments
        let window = turn.searches ? (try? await model(for: turn))?.contextWindow ?? 0 : 0
        let gatherer = ContextGatherer(
            stores: stores, retriever: retriever, tokens: tokens,
            widensPassages: window >= Self.leastWindowForWidePassages)
        return try await gatherer.context(for: turn, queries: queries, room: room)
    }

    /// Tokens: in a smaller window other passages are worth more than more of one.
    private static let leastWindowForWidePassages = 8192

    /// What the language model writes to search with, as far as operators want that.
    private func queries(for turn: ChatTurn) async throws -> Queries {
        let configuration = configuration()
        let condenses = configuration.condensesQuestions && !turn.messagesBefore.isEmpty
        guard condenses || configuration.variesQuestions || configuration.stepsBack else { return Queries() }
        let model = try await model(for: turn)
        guard model.followsInstructions else { return Queries() }
        let writer = QueryWriter(model: model, tokens: tokens)
        var queries = Queries()
        let message = turn.request.message
        if condenses { queries.question = try await writer.condensed(message, after: turn.messagesBefore) }
        let question = queries.question ?? message
        async let variants = configuration.variesQuestions ? writer.variants(of: question) : []
        async let general = configuration.stepsBack ? writer.generalQuestion(behind: question) : nil
        queries.further = try await variants
        if let general = try await general { queries.further.append(general) }
        return queries
    }

    func assembler(
        for turn: ChatTurn, model: any LanguageModel, tools: ChatTools?, tokens: TokenCounter
    ) -> PromptAssembler {
        var options = turn.request.options
        options.temperature = options.temperature ?? turn.workspace.settings.temperature ?? model.defaultTemperature
        if let tools { options.tools = tools.definitions }
        return PromptAssembler(
            contextWindow: model.contextWindow, options: options, runsTools: tools != nil, tokens: tokens)
    }

    func prompt(
        for turn: ChatTurn, model: any LanguageModel, context: ChatContext, tools: ChatTools?
    ) async -> Prompt {
        await tokens.computing(turn.textBytes + context.textBytes) { tokens in
            prompt(for: turn, model: model, context: context, tools: tools, tokens: tokens)
        }
    }

    func prompt(
        for turn: ChatTurn, model: any LanguageModel, context: ChatContext, tools: ChatTools?, tokens: TokenCounter
    ) -> Prompt {
        let workspace = turn.workspace
        let instruction =
            turn.request.suppliedInstruction
            ?? SystemPrompt.expanded(
                workspace.settings.systemPrompt ?? configuration().systemPrompt, workspace: workspace, now: .now)
        var prompt = assembler(for: turn, model: model, tools: tools, tokens: tokens).prompt(
            instruction: instruction, documents: context.documents, passages: context.passages,
            history: turn.messagesBefore,
            question: Message(role: .user, text: turn.request.message, media: turn.request.media),
            continuation: turn.request.continuation)
        prompt.question = context.followUp ?? prompt.question
        return prompt
    }

    func tools(for turn: ChatTurn, model: any LanguageModel) async -> ChatTools {
        let documents = DocumentTools(
            workspace: turn.workspace, retriever: retriever, memberships: stores.memberships,
            documents: stores.documents, summarizer: DocumentSummarizer(model: model, tokens: tokens), tokens: tokens)
        return await ChatTools(
            documents, server: turn.request.caller.isKnown ? toolServer : nil, window: model.contextWindow)
    }

    /// What the model did not see whole.
    static func warnings(of prompt: Prompt, _ turn: ChatTurn) -> [String] {
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
}

extension Caller {
    /// Whether it is somebody of this instance: what tools outside of it may do is not for visitors of other sites.
    fileprivate var isKnown: Bool {
        switch self {
        case .key, .owner, .user, .system: true
        case .nobody, .visitor: false
        }
    }
}
