import AsyncHTTPClient
import BERT
import Domain
import Engine
import Foundation
import Logging
import ModelProviders

/// Chooses embedder and language model by the settings.
struct Models: Sendable {
    let settings: Settings
    let client: HTTPClient
    let nativeModels: NativeModels
    let tokens: TokenCounter

    // MARK: Embedders

    /// The embedder that is set; one that says what is missing where it cannot be made.
    func embedder() -> any Embedder {
        do {
            return try makeEmbedder()
        } catch let error as ServiceError {
            return UnavailableEmbedder(error: error)
        } catch {
            return UnavailableEmbedder(error: ServiceError(.unavailable, "\(error)"))
        }
    }

    private func makeEmbedder() throws -> any Embedder {
        let snapshot = settings.snapshot
        switch snapshot.embeddingEngine {
        case "native":
            return try nativeModels.embedder(
                snapshot.nativeEmbeddingModel, instructionSet: snapshot.value(for: "LECTERN_CPU"))
        case "generic-openai": return try genericEmbedder(snapshot)
        case let engine:
            throw ServiceError(.unavailable, "The embedding engine \(engine) is not available in this version.")
        }
    }

    private func genericEmbedder(_ snapshot: SettingsSnapshot) throws -> any Embedder {
        guard let base = snapshot.value(for: "EMBEDDING_BASE_PATH") else {
            throw ServiceError(
                .unavailable, "GenericOpenAI must have a valid base path to use for the api.")
        }
        let length = snapshot.integer(for: "EMBEDDING_MODEL_MAX_CHUNK_LENGTH").flatMap { $0 > 1 ? $0 : nil }
        let endpoint = EmbeddingsEndpoint.generic(
            baseURL: base, apiKey: snapshot.value(for: "GENERIC_OPEN_AI_EMBEDDING_API_KEY"),
            modelID: snapshot.value(for: "EMBEDDING_MODEL_PREF"),
            dimensions: snapshot.amount(for: "EMBEDDING_OUTPUT_DIMENSIONS"),
            passagePrefix: snapshot.value(for: "GENERIC_OPEN_AI_EMBEDDING_PASSAGE_PREFIX") ?? "",
            queryPrefix: snapshot.value(for: "GENERIC_OPEN_AI_EMBEDDING_QUERY_PREFIX") ?? "",
            maximumChunkLength: length ?? 1000,
            batchSize: snapshot.amount(for: "GENERIC_OPEN_AI_EMBEDDING_MAX_CONCURRENT_CHUNKS") ?? 500,
            batchDelay: snapshot.amount(for: "GENERIC_OPEN_AI_EMBEDDING_API_DELAY_MS").map { .milliseconds($0) })
        return OpenAICompatibleEmbedder(endpoint: endpoint, client: client, retries: retries(snapshot))
    }

    // MARK: Reranking

    /// The cross-encoder that is set, else the one that needs no model.
    func reranker(logger: Logger) -> any Reranker {
        let snapshot = settings.snapshot
        guard let folder = snapshot.value(for: "LECTERN_RERANKER_MODEL") else { return LexicalReranker() }
        var options = BERTOptions()
        options.instructionSet = snapshot.value(for: "LECTERN_CPU")
        do throws(BERTError) {
            return try BERTReranker(
                folder: folder, options: options, threads: ProcessInfo.processInfo.activeProcessorCount)
        } catch {
            logger.warning("The reranking model cannot be loaded; LECTERN_RERANKER_MODEL is ignored: \(error)")
            return LexicalReranker()
        }
    }

    // MARK: Language models

    func languageModel(
        for workspace: Workspace, purpose: ModelPurpose, embedder: any Embedder
    ) throws -> any LanguageModel {
        let snapshot = settings.snapshot
        let chosen = workspace.settings
        let ownAgent = purpose == .agent ? chosen.agentProvider : nil
        let provider = ownAgent ?? chosen.chatProvider ?? snapshot.value(for: "LLM_PROVIDER") ?? "extractive"
        // A model goes with the provider that it was chosen for.
        let model = ownAgent == nil ? chosen.chatModel : chosen.agentModel
        switch provider {
        case "extractive": return ExtractiveModel(embedder: embedder, tokens: tokens)
        case "generic-openai": return try genericModel(snapshot, model)
        default:
            throw ServiceError(.unavailable, "The provider \(provider) is not available in this version.")
        }
    }

    private func genericModel(_ snapshot: SettingsSnapshot, _ chosen: String?) throws -> any LanguageModel {
        guard let base = snapshot.value(for: "GENERIC_OPEN_AI_BASE_PATH") else {
            throw ServiceError(
                .unavailable, "GenericOpenAI must have a valid base path to use for the api.")
        }
        guard let model = chosen ?? snapshot.value(for: "GENERIC_OPEN_AI_MODEL_PREF") else {
            throw ServiceError(.unavailable, "GenericOpenAI must have a valid model set.")
        }
        let endpoint = OpenAICompatibleEndpoint.generic(
            baseURL: base, apiKey: snapshot.value(for: "GENERIC_OPEN_AI_API_KEY"), modelID: model,
            contextWindow: snapshot.amount(for: "GENERIC_OPEN_AI_MODEL_TOKEN_LIMIT") ?? 4096,
            maximumTokens: snapshot.amount(for: "GENERIC_OPEN_AI_MAX_TOKENS") ?? 1024,
            customHeaders: CustomHeaders(parsing: snapshot.value(for: "GENERIC_OPEN_AI_CUSTOM_HEADERS") ?? ""),
            allowsStreaming: !snapshot.flag("GENERIC_OPENAI_STREAMING_DISABLED"),
            requestsUsage: snapshot.flag("GENERIC_OPEN_AI_REPORT_USAGE"),
            supportsTools: !snapshot.providersWithoutTools.contains("generic-openai"))
        return OpenAICompatibleModel(endpoint: endpoint, client: client, retries: retries(snapshot))
    }

    private func retries(_ snapshot: SettingsSnapshot) -> RetryPolicy {
        snapshot.integer(for: "ANYTHINGLLM_MAX_RETRIES").map { RetryPolicy(maximumRetries: max(0, $0)) }
            ?? RetryPolicy()
    }
}

/// Stands where an embedder cannot be made, and says why to whoever needs it.
private struct UnavailableEmbedder: Embedder {
    let error: ServiceError

    var model: EmbeddingModel {
        EmbeddingModel(
            id: "unavailable", fingerprint: "unavailable", dimensions: nil, maximumInputTokens: nil,
            maximumChunkLength: 1000)
    }

    var problem: ServiceError? { error }

    func embed(_ texts: [String], as role: EmbeddingRole) async throws -> [Embedding] { throw error }
    func tokenCount(_ text: String) -> Int? { nil }
}
