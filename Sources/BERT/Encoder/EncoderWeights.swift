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
        beta = try tensors.vector(tensors.firstOf(name + ".bias", name + ".beta"), count: width)
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

    /// Copies a linear layer into `source`, its output i to `outputIndex(i)` and its input j to `inputIndex(j)`.
    func readLinear(
        _ name: String, inputs: Int, outputs: Int, into source: LinearSource, outputIndex: (Int) -> Int = { $0 },
        inputIndex: ((Int) -> Int)? = nil
    ) throws(BERTError) {
        let weight = try tensor(name + ".weight", shape: [outputs, inputs])
        let bias = try vector(name + ".bias", count: outputs)
        let row = AlignedBuffer<Float>(count: inputs)
        for output in 0..<outputs {
            let index = outputIndex(output), target = source.weights.pointer + index * source.inputs
            source.bias.pointer[index] = bias.pointer[output]
            guard let inputIndex else {
                file.read(weight, from: output * inputs, count: inputs, into: target)
                continue
            }
            file.read(weight, from: output * inputs, count: inputs, into: row.pointer)
            for input in 0..<inputs { target[inputIndex(input)] = row.pointer[input] }
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
        let names = configuration.names
        // Before anything of these sizes is allocated: a tensor that exists is no larger than the file.
        _ = try tensors.tensor(names.inLayer(layer, names.projection[0]) + ".weight", shape: [hidden, hidden])
        _ = try tensors.tensor(names.inLayer(layer, names.up[0]) + ".weight", shape: [inner, hidden])
        projection = LinearSource(inputs: hidden, outputs: 3 * layout.columns)
        for (part, name) in names.projection.enumerated() {
            try tensors.readLinear(
                names.inLayer(layer, name), inputs: hidden, outputs: hidden, into: projection,
                outputIndex: { part * layout.columns + layout.index($0) })
        }
        attentionOutput = LinearSource(inputs: layout.columns, outputs: hidden)
        let place: (Int) -> Int = { layout.index($0) }
        try tensors.readLinear(
            names.inLayer(layer, names.attentionOutput), inputs: hidden, outputs: hidden, into: attentionOutput,
            inputIndex: layout.paddedHeadWidth == layout.headWidth ? nil : place)
        up = LinearSource(inputs: hidden, outputs: inner)
        try tensors.readLinear(names.inLayer(layer, names.up[0]), inputs: hidden, outputs: inner, into: up)
        down = LinearSource(inputs: inner, outputs: hidden)
        try tensors.readLinear(names.inLayer(layer, names.down), inputs: inner, outputs: hidden, into: down)
    }
}
