import BERTKernels

/// How the products of a linear layer are computed.
enum Arithmetic: Sendable {
    /// 32-bit floats.
    case float
    /// Weights and inputs rounded to 16-bit integers: as good as floats to six digits of a cosine, at twice the speed.
    case integer16
    /// Weights and inputs rounded to 8-bit integers: four times the speed; needs `InputStatistics` to be accurate.
    case integer8
}

/// A linear layer's numbers as they are in the file, padded to whole panels.
struct LinearSource {
    let inputs: Int
    let outputs: Int
    /// [outputs][inputs]
    let weights: AlignedBuffer<Float>
    let bias: AlignedBuffer<Float>

    init(inputs: Int, outputs: Int) {
        self.inputs = padded(inputs)
        self.outputs = padded(outputs)
        weights = AlignedBuffer(count: self.inputs * self.outputs)
        bias = AlignedBuffer(count: self.outputs)
    }
}

/// A linear layer, packed for one kind of arithmetic.
enum Linear: Sendable {
    case float(FloatLinear)
    case integer16(Integer16Linear)
    case integer8(Integer8Linear)

    init(_ source: LinearSource, _ kernels: Kernels, _ arithmetic: Arithmetic, statistics: InputStatistics? = nil) {
        self =
            switch arithmetic {
            case .float: .float(FloatLinear(source, kernels))
            case .integer16: .integer16(Integer16Linear(source, kernels))
            case .integer8: .integer8(Integer8Linear(source, kernels, statistics))
            }
    }

    /// c[rows, outputs] = activation(a[rows, inputs] * weights + bias); the strides are the column counts.
    func apply(
        _ kernels: Kernels, _ activation: bk_activation, rows: Int, _ a: UnsafePointer<Float>,
        _ c: UnsafeMutablePointer<Float>, _ scratch: QuantizationScratch
    ) {
        switch self {
        case .float(let linear): linear.apply(kernels, activation, rows: rows, a, c)
        case .integer16(let linear): linear.apply(kernels, activation, rows: rows, a, c, scratch)
        case .integer8(let linear): linear.apply(kernels, activation, rows: rows, a, c, scratch)
        }
    }
}

/// Room for the quantized inputs of one linear layer.
struct QuantizationScratch {
    let values: UnsafeMutableRawPointer
    let scales: UnsafeMutablePointer<Float>
    let minimums: UnsafeMutablePointer<Float>
}

struct FloatLinear: Sendable {
    private let inputs: Int
    private let outputs: Int
    private let packed: AlignedBuffer<Float>
    private let bias: AlignedBuffer<Float>

    init(_ source: LinearSource, _ kernels: Kernels) {
        inputs = source.inputs
        outputs = source.outputs
        packed = AlignedBuffer(count: inputs * outputs)
        bias = source.bias
        bk_pack_f32(Int32(kernels.panel), Int32(inputs), Int32(outputs), source.weights.pointer, packed.pointer)
    }

    func apply(
        _ kernels: Kernels, _ activation: bk_activation, rows: Int, _ a: UnsafePointer<Float>,
        _ c: UnsafeMutablePointer<Float>
    ) {
        var weights = bk_linear_f32(
            inputs: Int32(inputs), outputs: Int32(outputs), packed: packed.pointer, bias: bias.pointer)
        kernels.table.pointee.linear_f32(&weights, activation, Int32(rows), a, Int32(inputs), c, Int32(outputs))
    }
}

struct Integer16Linear: Sendable {
    private let inputs: Int
    private let outputs: Int
    private let packed: AlignedBuffer<Int16>
    private let scale: AlignedBuffer<Float>
    private let bias: AlignedBuffer<Float>

    init(_ source: LinearSource, _ kernels: Kernels) {
        inputs = source.inputs
        outputs = source.outputs
        packed = AlignedBuffer(count: inputs * outputs)
        scale = AlignedBuffer(count: outputs)
        bias = source.bias
        bk_pack_s16(
            Int32(kernels.panel), Int32(inputs), Int32(outputs), source.weights.pointer, packed.pointer, scale.pointer)
    }

    func apply(
        _ kernels: Kernels, _ activation: bk_activation, rows: Int, _ a: UnsafePointer<Float>,
        _ c: UnsafeMutablePointer<Float>, _ scratch: QuantizationScratch
    ) {
        let quantized = scratch.values.assumingMemoryBound(to: Int16.self)
        kernels.table.pointee.quantize_s16(
            Int32(rows), Int32(inputs), a, Int32(inputs), quantized, Int32(inputs), scratch.scales)
        var weights = bk_linear_s16(
            inputs: Int32(inputs), outputs: Int32(outputs), packed: packed.pointer, scale: scale.pointer,
            bias: bias.pointer)
        kernels.table.pointee.linear_s16(
            &weights, activation, Int32(rows), quantized, Int32(inputs), scratch.scales, c, Int32(outputs))
    }
}
