import BERTKernels
import Foundation

// Calls of the kernels with Swift arrays, and attention in plain loops.
extension KernelTests {
    func floatProduct(
        _ kernels: bk_kernels, _ rows: Int, _ inputs: Int, _ outputs: Int, _ a: [Float], _ w: [Float], _ bias: [Float],
        _ activation: bk_activation = BK_IDENTITY
    ) -> [Float] {
        var packed = [Float](repeating: 0, count: inputs * outputs), c = [Float](repeating: 0, count: rows * outputs)
        bk_pack_f32(kernels.panel, Int32(inputs), Int32(outputs), w, &packed)
        packed.withUnsafeBufferPointer { packed in
            bias.withUnsafeBufferPointer { bias in
                var weights = bk_linear_f32(
                    inputs: Int32(inputs), outputs: Int32(outputs), packed: packed.baseAddress, bias: bias.baseAddress)
                kernels.linear_f32(&weights, activation, Int32(rows), a, Int32(inputs), &c, Int32(outputs))
            }
        }
        return c
    }

    func s16Product(
        _ kernels: bk_kernels, _ rows: Int, _ inputs: Int, _ outputs: Int, _ a: [Float], _ w: [Float], _ bias: [Float]
    ) -> [Float] {
        var packed = [Int16](repeating: 0, count: inputs * outputs), scale = [Float](repeating: 0, count: outputs)
        var quantized = [Int16](repeating: 0, count: rows * inputs), rowScale = [Float](repeating: 0, count: rows)
        var c = [Float](repeating: 0, count: rows * outputs)
        bk_pack_s16(kernels.panel, Int32(inputs), Int32(outputs), w, &packed, &scale)
        kernels.quantize_s16(Int32(rows), Int32(inputs), a, Int32(inputs), &quantized, Int32(inputs), &rowScale)
        packed.withUnsafeBufferPointer { packed in
            scale.withUnsafeBufferPointer { scale in
                bias.withUnsafeBufferPointer { bias in
                    var weights = bk_linear_s16(
                        inputs: Int32(inputs), outputs: Int32(outputs), packed: packed.baseAddress,
                        scale: scale.baseAddress, bias: bias.baseAddress)
                    kernels.linear_s16(
                        &weights, BK_IDENTITY, Int32(rows), quantized, Int32(inputs), rowScale, &c, Int32(outputs))
                }
            }
        }
        return c
    }

    func s8Product(
        _ kernels: bk_kernels, _ rows: Int, _ inputs: Int, _ outputs: Int, _ a: [Float], _ w: [Float], _ bias: [Float]
    ) -> [Float] {
        var packed = [Int8](repeating: 0, count: inputs * outputs), scale = [Float](repeating: 0, count: outputs)
        var sum = scale, quantized = [UInt8](repeating: 0, count: rows * inputs)
        var rowScale = [Float](repeating: 0, count: rows), minimum = rowScale
        var c = [Float](repeating: 0, count: rows * outputs)
        // Factors that differ by input and cancel out, as balancing has them.
        let factors = (0..<inputs).map { Float($0 % 3 + 1) }
        let balanced = w.enumerated().map { $1 / factors[$0 % inputs] }
        bk_pack_s8(kernels.panel, Int32(inputs), Int32(outputs), balanced, &packed, &scale, &sum)
        kernels.quantize_u8(
            Int32(rows), Int32(inputs), a, Int32(inputs), factors, &quantized, Int32(inputs), &rowScale, &minimum)
        packed.withUnsafeBufferPointer { packed in
            scale.withUnsafeBufferPointer { scale in
                sum.withUnsafeBufferPointer { sum in
                    bias.withUnsafeBufferPointer { bias in
                        var weights = bk_linear_s8(
                            inputs: Int32(inputs), outputs: Int32(outputs), packed: packed.baseAddress,
                            scale: scale.baseAddress, sum: sum.baseAddress, bias: bias.baseAddress)
                        kernels.linear_s8(
                            &weights, BK_IDENTITY, Int32(rows), quantized, Int32(inputs), rowScale, minimum, &c,
                            Int32(outputs))
                    }
                }
            }
        }
        return c
    }

    static let activations = [BK_IDENTITY, BK_GELU, BK_GELU_TANH, BK_RELU, BK_SILU]

    func activated(_ x: Double, _ activation: bk_activation) -> Double {
        switch activation {
        case BK_GELU: x * 0.5 * erfc(-x / 2.0.squareRoot())
        case BK_GELU_TANH: 0.5 * x * (1 + tanh((2 / Double.pi).squareRoot() * (x + 0.044715 * x * x * x)))
        case BK_RELU: max(0, x)
        case BK_SILU: x / (1 + exp(-x))
        default: x
        }
    }

    typealias AttentionKernel =
        @convention(c) (
            UnsafePointer<bk_attention_shape>?, UnsafePointer<Float>?, UnsafeMutablePointer<Float>?, Int32,
            UnsafeMutableRawPointer?
        ) -> Void

    /// What attention is told besides its numbers: `relative` has 2 * `length` + 14 for each head, the one for distance 0 at
    /// `length` - 1.
    struct Distances {
        var window = 0
        var relative: [Float] = []
    }

    func runAttention(
        _ kernel: AttentionKernel, _ projected: [Float], length: Int, heads: Int, width: Int, columns: Int,
        _ distances: Distances = Distances()
    ) -> [Float] {
        var out = [Float](repeating: 0, count: length * columns)
        let size = bk_attention_scratch(Int32(length), Int32(width)), guardSize = 64
        let scratch = UnsafeMutableRawBufferPointer.allocate(byteCount: size + guardSize, alignment: 64)
        defer { scratch.deallocate() }
        for index in scratch.indices { scratch[index] = 0xA5 }
        distances.relative.withUnsafeBufferPointer { relative in
            var shape = bk_attention_shape(
                length: Int32(length), heads: Int32(heads), head_width: Int32(width), stride: Int32(columns * 3),
                key_offset: Int32(columns), value_offset: Int32(columns * 2), scale: 1 / Float(width).squareRoot(),
                window: Int32(distances.window), relative: relative.isEmpty ? nil : relative.baseAddress! + length - 1,
                relative_stride: Int32(2 * length + 14))
            kernel(&shape, projected, &out, Int32(columns), scratch.baseAddress)
        }
        precondition(scratch[size...].allSatisfy { $0 == 0xA5 }, "the kernel wrote past its scratch")
        return out
    }

    func attention(
        _ projected: [Float], length: Int, heads: Int, width: Int, columns: Int, _ distances: Distances = Distances()
    ) -> [Double] {
        var out = [Double](repeating: 0, count: length * columns)
        let value = { (row: Int, part: Int, column: Int) in
            Double(projected[row * columns * 3 + part * columns + column])
        }
        for head in 0..<heads {
            let range = head * width..<(head + 1) * width
            for row in 0..<length {
                let scores = (0..<length).map { other in
                    if distances.window > 0, abs(other - row) > distances.window { return -Double.infinity }
                    let place = head * (2 * length + 14) + length - 1 + other - row
                    let added = distances.relative.isEmpty ? 0 : Double(distances.relative[place])
                    let product = range.reduce(0) { $0 + value(row, 0, $1) * value(other, 1, $1) }
                    return product / Double(width).squareRoot() + added
                }
                let top = scores.max() ?? 0, weights = scores.map { exp($0 - top) }, sum = weights.reduce(0, +)
                for column in range {
                    out[row * columns + column] =
                        (0..<length).reduce(0) { $0 + weights[$1] * value($1, 2, column) } / sum
                }
            }
        }
        return out
    }
}
