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
    let windows: ModelWindowFile
    let logger: Logger

    /// What the server is given.
    var sources: ModelSources {
        var sources = ModelSources(embedder: embedder) {
            try languageModel(for: $0, purpose: $1, settings: $2, embedder: $3)
        }
        sources.imageGenerator = { try imageGenerator($0) }
        sources.transcriber = { try transcriber($0.transcriptionEndpoint(), $0) }
        sources.listener = { try transcriber($0.listeningEndpoint(), $0) }
        sources.synthesizer = { try synthesizer($0) }
        sources.modelLister = { endpoint, settings in
            RemoteModelLister(
                endpoint: endpoint, client: clients.models, timeouts: clients.timeouts, retries: retries(settings))
        }
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
            return RemoteEmbedder(
                endpoint: endpoint, client: clients.models, timeouts: clients.timeouts, retries: retries(settings),
                tokens: tokens)
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
        switch try settings.chatConnection(provider, model: model, windows: windows.table) {
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
        case .gemini(let endpoint):
            return GeminiModel(
                endpoint: endpoint, client: clients.models, timeouts: clients.timeouts, retries: retries(settings))
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

    func transcriber(_ endpoint: TranscriptionEndpoint, _ settings: SettingsSnapshot) -> any Transcriber {
        switch endpoint.dialect {
        case .openAI:
            RemoteTranscriber(
                endpoint: endpoint, client: clients.transcription, timeouts: clients.transcriptionTimeouts,
                retries: retries(settings))
        case .deepgram:
            DeepgramTranscriber(
                endpoint: endpoint, client: clients.transcription, timeouts: clients.transcriptionTimeouts,
                retries: retries(settings))
        }
    }

    func synthesizer(_ settings: SettingsSnapshot) throws(ServiceError) -> any SpeechSynthesizer {
        RemoteSpeechSynthesizer(
            endpoint: try settings.speechEndpoint(), client: clients.models, timeouts: clients.timeouts,
            retries: retries(settings))
    }

    /// What judges results; `nil` where nothing is set. One that cannot be had says so to each search.
    func reranker(_ settings: SettingsSnapshot) -> (any Reranker)? {
        do {
            switch try settings.rerankerConnection() {
            case .inProcess(let folder)?: return try crossEncoder(folder, settings)
            case .rerank(let endpoint)?:
                return RemoteReranker(
                    endpoint: endpoint, client: clients.models, timeouts: clients.timeouts, retries: retries(settings))
            case nil: return nil
            }
        } catch {
            logger.warning("Nothing is reranked: \(error.message)")
            return MissingReranker(error)
        }
    }

    private func crossEncoder(_ folder: String, _ settings: SettingsSnapshot) throws(ServiceError) -> any Reranker {
        var options = BERTOptions()
        options.instructionSet = settings.value(for: "LECTERN_CPU")?.lowercased()
        do throws(BERTError) {
            return try BERTReranker(
                folder: folder, options: options, threads: ProcessInfo.processInfo.activeProcessorCount)
        } catch {
            throw ServiceError(.unavailable, "The reranking model cannot be loaded: \(error)", cause: error)
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
