package import Domain

/// An embedder for chunks that operators want cut in another way than it would have them.
///
/// How texts are cut is part of the fingerprint, so that a change of it goes the way of a change of the embedder: old chunks
/// serve until everything is cut and embedded again.
package struct CutEmbedder: Embedder {
    private let base: any Embedder
    package let model: EmbeddingModel

    /// `base` itself where the settings do not say how texts are cut.
    package static func embedder(_ base: any Embedder, _ settings: SettingsSnapshot) -> any Embedder {
        let (size, overlap, method) = (settings.chunkSize, settings.chunkOverlap, settings.chunkMethod)
        if size == nil, overlap == nil, method == base.model.chunkMethod { return base }
        return CutEmbedder(base, size: size, overlap: overlap, method: method)
    }

    private init(_ base: any Embedder, size: Int?, overlap: Int?, method: ChunkMethod) {
        self.base = base
        var model = base.model
        let limit = min(size ?? model.maximumChunkLength, model.maximumChunkLength)
        model.maximumChunkLength = limit
        model.chunkOverlap = overlap.map { min($0, limit - 1) }
        model.chunkMethod = method
        if base.problem == nil {
            model.fingerprint += "/cut-\(limit)-\(model.chunkOverlap.map(String.init) ?? "")"
            if method != base.model.chunkMethod { model.fingerprint += "-\(method)" }
        }
        self.model = model
    }

    package var problem: ServiceError? { base.problem }
    package var preferredBatchSize: Int { base.preferredBatchSize }

    package func embed(_ texts: [String], as role: EmbeddingRole) async throws -> [Embedding] {
        try await base.embed(texts, as: role)
    }

    package func tokenCount(_ text: String) -> Int? { base.tokenCount(text) }

    package func texts(ofTokens arrays: [[Int]]) throws -> [String] { try base.texts(ofTokens: arrays) }
}

extension SettingsSnapshot {
    static let chunkSizeVariable = "TEXT_SPLITTER_CHUNK_SIZE"
    static let chunkOverlapVariable = "TEXT_SPLITTER_CHUNK_OVERLAP"
    static let chunkMethodVariable = "LECTERN_CHUNK_METHOD"

    /// UTF-16 code units of a chunk at most; `nil` leaves it to the embedder.
    var chunkSize: Int? { amount(for: Self.chunkSizeVariable) }

    var chunkMethod: ChunkMethod {
        effectiveValue(for: Self.chunkMethodVariable).flatMap(ChunkMethod.init) ?? .structure
    }

    var chunkOverlap: Int? { integer(for: Self.chunkOverlapVariable).flatMap { $0 >= 0 ? $0 : nil } }
}
