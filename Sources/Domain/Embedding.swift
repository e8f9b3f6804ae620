/// The numbers for one text.
package struct Embedding: Sendable, Equatable {
    package var values: [Float]
    package init(_ values: [Float]) { self.values = values }
}

/// What a text is embedded for; some models want a different prefix for each.
package enum EmbeddingRole: Sendable, Hashable {
    case query
    case passage
}

/// The model behind an embedder.
package struct EmbeddingModel: Sendable, Equatable {
    /// As it is named on the wire.
    package var id: String
    /// Changes whenever the same text may give another vector: model files, pooling, prefixes, dimensions.
    package var fingerprint: String
    /// `nil` until the first answer of a remote model.
    package var dimensions: Int?
    /// Longer inputs are cut; `nil` where the model does not say.
    package var maximumInputTokens: Int?
    /// The longest chunk, in UTF-16 code units.
    package var maximumChunkLength: Int
    /// How much of its predecessor a chunk repeats, in UTF-16 code units; `nil` leaves it to whoever cuts.
    package var chunkOverlap: Int?
    package var chunkMethod = ChunkMethod.structure
    /// The cosine of texts that have nothing to do with each other, from which similarities are counted.
    package var cosineOfStrangers: Double

    package init(
        id: String, fingerprint: String, dimensions: Int?, maximumInputTokens: Int?, maximumChunkLength: Int
    ) {
        self.id = id
        self.fingerprint = fingerprint
        self.dimensions = dimensions
        self.maximumInputTokens = maximumInputTokens
        self.maximumChunkLength = maximumChunkLength
        let name = Self.name(in: id)
        cosineOfStrangers = name.hasPrefix("e5-") || name.hasPrefix("multilingual-e5-") ? Self.cosineOfStrangersOfE5 : 0
    }

    /// E5 was trained at so low a temperature that nearly all of its cosines lie between this and 1 (Wang and others, 2022, and the notes
    /// of its authors; Debian's FAQ in ten languages has it as well).
    package static let cosineOfStrangersOfE5 = 0.7

    /// Without whoever published it, in lower case.
    private static func name(in id: String) -> String { (id.split(separator: "/").last ?? "").lowercased() }
}

/// What the name of a model tells of it, and what follows from that.
extension EmbeddingModel {
    /// How the names of models begin that have been trained on English and nothing else.
    private static let englishAlone = [
        "all-minilm", "all-mpnet", "all-distilroberta", "all-roberta", "multi-qa-", "msmarco-", "gtr-t5", "e5-small",
        "e5-base",
        "e5-large", "gte-small", "gte-base", "gte-large", "nomic-embed-text-v1", "snowflake-arctic-embed-",
    ]

    /// Whether a question in another language is no better than noise to it, as far as its name tells.
    package var knowsEnglishAlone: Bool {
        let name = Self.name(in: id)
        if name.contains("multilingual") || name.contains("embed-l-v2") || name.contains("embed-m-v2") { return false }
        let isEnglishBGE = name.hasPrefix("bge-") && name.contains("-en")
        return isEnglishBGE || Self.englishAlone.contains(where: name.hasPrefix)
    }

    /// How alike two texts are, 0...1 and 0 for strangers, so that thresholds and the weight of words mean the same for every model.
    package func similarity(ofCosine cosine: Double) -> Double {
        max(0, min(1, (cosine - cosineOfStrangers) / (1 - cosineOfStrangers)))
    }
}

/// Turns texts into embeddings: BERT in process, or a remote model.
package protocol Embedder: Sendable {
    var model: EmbeddingModel { get }
    /// Why nothing can be embedded, where that is known beforehand.
    var problem: ServiceError? { get }
    /// How many texts to hand over at once while there are many.
    var preferredBatchSize: Int { get }
    /// One embedding for each text, in order, of length 1. Callers batch; an embedder may split further.
    func embed(_ texts: [String], as role: EmbeddingRole) async throws -> [Embedding]
    /// How many of the model's tokens the text takes, special tokens included; `nil` where only the remote side knows.
    func tokenCount(_ text: String) -> Int?
    /// The text of each array of the model's own token ids, special tokens left out. Throws `ServiceError` with code
    /// `invalid` for an id that the model does not have, and where only texts can be embedded.
    func texts(ofTokens arrays: [[Int]]) throws -> [String]
}

extension Embedder {
    package var problem: ServiceError? { nil }

    package var preferredBatchSize: Int { 32 }

    package func texts(ofTokens arrays: [[Int]]) throws -> [String] {
        throw ServiceError.invalid("The embedding model \(model.id) takes texts, not tokens.")
    }
}
