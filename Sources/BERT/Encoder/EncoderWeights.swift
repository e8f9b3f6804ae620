import BERTKernels
import Dispatch

/// Gain and shift of a layer normalization, padded with zeros.
struct LayerNorm: Sendable {
    let gamma: AlignedBuffer<Float>
    let beta: AlignedBuffer<Float>

    /// Older files call the tensors `gamma` and `beta`.
    init(_ tensors: BERTTensors, _ name: String) throws(BERTError) {
        let width = tensors.configuration.hiddenSize
        gamma = try tensors.vector(tensors.firstOf(name + ".weight", name + ".gamma"), count: width)
        beta =
            tensors.configuration.biases.norms
            ? try tensors.vector(tensors.firstOf(name + ".bias", name + ".beta"), count: width)
            : AlignedBuffer(count: padded(width))
    }
}

/// The tensors of a model by the names of its family, with or without its prefix in front.
struct BERTTensors: Sendable {
    let file: SafeTensors
    let configuration: ModelConfiguration
    let prefix: String

    init(_ file: SafeTensors, _ configuration: ModelConfiguration) {
        self.file = file
        self.configuration = configuration
        let names = configuration.names
        prefix = names.prefixes.first { file.contains($0 + names.words) } ?? ""
    }

    func firstOf(_ name: String, _ other: String) -> String { file.contains(prefix + name) ? name : other }

    func tensor(_ name: String, shape: [Int]) throws(BERTError) -> SafeTensors.Tensor {
        try file.tensor(prefix + name, shape: shape)
    }

    func vector(_ name: String, count: Int) throws(BERTError) -> AlignedBuffer<Float> {
        let tensor = try tensor(name, shape: [count])
        let buffer = AlignedBuffer<Float>(count: padded(count))
        file.read(tensor, from: 0, count: count, into: buffer.pointer)
        return buffer
    }

    /// Copies the rows from `first` on of a linear layer with `rows` into `source`, its output i to `outputIndex(i)` and its
    /// input j to `inputIndex(j)`.
    func readLinear(
        _ name: String, inputs: Int, outputs: Int, rows: Int? = nil, from first: Int = 0, hasBias: Bool,
        into source: LinearSource, outputIndex: (Int) -> Int = { $0 }, inputIndex: ((Int) -> Int)? = nil
    ) throws(BERTError) {
        let weight = try tensor(name + ".weight", shape: [rows ?? outputs, inputs])
        let bias = hasBias ? try vector(name + ".bias", count: rows ?? outputs) : nil
        let row = AlignedBuffer<Float>(count: inputs)
        for output in 0..<outputs {
            let index = outputIndex(output), target = source.weights.pointer + index * source.inputs
            if let bias { source.bias.pointer[index] = bias.pointer[first + output] }
            guard let inputIndex else {
                file.read(weight, from: (first + output) * inputs, count: inputs, into: target)
                continue
            }
            file.read(weight, from: (first + output) * inputs, count: inputs, into: row.pointer)
            for input in 0..<inputs { target[inputIndex(input)] = row.pointer[input] }
        }
    }

    /// Copies linear layers that are computed as one into `source`, output i of the layer `part` to `outputIndex(part, i)`.
    /// `names` are theirs, or the one of a layer with all of their rows.
    func readLinears(
        _ names: [String], parts: Int, inputs: Int, outputs: Int, hasBias: Bool, into source: LinearSource,
        outputIndex: (Int, Int) -> Int
    ) throws(BERTError) {
        for part in 0..<parts {
            let isOne = names.count == 1
            try readLinear(
                names[isOne ? 0 : part], inputs: inputs, outputs: outputs, rows: isOne ? parts * outputs : outputs,
                from: isOne ? part * outputs : 0, hasBias: hasBias, into: source,
                outputIndex: { outputIndex(part, $0) })
        }
    }
}

/// How queries, keys and values lie in the rows between the projection and the output layer: every head padded to whole
/// vectors, so that the kernels know no other widths.
struct AttentionLayout: Sendable {
    let headCount: Int
    let headWidth: Int
    let paddedHeadWidth: Int

    init(_ configuration: ModelConfiguration) {
        headCount = configuration.headCount
        headWidth = configuration.headWidth
        paddedHeadWidth = (headWidth + 15) / 16 * 16
    }

    /// Columns of the queries, of the keys, of the values and of the output.
    var columns: Int { padded(headCount * paddedHeadWidth) }

    func index(_ position: Int) -> Int { position / headWidth * paddedHeadWidth + position % headWidth }
}

/// The four linear layers of an encoder layer, as they are in the file.
struct LayerSource {
    var projection: LinearSource
    var attentionOutput: LinearSource
    var up: LinearSource
    var down: LinearSource

    init(_ tensors: BERTTensors, layer: Int) throws(BERTError) {
        let configuration = tensors.configuration, layout = AttentionLayout(configuration)
        let hidden = configuration.hiddenSize, inner = configuration.intermediateSize
        let names = configuration.names, biases = configuration.biases, halves = configuration.isGated ? 2 : 1
        let projections = names.projection.map { names.inLayer(layer, $0) }
        let ups = names.up.map { names.inLayer(layer, $0) }
        // Before anything of these sizes is allocated: a tensor that exists is no larger than the file.
        _ = try tensors.tensor(projections[0] + ".weight", shape: [3 / projections.count * hidden, hidden])
        _ = try tensors.tensor(ups[0] + ".weight", shape: [halves / ups.count * inner, hidden])
        projection = LinearSource(inputs: hidden, outputs: 3 * layout.columns)
        try tensors.readLinears(
            projections, parts: 3, inputs: hidden, outputs: hidden, hasBias: biases.attention, into: projection
        ) { $0 * layout.columns + layout.index($1) }
        attentionOutput = LinearSource(inputs: layout.columns, outputs: hidden)
        let place: (Int) -> Int = { layout.index($0) }
        try tensors.readLinear(
            names.inLayer(layer, names.attentionOutput), inputs: hidden, outputs: hidden, hasBias: biases.attention,
            into: attentionOutput, inputIndex: layout.paddedHeadWidth == layout.headWidth ? nil : place)
        up = LinearSource(inputs: hidden, outputs: halves * padded(inner))
        try tensors.readLinears(
            ups, parts: halves, inputs: hidden, outputs: inner, hasBias: biases.transform, into: up
        ) { $0 * padded(inner) + $1 }
        down = LinearSource(inputs: inner, outputs: hidden)
        try tensors.readLinear(
            names.inLayer(layer, names.down), inputs: inner, outputs: hidden, hasBias: biases.transform, into: down)
    }
}
