import Domain

/// What a model will be, read from its small files: enough to know its name and fingerprint without loading its weights.
struct BERTPlan {
    let files: ModelFolder
    let configuration: ModelConfiguration
    let pooling: BERTPooling
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
        let query = options.queryPrompt ?? sentence.queryPrompt
        let passage = options.passagePrompt ?? sentence.passagePrompt
        prompts = [.query: query, .passage: passage]
        let id = options.id ?? folder.name
        let fingerprint = try ModelFingerprint(files)
            .with(id, pooling.rawValue, query, passage, "\(maximumTokens)", options.precision.rawValue)
        var description = EmbeddingModel(
            id: id, fingerprint: fingerprint, dimensions: configuration.hiddenSize,
            maximumInputTokens: maximumTokens, maximumChunkLength: options.maximumChunkLength)
        // Models of the E5 family want these prompts, whatever the folder is called.
        if query == "query: ", passage == "passage: " {
            description.cosineOfStrangers = EmbeddingModel.cosineOfStrangersOfE5
        }
        self.description = description
    }
}
