import BERTKernels

/// Tokens of a text, or of two texts one behind the other, special tokens included.
struct TokenSequence: Sendable, Equatable {
    var ids: [Int32]
    /// Where the second text begins.
    var secondStart = Int.max

    var count: Int { ids.count }
}

/// The network: tokens in, one vector for each sequence out. Pure, and safe to call from any thread.
struct Encoder: Sendable {
    /// Tokens that are computed together; enough for full tiles, few enough to stay in the second-level cache.
    static let batchTokens = 256

    let configuration: ModelConfiguration
    let kernels: Kernels
    let maximumTokens: Int
    let pooling: BERTPooling
    /// Whether the vectors are given length 1.
    let normalizes: Bool
    let embeddings: EmbeddingLayer
    /// What attention adds for the distance of two tokens, in all layers the same; `nil` where that is nothing.
    let relativeBias: RelativeBias?
    let scratchBuffers: ScratchBufferPool
    let precisePlan: ArithmeticPlan
    let fastPlan: ArithmeticPlan
    var layers: [EncoderLayer]

    /// Embeds sequences of at most `batchTokens` tokens in all, or one longer one, and hands over each result.
    ///
    /// - Parameter beforeLayer: a layer takes some milliseconds.
    func run(
        _ sequences: [TokenSequence], fast: Bool, observer: InputObserver? = nil, beforeLayer: () -> Void = {},
        result: (Int, UnsafeBufferPointer<Float>) -> Void
    ) {
        scratchBuffers.withBuffers { scratch in
            let stride = padded(configuration.hiddenSize)
            var first = 0
            for sequence in sequences {
                embeddings.write(
                    sequence, kernels, epsilon: configuration.layerNormEpsilon, to: scratch.x.pointer + first * stride
                )
                first += sequence.count
            }
            if configuration.normalizesFirst {
                scratch.input.pointer.update(from: scratch.x.pointer, count: first * stride)
            }
            for (index, layer) in layers.enumerated() {
                beforeLayer()
                let linears = fast ? layer.fast ?? layer.precise : layer.precise
                attend(layer, linears, sequences.map(\.count), rows: first, fast: fast, scratch) {
                    observer?.observe(index, $0, rows: first, $1)
                }
                transform(layer, linears, rows: first, scratch) { observer?.observe(index, $0, rows: $2, $1) }
            }
            first = 0
            for (index, sequence) in sequences.enumerated() {
                pool(scratch.input.pointer + first * stride, rows: sequence.count, scratch.y.pointer)
                result(index, UnsafeBufferPointer(start: scratch.y.pointer, count: configuration.hiddenSize))
                first += sequence.count
            }
        }
    }

    /// x = x + output(attention(projection(input))); input = norm(x)
    private func attend(
        _ layer: EncoderLayer, _ linears: LayerLinears, _ lengths: [Int], rows: Int, fast: Bool,
        _ scratch: ScratchBuffers,
        observe: (LinearRole, UnsafePointer<Float>) -> Void
    ) {
        let layout = AttentionLayout(configuration), columns = layout.columns
        observe(.projection, scratch.input.pointer)
        linears.projection.apply(
            kernels, BK_IDENTITY, rows: rows, scratch.input.pointer, scratch.projected.pointer, scratch.quantization)
        let attention = (fast ? fastPlan : precisePlan).attention
        let kernel = attention == .float ? kernels.table.pointee.attention_f32 : kernels.table.pointee.attention_s16
        var first = 0
        for length in lengths {
            if let rotation = layer.rotation {
                rotate(scratch.projected.pointer + first * columns * 3, rows: length, rotation, layout)
            }
            var shape = bk_attention_shape(
                length: Int32(length), heads: Int32(layout.headCount), head_width: Int32(layout.paddedHeadWidth),
                stride: Int32(columns * 3), key_offset: Int32(columns), value_offset: Int32(columns * 2),
                scale: 1 / Float(layout.headWidth).squareRoot(), window: Int32(layer.window),
                relative: relativeBias?.center,
                relative_stride: Int32(relativeBias?.stride ?? 0))
            kernel!(  // the plan names 16 bits only where the kernels have them
                &shape, scratch.projected.pointer + first * columns * 3, scratch.context.pointer + first * columns,
                Int32(columns), scratch.attention.pointer)
            first += length
        }
        observe(.attentionOutput, scratch.context.pointer)
        linears.attentionOutput.apply(
            kernels, BK_IDENTITY, rows: rows, scratch.context.pointer, scratch.y.pointer, scratch.quantization)
        normalize(layer.attentionNorm, rows: rows, scratch)
    }

