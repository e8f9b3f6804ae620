import BERTKernels

/// What is known of the inputs of a linear layer from a run over typical text.
struct InputStatistics: Sendable {
    /// Largest magnitude of each input.
    var largest: [Float]
    /// Sum of each input over all tokens.
    var sum: [Float]
    var tokens: Float = 0

    init(inputs: Int) {
        largest = [Float](repeating: 0, count: inputs)
        sum = largest
    }

    mutating func add(rows: Int, _ input: UnsafePointer<Float>) {
        let count = largest.count
        for row in 0..<rows {
            let values = input + row * count
            for index in 0..<count {
                largest[index] = max(largest[index], abs(values[index]))
                sum[index] += values[index]
            }
        }
        tokens += Float(rows)
    }

    mutating func merge(_ other: InputStatistics) {
        for index in largest.indices {
            largest[index] = max(largest[index], other.largest[index])
            sum[index] += other.sum[index]
        }
        tokens += other.tokens
    }
}

/// A linear layer in 8-bit integers.
///
/// Two things keep it accurate, both from `InputStatistics`:
/// - Balancing (SmoothQuant, Xiao et al. 2022): a few inputs are ten times larger than the rest and would take all of the
///   8 bits. Each input is divided by a factor that its weights are multiplied with, between the two magnitudes.
/// - Bias correction (Nagel et al. 2019): rounding the weights shifts every output by (rounding error) * (mean input),
///   the same for all tokens, so that pooling does not average it away. The bias takes it back.
struct Integer8Linear: Sendable {
    private let inputs: Int
    private let outputs: Int
    private let packed: AlignedBuffer<Int8>
    private let scale: AlignedBuffer<Float>
    private let sum: AlignedBuffer<Float>
    private let bias: AlignedBuffer<Float>
    /// What each input is multiplied with before it is rounded.
    private let channelScale: AlignedBuffer<Float>

    init(_ source: LinearSource, _ kernels: Kernels, _ statistics: InputStatistics?) {
        inputs = source.inputs
        outputs = source.outputs
        packed = AlignedBuffer(count: inputs * outputs)
        scale = AlignedBuffer(count: outputs)
        sum = AlignedBuffer(count: outputs)
        bias = AlignedBuffer(count: outputs)
        channelScale = AlignedBuffer(count: inputs)
        bias.pointer.update(from: source.bias.pointer, count: outputs)
        for input in 0..<inputs { channelScale.pointer[input] = 1 }
        if let statistics { balance(source, statistics) }
        let balanced = AlignedBuffer<Float>(count: inputs * outputs)
        for output in 0..<outputs {
            let row = source.weights.pointer + output * inputs, target = balanced.pointer + output * inputs
            for input in 0..<inputs { target[input] = row[input] / channelScale.pointer[input] }
        }
        bk_pack_s8(
            Int32(kernels.panel), Int32(inputs), Int32(outputs), balanced.pointer, packed.pointer, scale.pointer,
            sum.pointer)
        if let statistics { correctBias(balanced, statistics, panel: kernels.panel) }
    }

    func apply(
        _ kernels: Kernels, _ activation: bk_activation, rows: Int, _ a: UnsafePointer<Float>,
        _ c: UnsafeMutablePointer<Float>, _ scratch: QuantizationScratch
    ) {
        let quantized = scratch.values.assumingMemoryBound(to: UInt8.self)
        kernels.table.pointee.quantize_u8(
            Int32(rows), Int32(inputs), a, Int32(inputs), channelScale.pointer, quantized, Int32(inputs),
            scratch.scales,
            scratch.minimums)
        var weights = bk_linear_s8(
            inputs: Int32(inputs), outputs: Int32(outputs), packed: packed.pointer, scale: scale.pointer,
            sum: sum.pointer, bias: bias.pointer)
        kernels.table.pointee.linear_s8(
            &weights, activation, Int32(rows), quantized, Int32(inputs), scratch.scales, scratch.minimums, c,
            Int32(outputs))
    }

    /// Sets each channel's factor to sqrt(largest weight / largest input), which makes the two equally large.
    private func balance(_ source: LinearSource, _ statistics: InputStatistics) {
        var largestWeight = [Float](repeating: 0, count: inputs)
        for output in 0..<outputs {
            let row = source.weights.pointer + output * inputs
            for input in 0..<inputs { largestWeight[input] = max(largestWeight[input], abs(row[input])) }
        }
        for input in 0..<inputs where largestWeight[input] > 0 && statistics.largest[input] > 0 {
            let factor = (largestWeight[input] / statistics.largest[input]).squareRoot()
            if factor.isFinite && factor > 1e-6 { channelScale.pointer[input] = factor }
        }
    }

    private func correctBias(_ balanced: AlignedBuffer<Float>, _ statistics: InputStatistics, panel: Int) {
        guard statistics.tokens > 0 else { return }
        for output in 0..<outputs {
            let row = balanced.pointer + output * inputs
            let quantized = packed.pointer + output / panel * panel * inputs + output % panel * 4
            var shift: Float = 0
            for input in 0..<inputs {
                let error = Float(quantized[input / 4 * panel * 4 + input % 4]) * scale.pointer[output] - row[input]
                shift += error * statistics.sum[input] * channelScale.pointer[input]
            }
            if shift.isFinite { bias.pointer[output] -= shift / statistics.tokens }
        }
    }
}
