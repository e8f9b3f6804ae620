import DocumentParsers
import Domain
import Engine
import Logging
import ServerAssembly

extension ServerParts {
    /// With models that need no files, and a parser in this process.
    static func standIns(on storage: Storage, environment: [String: String] = [:]) -> ServerParts {
        ServerParts(
            storage: storage, environment: environment,
            models: ModelSources(embedder: { _ in ConstantEmbedder() }, languageModel: { _, _, _, _ in Agreement() }),
            reader: InProcessDocumentReader(), logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    }
}

/// Finds everything equally near to everything.
private struct ConstantEmbedder: Embedder {
    let model = EmbeddingModel(
        id: "constant", fingerprint: "constant", dimensions: 2, maximumInputTokens: nil, maximumChunkLength: 1000)

    func embed(_ texts: [String], as role: EmbeddingRole) async throws -> [Embedding] {
        texts.map { _ in Embedding([1, 0]) }
    }

    func tokenCount(_ text: String) -> Int? { nil }
}

/// Agrees with whatever is asked.
private struct Agreement: LanguageModel {
    let providerName = "AgreementLLM"
    let modelID = "agreement"
    let contextWindow = 4096
    let supportsTools = false
    let acceptsImages = false

    func reply(to prompt: Prompt, emit: (ReplyEvent) async throws -> Void) async throws -> ReplySummary {
        try await emit(.text("Yes."))
        return ReplySummary(promptTokens: 1, completionTokens: 1)
    }
}
