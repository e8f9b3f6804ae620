import BERTKernels
import FoundationEssentials

/// The first layer: a vector for each token, added to one for its place.
struct EmbeddingLayer: Sendable {
    /// The word vectors stay in the mapped file; a text touches few of them.
    private let file: SafeTensors
    private let words: SafeTensors.Tensor
    /// [maximumTokens][padded hidden size]: position and token type 0 added up; `nil` where there is neither.
    private let positions: AlignedBuffer<Float>?
    /// The id that has no place of its own, and the row that it has instead; `nil` where every token is counted.
    private let padding: (id: Int32, position: AlignedBuffer<Float>)?
    /// What is added for tokens of a second text: token type 1 less type 0. All zeros where the model has no other.
    private let secondType: AlignedBuffer<Float>
    private let norm: LayerNorm
    private let hiddenSize: Int

    /// - Parameter file: a mapping of its own, so that what loading touched of the weights can be unmapped.
    init(_ tensors: BERTTensors, file: SafeTensors, maximumTokens: Int) throws(BERTError) {
        let configuration = tensors.configuration
        hiddenSize = configuration.hiddenSize
        self.file = file
        let names = configuration.names, stride = padded(hiddenSize)
        words = try BERTTensors(file, configuration).tensor(
            names.words, shape: [configuration.vocabularySize, hiddenSize])
        norm = try LayerNorm(tensors, names.embeddingNorm)
        let type = AlignedBuffer<Float>(count: stride)
        secondType = AlignedBuffer(count: hiddenSize)
        try Self.readTypes(tensors, into: type, second: secondType)
        let places =
            configuration.hasPositionTable
            ? try tensors.tensor(names.positions, shape: [configuration.positionCount, hiddenSize]) : nil
        guard places != nil || configuration.tokenTypeCount > 0 else {
            (positions, padding) = (nil, nil)
            return
        }
        func fill(_ row: UnsafeMutablePointer<Float>, _ place: Int) {
            guard let places else { return row.update(from: type.pointer, count: configuration.hiddenSize) }
            tensors.file.read(
                places, from: place * configuration.hiddenSize, count: configuration.hiddenSize, into: row)
            for column in 0..<configuration.hiddenSize { row[column] += type.pointer[column] }
        }
        let rows = AlignedBuffer<Float>(count: maximumTokens * stride)
        for place in 0..<maximumTokens { fill(rows.pointer + place * stride, configuration.firstPosition + place) }
        positions = rows
        guard let id = configuration.paddingID else {
            padding = nil
            return
        }
        let row = AlignedBuffer<Float>(count: stride)
        fill(row.pointer, id)
        padding = (Int32(id), row)
    }

    /// Reads the vector of the first type of token, and how the second differs from it.
    private static func readTypes(
        _ tensors: BERTTensors, into type: AlignedBuffer<Float>, second: AlignedBuffer<Float>
    ) throws(BERTError) {
        let count = tensors.configuration.tokenTypeCount, width = tensors.configuration.hiddenSize
        guard count > 0 else { return }
        let types = try tensors.tensor(tensors.configuration.names.types, shape: [count, width])
        tensors.file.read(types, from: 0, count: width, into: type.pointer)
        guard count > 1 else { return }
        tensors.file.read(types, from: width, count: width, into: second.pointer)
        for column in 0..<width { second.pointer[column] -= type.pointer[column] }
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
            let added = isPadding ? padding?.position.pointer : positions.map { $0.pointer + place * stride }
            let rows = x + start * stride
            kernels.table.pointee.layer_norm(
                Int32(end - start), Int32(hiddenSize), Int32(stride), rows, added, rows, norm.gamma.pointer,
                norm.beta.pointer, epsilon)
            if !isPadding { place += end - start }
            start = end
        }
    }
}