    /// Turns the queries and the keys of a sequence.
    private func rotate(
        _ rows: UnsafeMutablePointer<Float>, rows count: Int, _ rotation: Rotation, _ layout: AttentionLayout
    ) {
        for part in 0..<2 {
            kernels.table.pointee.rotate(
                Int32(count), Int32(layout.headCount), Int32(layout.paddedHeadWidth), Int32(rotation.half),
                rotation.cosines.pointer, rotation.sines.pointer, rows + part * layout.columns,
                Int32(layout.columns * 3))
        }
    }

    /// x = x + down(activation(up(input))), or activation(one half of it) * the other; input = norm(x)
    private func transform(
        _ layer: EncoderLayer, _ linears: LayerLinears, rows: Int, _ scratch: ScratchBuffers,
        observe: (LinearRole, UnsafePointer<Float>, Int) -> Void
    ) {
        let stride = padded(configuration.hiddenSize)
        var first = 0
        while first < rows {
            let count = min(ScratchBuffers.innerRows, rows - first)
            let input = scratch.input.pointer + first * stride
            observe(.up, input, count)
            linears.up.apply(
                kernels, configuration.isGated ? BK_IDENTITY : configuration.activation, rows: count, input,
                scratch.inner.pointer, scratch.quantization)
            if configuration.isGated {
                kernels.table.pointee.gate(
                    configuration.activation, Int32(count), Int32(padded(configuration.intermediateSize)),
                    scratch.inner.pointer)
            }
            observe(.down, scratch.inner.pointer, count)
            linears.down.apply(
                kernels, BK_IDENTITY, rows: count, scratch.inner.pointer, scratch.y.pointer + first * stride,
                scratch.quantization)
            first += count
        }
        normalize(layer.outputNorm, rows: rows, scratch)
    }

    private func normalize(_ norm: LayerNorm, rows: Int, _ scratch: ScratchBuffers) {
        kernels.table.pointee.layer_norm(
            Int32(rows), Int32(configuration.hiddenSize), Int32(padded(configuration.hiddenSize)), scratch.x.pointer,
            scratch.y.pointer, scratch.input.pointer, norm.gamma.pointer, norm.beta.pointer,
            configuration.layerNormEpsilon)
    }

    /// Sums are as good as means where vectors are given length 1, and are divided where they are not.
    private func pool(_ x: UnsafePointer<Float>, rows: Int, _ target: UnsafeMutablePointer<Float>) {
        let width = configuration.hiddenSize, stride = padded(width)
        guard rows > 0 else { return target.update(repeating: 0, count: width) }
        switch pooling {
        case .mean: kernels.table.pointee.sum_rows(Int32(rows), Int32(stride), x, Int32(stride), target)
        case .firstToken: target.update(from: x, count: width)
        case .lastToken: target.update(from: x + (rows - 1) * stride, count: width)
        case .maximum:
            target.update(from: x, count: width)
            for row in 1..<max(1, rows) {
                let row = x + row * stride
                for column in 0..<width { target[column] = max(target[column], row[column]) }
            }
        }
        if pooling == .mean, !normalizes {
            for column in 0..<width { target[column] /= Float(rows) }
        }
        guard normalizes else { return }
        var squares: Float = 0
        for column in 0..<width { squares += target[column] * target[column] }
        let inverse = squares > 0 ? 1 / squares.squareRoot() : 0
        for column in 0..<width { target[column] *= inverse }
    }
}

/// The linear layers of an encoder layer.
enum LinearRole {
    case projection, attentionOutput, up, down
}

/// Collects what linear layers are given, over one run.
final class InputObserver {
    private(set) var layers: [LayerStatistics]

    init(_ configuration: ModelConfiguration) {
        layers = Array(repeating: LayerStatistics(configuration), count: configuration.layerCount)
    }

    func observe(_ layer: Int, _ role: LinearRole, rows: Int, _ input: UnsafePointer<Float>) {
        switch role {
        case .projection: layers[layer].projection.add(rows: rows, input)
        case .attentionOutput: layers[layer].attentionOutput.add(rows: rows, input)
        case .up: layers[layer].up.add(rows: rows, input)
        case .down: layers[layer].down.add(rows: rows, input)
        }
    }
}
