import Domain

/// What a model will be, read from its small files: enough to know its name and fingerprint without loading its weights.
struct BERTPlan {
    let files: ModelFolder
    let configuration: ModelConfiguration
    let pooling: BERTPooling
    /// Behind the pooling.
    let steps: [VectorStep]
    /// Numbers in an embedding.
    let dimensions: Int
    let prompts: [EmbeddingRole: String]
    /// Special tokens included.
    let maximumTokens: Int
    let description: EmbeddingModel

    /// The 16-bit attention sums at most this many products.
    static let tokenLimit = 512

    init(folder path: String, options: BERTOptions) throws(BERTError) {
        let folder = try ModelFolder(path: path)
        let sentence = try SentenceConfiguration(folder)
        files = sentence.transformerFolder
        configuration = try ModelConfiguration(files)
        let limit = min(configuration.usablePositions, Self.tokenLimit)
        maximumTokens = max(3, min(options.maximumTokens ?? limit, limit))
        pooling = options.pooling ?? sentence.pooling
        steps = sentence.steps
        let layers = steps.compactMap { if case .dense(let layer) = $0 { layer } else { nil } }
        dimensions = layers.last?.outputs ?? configuration.hiddenSize
        guard zip([configuration.hiddenSize] + layers.map(\.outputs), layers).allSatisfy({ $0 == $1.inputs }) else {
            throw .damaged(file: "modules.json", reason: "the sizes of its layers do not fit together")
        }
        let query = options.queryPrompt ?? sentence.queryPrompt
        let passage = options.passagePrompt ?? sentence.passagePrompt
        prompts = [.query: query, .passage: passage]
        let id = options.id ?? folder.name
        let fingerprint = try ModelFingerprint(files, layers: layers.map(\.folder))
            .with(id, pooling.rawValue, query, passage, "\(maximumTokens)", options.precision.rawValue)
        var description = EmbeddingModel(
            id: id, fingerprint: fingerprint, dimensions: dimensions,
            maximumInputTokens: maximumTokens, maximumChunkLength: options.maximumChunkLength)
        // Models of the E5 family want these prompts, whatever the folder is called.
        if query == "query: ", passage == "passage: " {
            description.cosineOfStrangers = EmbeddingModel.cosineOfStrangersOfE5
        }
        self.description = description
    }
}
