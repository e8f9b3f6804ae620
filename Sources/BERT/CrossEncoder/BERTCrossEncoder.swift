#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// A model of the BERT family that reads a question and a passage together and says how well the one answers the other,
/// loaded from a folder in the layout of `cross-encoder/ms-marco-MiniLM-L-6-v2` or `BAAI/bge-reranker-base`: `config.json`,
/// `tokenizer.json`, and `model.safetensors` with a classifier of one output.
///
/// Immutable and safe to use from several threads at once. Everything here computes on the calling thread.
package struct BERTCrossEncoder: Sendable {
    /// Tokens of a question and a passage together that are looked at, special tokens included.
    package let maximumTokens: Int

    private let tokenizer: Tokenizer
    private let encoder: Encoder
    private let head: ClassificationHead

    package init(folder path: String, options: BERTOptions = BERTOptions()) throws(BERTError) {
        let files = try ModelFolder(path: path)
        let configuration = try ModelConfiguration(files)
        let tokenizer = try Tokenizer(files)
        guard tokenizer.largestID < configuration.vocabularySize else {
            throw .damaged(file: TokenizerFile.file, reason: "it has more tokens than the model")
        }
        guard tokenizer.takesPairs else { throw .unsupported("its template for pairs is not known") }
        let limit = min(configuration.usablePositions, BERTPlan.tokenLimit)
        let maximumTokens = max(3, min(options.maximumTokens ?? limit, limit))
        head = try ClassificationHead(
            BERTTensors(try SafeTensors(files), configuration))
        // One token decides the score, and its errors do not average away: no 8-bit layers.
        encoder = try Encoder(
            files, configuration, kernels: try Kernels(maximumLevel: options.instructionSet), pooling: .firstToken,
            normalizes: false, precision: options.precision, maximumTokens: maximumTokens, calibrationTexts: [])
        self.maximumTokens = maximumTokens
        self.tokenizer = tokenizer
    }

    /// The ids of both texts as the network is given them, and where token type 1 begins, which is nowhere in a RoBERTa.
    package func tokens(_ question: String, _ passage: String) -> (ids: [Int32], secondStart: Int) {
        let sequence = tokenizer.encode(question, passage, maximumCount: maximumTokens)
        return (sequence.ids, sequence.secondStart)
    }

    /// How well each passage answers the question, 0...1.
    package func scores(_ question: String, passages: [String], on workers: Workers = .threads(1)) -> [Double] {
        let sequences = passages.map { tokenizer.encode(question, $0, maximumCount: maximumTokens) }
        return encoder.results(sequences, on: workers) { 1 / (1 + exp(-Double(head.logit($0)))) }
    }
}

/// What turns the first token's vector into one number: a layer with tanh, and a linear one.
private struct ClassificationHead: Sendable {
    private let size: Int
    /// [size][size], each output's weights in a row.
    private let pooler: AlignedBuffer<Float>
    private let poolerBias: AlignedBuffer<Float>
    private let classifier: AlignedBuffer<Float>
    private let classifierBias: Float

    init(_ tensors: BERTTensors) throws(BERTError) {
        size = tensors.configuration.hiddenSize
        // A RoBERTa has both layers in its classifier, a BERT takes the first from its pooler.
        let layers: (String, String)
        switch tensors.configuration.family {
        case .bert: layers = (tensors.prefix + "pooler.dense", "classifier")
        case .roberta, .mpnet: layers = ("classifier.dense", "classifier.out_proj")
        case let family: throw .unsupported("rerankers of the family \(family.rawValue) are not known")
        }
        let weight = try tensors.file.tensor(layers.0 + ".weight", shape: [size, size])
        let shift = try tensors.file.tensor(layers.0 + ".bias", shape: [size])
        let output = try tensors.file.tensor(layers.1 + ".weight", shape: [1, size])
        let bias = try tensors.file.tensor(layers.1 + ".bias", shape: [1])
        pooler = AlignedBuffer(count: size * size)
        tensors.file.read(weight, from: 0, count: size * size, into: pooler.pointer)
        poolerBias = AlignedBuffer(count: size)
        tensors.file.read(shift, from: 0, count: size, into: poolerBias.pointer)
        classifier = AlignedBuffer(count: size)
        tensors.file.read(output, from: 0, count: size, into: classifier.pointer)
        var value: Float = 0
        tensors.file.read(bias, from: 0, count: 1, into: &value)
        classifierBias = value
    }

    func logit(_ vector: UnsafeBufferPointer<Float>) -> Float {
        var logit = classifierBias
        for output in 0..<size {
            let row = pooler.pointer + output * size
            var sum = poolerBias.pointer[output]
            for input in 0..<size { sum += row[input] * vector[input] }
            logit += classifier.pointer[output] * tanh(sum)
        }
        return logit
    }
}
