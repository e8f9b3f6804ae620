import Domain

/// Embeds texts by their letters alone: each group of four neighbouring letters of a word counts in one dimension.
struct HashingEmbedder: Embedder {
    let model = EmbeddingModel(
        id: "hashing", fingerprint: "hashing", dimensions: 512, maximumInputTokens: nil, maximumChunkLength: 1000)
    let preferredBatchSize = 32

    func embed(_ texts: [String], as role: EmbeddingRole) async throws -> [Embedding] { texts.map(embedding) }
    func tokenCount(_ text: String) -> Int? { nil }

    private func embedding(of text: String) -> Embedding {
        var values = [Float](repeating: 0, count: 512)
        for word in text.lowercased().split(whereSeparator: { !$0.isLetter && !$0.isNumber }) {
            let letters = Array(word.unicodeScalars.map(\.value))
            for start in 0...max(0, letters.count - 4) {
                // FNV-1a, because Swift's own hashes differ from run to run.
                let hash = letters[start..<min(start + 4, letters.count)].reduce(UInt32(2_166_136_261)) {
                    ($0 ^ $1) &* 16_777_619
                }
                values[Int(hash % 512)] += 1
            }
        }
        let length = values.reduce(0) { $0 + $1 * $1 }.squareRoot()
        return Embedding(length > 0 ? values.map { $0 / length } : values)
    }
}

/// Remembers how many texts each call had.
actor CountingEmbedder: Embedder {
    nonisolated let model = HashingEmbedder().model
    nonisolated let preferredBatchSize = 32
    private(set) var calls: [Int] = []

    func embed(_ texts: [String], as role: EmbeddingRole) async throws -> [Embedding] {
        calls.append(texts.count)
        return try await HashingEmbedder().embed(texts, as: role)
    }

    nonisolated func tokenCount(_ text: String) -> Int? { nil }
}
