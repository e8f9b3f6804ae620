import AsyncHTTPClient
import BERT
import Domain
import Engine
import Foundation
import Logging
import MCPClient
import ModelProviders
import ServerAssembly

/// Makes the clients of providers. What a vendor needs is in its row of `ProviderRegistry`; here is one case for each wire.
struct ProviderFactory: Sendable {
    let clients: ProviderClients
    let tokens: TokenCounter
    let inProcessModels: InProcessModels
    let logger: Logger

    /// What the server is given.
    var sources: ModelSources {
        var sources = ModelSources(embedder: embedder) {
            try languageModel(for: $0, purpose: $1, settings: $2, embedder: $3)
        }
        sources.imageGenerator = { try imageGenerator($0) }
        sources.transcriber = { try transcriber($0) }
        sources.reranker = reranker
        sources.tokens = tokens
        return sources
    }

    /// Throws `unavailable` where the embedder that is set cannot be made, and says why. Asks nothing of a remote one.
    func embedder(_ settings: SettingsSnapshot) throws(ServiceError) -> any Embedder {
        switch try settings.embedderConnection() {
        case .inProcess(let model):
            return try inProcessModels.embedder(model, instructionSet: settings.value(for: "LECTERN_CPU")?.lowercased())
        case .embeddings(let endpoint):
            return OpenAICompatibleEmbedder(
                endpoint: endpoint, client: clients.models, timeouts: clients.timeouts, retries: retries(settings))
        }
    }

    /// - Parameter embedder: what the extractive answerer compares sentences with.
    func languageModel(
        for workspace: Workspace, purpose: ModelPurpose, settings: SettingsSnapshot, embedder: any Embedder
    ) throws(ServiceError) -> any LanguageModel {
        let chosen = settings.chosenModel(for: workspace, purpose)
        return try languageModel(chosen.provider, model: chosen.model, settings: settings, embedder: embedder)
    }

    /// - Parameter model: `nil` for the one that is set.
    func languageModel(
        _ provider: String, model: String?, settings: SettingsSnapshot, embedder: any Embedder
    ) throws(ServiceError) -> any LanguageModel {
        switch try settings.chatConnection(provider, model: model) {
        case .extractive: return ExtractiveModel(embedder: embedder, tokens: tokens)
        case .chatCompletions(let endpoint):
            return OpenAICompatibleModel(
                endpoint: endpoint, client: clients.models, facts: clients.facts, timeouts: clients.timeouts,
                retries: retries(settings))
        case .responses(let endpoint):
            return OpenAIResponsesModel(
                endpoint: endpoint, client: clients.models, timeouts: clients.timeouts, retries: retries(settings))
        case .messages(let endpoint):
            return AnthropicModel(
                endpoint: endpoint, client: clients.models, facts: clients.facts, timeouts: clients.timeouts,
                retries: retries(settings))
        case .converse(let endpoint):
            return BedrockModel(
                endpoint: endpoint, client: clients.models, timeouts: clients.timeouts, retries: retries(settings))
        case .ollama(let endpoint):
            return OllamaModel(
                endpoint: endpoint, client: clients.models, facts: clients.facts, timeouts: clients.timeouts,
                retries: retries(settings))
        }
    }

    func imageGenerator(_ settings: SettingsSnapshot) throws(ServiceError) -> any ImageGenerator {
        RemoteImageGenerator(
            endpoint: try settings.imageEndpoint(), client: clients.models, timeouts: clients.timeouts,
            retries: retries(settings))
    }

    func transcriber(_ settings: SettingsSnapshot) throws(ServiceError) -> any Transcriber {
        RemoteTranscriber(
            endpoint: try settings.transcriptionEndpoint(), client: clients.transcription,
            timeouts: clients.transcriptionTimeouts, retries: retries(settings))
    }

    /// The cross-encoder that is set; `nil` where there is none.
    func reranker(_ settings: SettingsSnapshot) -> (any Reranker)? {
        guard let folder = settings.value(for: "LECTERN_RERANKER_MODEL") else { return nil }
        var options = BERTOptions()
        options.instructionSet = settings.value(for: "LECTERN_CPU")?.lowercased()
        do throws(BERTError) {
            return try BERTReranker(
                folder: folder, options: options, threads: ProcessInfo.processInfo.activeProcessorCount)
        } catch {
            logger.warning("The reranking model cannot be loaded; LECTERN_RERANKER_MODEL is ignored: \(error)")
            return nil
        }
    }

    private func retries(_ settings: SettingsSnapshot) -> RetryPolicy {
        settings.integer(for: "ANYTHINGLLM_MAX_RETRIES").map { RetryPolicy(maximumRetries: max(0, $0)) }
            ?? RetryPolicy()
    }
}

/// What asks providers, for as long as the server runs. How long a connection may be silent is a property of its client, and
/// who transcribes is silent for minutes.
struct ProviderClients: Sendable {
    let models: HTTPClient
    let transcription: HTTPClient
    /// For MCP servers.
    let tools: HTTPClient
    let facts = ModelFactsCache()
    let timeouts: ProviderTimeouts
    let transcriptionTimeouts: ProviderTimeouts

    init(environment: [String: String]) {
        timeouts = ProviderTimeouts(environment: environment)
        transcriptionTimeouts = .transcription(atLeast: timeouts)
        models = HTTPClient(configuration: .modelProviders(timeouts: timeouts))
        transcription = HTTPClient(configuration: .modelProviders(timeouts: transcriptionTimeouts))
        tools = HTTPClient(configuration: .toolServers)
    }

    func shutdown() async throws {
        try await tools.shutdown()
        try await transcription.shutdown()
        try await models.shutdown()
    }
}

extension ProviderTimeouts {
    /// As `ANYTHINGLLM_FETCH_TIMEOUT` sets them, in milliseconds.
    init(environment: [String: String]) {
        let limit = SettingsSnapshot(environment: environment).amount(for: "ANYTHINGLLM_FETCH_TIMEOUT")
        self = limit.map { ProviderTimeouts(fetchTimeout: .milliseconds($0)) } ?? ProviderTimeouts()
    }
}
