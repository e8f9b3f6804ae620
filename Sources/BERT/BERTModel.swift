package import Domain

/// A sentence-embedding model of the BERT family (see `ModelFamily`), loaded from a folder in the layout of
/// sentence-transformers: weights in `model.safetensors`, `config.json`, `tokenizer.json`, and where they are present
/// `modules.json`, the pooling's `config.json`, dense layers behind it, and the prompts in
/// `config_sentence_transformers.json`.
///
/// Immutable and safe to use from several threads at once. Everything here computes on the calling thread.
package struct BERTModel: Sendable {
    package let description: EmbeddingModel
    /// Numbers in an embedding.
    package let dimensions: Int
    /// Tokens of a text that are looked at, special tokens included.
    package let maximumTokens: Int
    /// The name of the instruction set in use.
    package let instructionSet: String

    private let tokenizer: Tokenizer
    private let encoder: Encoder
    /// `nil` where the encoder's vectors are the embeddings.
    private let head: VectorHead?
    private let prompts: [EmbeddingRole: String]

    package init(folder path: String, options: BERTOptions = BERTOptions()) throws(BERTError) {
        let plan = try BERTPlan(folder: path, options: options)
        let kernels = try Kernels(maximumLevel: options.instructionSet)
        let tokenizer = try Tokenizer(plan.files)
        guard tokenizer.largestID < plan.configuration.vocabularySize else {
            throw .damaged(file: TokenizerFile.file, reason: "it has more tokens than the model")
        }
        let maximumTokens = plan.maximumTokens
        head = plan.steps.isEmpty ? nil : try VectorHead(plan.steps, kernels: kernels)
        encoder = try Encoder(
            plan.files, plan.configuration, kernels: kernels, pooling: plan.pooling, normalizes: plan.steps.isEmpty,
            precision: options.precision, maximumTokens: maximumTokens,
            calibrationTexts: CalibrationText.passages.map { tokenizer.encode($0, maximumCount: maximumTokens) })
        prompts = plan.prompts
        self.tokenizer = tokenizer
        self.maximumTokens = maximumTokens
        dimensions = plan.dimensions
        instructionSet = kernels.name
        description = plan.description
    }

    /// Throws where a file is missing, cut short or says something impossible; the weights themselves are not read.
    package static func check(folder: String) throws(BERTError) {
        let plan = try BERTPlan(folder: folder, options: BERTOptions())
        _ = try SafeTensors(plan.files)
        for case .dense(let layer) in plan.steps { _ = try SafeTensors(layer.folder) }
    }

    /// How many tokens the text takes, special tokens included, however long it is.
    package func tokenCount(_ text: String) -> Int { tokenizer.encode(text, maximumCount: .max).count }

    /// The ids of the text as the network is given them.
    package func tokens(_ text: String) -> [Int32] { tokenizer.encode(text, maximumCount: maximumTokens) }

    /// The text of each array of ids, special tokens left out; `nil` for an id that the model does not have.
    package func texts(ofTokens arrays: [[Int]]) -> [String]? { tokenizer.texts(of: arrays) }

    /// One vector of length 1 for each text, in order.
    package func encode(_ texts: [String], as role: EmbeddingRole, on workers: Workers = .threads(1)) -> [[Float]] {
        let prompt = prompts[role] ?? ""
        let sequences = texts.map { TokenSequence(ids: tokens(prompt.isEmpty ? $0 : prompt + $0)) }
        return encoder.results(sequences, on: workers) { [head] in head?.embedding($0) ?? Array($0) }
    }
}
