package import Domain

/// Stands where no embedder can be made, and says why to whoever needs one. Nothing is ever stored under its name.
package struct MissingEmbedder: Embedder {
    private let error: ServiceError

    package init(_ error: ServiceError) { self.error = error }

    package let model = EmbeddingModel(
        id: "none", fingerprint: "", dimensions: nil, maximumInputTokens: nil, maximumChunkLength: 1000)

    package var problem: ServiceError? { error }

    package func embed(_ texts: [String], as role: EmbeddingRole) async throws -> [Embedding] { throw error }
    package func tokenCount(_ text: String) -> Int? { nil }
}
