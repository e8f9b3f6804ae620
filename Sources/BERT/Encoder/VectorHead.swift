import BERTKernels

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// What makes an embedding of a pooled vector, where that is more than giving it length 1.
struct VectorHead: Sendable {
    private enum Step: Sendable {
        case normalize
        case dense(DenseLayer)
    }

    private let steps: [Step]
    private let kernels: Kernels

    init(_ steps: [VectorStep], kernels: Kernels) throws(BERTError) {
        self.kernels = kernels
        var made: [Step] = []
        for step in steps {
            switch step {
            case .normalize: made.append(.normalize)
            case .dense(let configuration): made.append(.dense(try DenseLayer(configuration, kernels)))
            }
        }
        self.steps = made
    }

    /// A vector of length 1.
    func embedding(_ pooled: UnsafeBufferPointer<Float>) -> [Float] {
        var vector = Array(pooled)
        for step in steps {
            switch step {
            case .normalize: Self.normalize(&vector)
            case .dense(let layer): vector = layer.apply(vector, kernels)
            }
        }
        Self.normalize(&vector)
        return vector
    }

    private static func normalize(_ vector: inout [Float]) {
        let squares = vector.reduce(0) { $0 + $1 * $1 }
        let inverse = squares > 0 ? 1 / squares.squareRoot() : 0
        for index in vector.indices { vector[index] *= inverse }
    }
}

/// A linear layer with an activation, for one vector at a time.
private struct DenseLayer: Sendable {
    private let configuration: DenseConfiguration
    private let linear: FloatLinear

    init(_ configuration: DenseConfiguration, _ kernels: Kernels) throws(BERTError) {
        self.configuration = configuration
        let file = try SafeTensors(configuration.folder)
        let inputs = configuration.inputs, outputs = configuration.outputs
        let weight = try file.tensor("linear.weight", shape: [outputs, inputs])
        let source = LinearSource(inputs: inputs, outputs: outputs)
        for output in 0..<outputs {
            file.read(
                weight, from: output * inputs, count: inputs, into: source.weights.pointer + output * source.inputs)
        }
        if configuration.hasBias {
            let bias = try file.tensor("linear.bias", shape: [outputs])
            file.read(bias, from: 0, count: outputs, into: source.bias.pointer)
        }
        linear = FloatLinear(source, kernels)
    }

    func apply(_ vector: [Float], _ kernels: Kernels) -> [Float] {
        let input = AlignedBuffer<Float>(count: padded(configuration.inputs))
        let output = AlignedBuffer<Float>(count: padded(configuration.outputs))
        input.pointer.update(from: vector, count: vector.count)
        var activation = BK_IDENTITY
        if case .kernel(let kind) = configuration.activation { activation = kind }
        linear.apply(kernels, activation, rows: 1, input.pointer, output.pointer)
        let result = UnsafeBufferPointer(start: output.pointer, count: configuration.outputs)
        if case .tanh = configuration.activation { return result.map { tanh($0) } }
        return Array(result)
    }
}
