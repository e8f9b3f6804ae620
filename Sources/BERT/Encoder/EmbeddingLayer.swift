import BERTKernels
import FoundationEssentials

/// The first layer: a vector for each token, added to one for its place.
struct EmbeddingLayer: Sendable {
    /// The word vectors stay in the mapped file; a text touches few of them.
    private let file: SafeTensors
    private let words: SafeTensors.Tensor
    /// [maximumTokens][padded hidden size]: position and token type 0 added up.
    private let positions: AlignedBuffer<Float>
    /// The id that has no place of its own, and the row that it has instead; `nil` where every token is counted.
    private let padding: (id: Int32, position: AlignedBuffer<Float>)?
    /// What is added for tokens of a second text: token type 1 less type 0. All zeros where the model has one type.
    private let secondType: AlignedBuffer<Float>
    private let norm: LayerNorm
    private let hiddenSize: Int

    /// - Parameter file: a mapping of its own, so that what loading touched of the weights can be unmapped.
    init(_ tensors: BERTTensors, file: SafeTensors, maximumTokens: Int) throws(BERTError) {
        let configuration = tensors.configuration
        hiddenSize = configuration.hiddenSize
        self.file = file
        words = try BERTTensors(file, configuration).tensor(
            "embeddings.word_embeddings.weight", shape: [configuration.vocabularySize, hiddenSize])
        norm = try LayerNorm(tensors, "embeddings.LayerNorm")
        let places = try tensors.tensor(
            "embeddings.position_embeddings.weight", shape: [configuration.positionCount, hiddenSize])
        let types = try tensors.tensor(
            "embeddings.token_type_embeddings.weight", shape: [configuration.tokenTypeCount, hiddenSize])
        let type = AlignedBuffer<Float>(count: hiddenSize), stride = padded(hiddenSize)
        tensors.file.read(types, from: 0, count: hiddenSize, into: type.pointer)
        secondType = AlignedBuffer(count: hiddenSize)
        if configuration.tokenTypeCount > 1 {
            tensors.file.read(types, from: hiddenSize, count: hiddenSize, into: secondType.pointer)
            for column in 0..<hiddenSize { secondType.pointer[column] -= type.pointer[column] }
        }
        func position(_ place: Int, _ row: UnsafeMutablePointer<Float>) {
            tensors.file.read(
                places, from: place * configuration.hiddenSize, count: configuration.hiddenSize, into: row)
            for column in 0..<configuration.hiddenSize { row[column] += type.pointer[column] }
        }
        positions = AlignedBuffer(count: maximumTokens * stride)
        for place in 0..<maximumTokens {
            position(configuration.firstPosition + place, positions.pointer + place * stride)
        }
        guard configuration.family == .roberta else {
            padding = nil
            return
        }
        let row = AlignedBuffer<Float>(count: stride)
        position(configuration.paddingID, row.pointer)
        padding = (Int32(configuration.paddingID), row)
    }

    /// Writes a row for each token; every token is below the vocabulary size.
    func write(_ sequence: TokenSequence, _ kernels: Kernels, epsilon: Float, to x: UnsafeMutablePointer<Float>) {
        let stride = padded(hiddenSize), tokens = sequence.ids
        for (place, token) in tokens.enumerated() {
            let row = x + place * stride
            file.read(words, from: Int(token) * hiddenSize, count: hiddenSize, into: row)
            (row + hiddenSize).update(repeating: 0, count: stride - hiddenSize)
            guard place >= sequence.secondStart else { continue }
            for column in 0..<hiddenSize { row[column] += secondType.pointer[column] }
        }
        var start = 0, place = 0
        while start < tokens.count {
            let isPadding = tokens[start] == padding?.id
            let end = isPadding ? start + 1 : tokens[start...].firstIndex { $0 == padding?.id } ?? tokens.count
            let added = isPadding ? padding?.position.pointer : positions.pointer + place * stride
            kernels.table.pointee.layer_norm(
                Int32(end - start), Int32(hiddenSize), Int32(stride), x + start * stride, added, norm.gamma.pointer,
                norm.beta.pointer, epsilon)
            if !isPadding { place += end - start }
            start = end
        }
    }
}
