import BERTKernels
import Foundation
import TestSupport
import Testing

/// The kernels of each instruction set that this CPU has, against plain loops.
@Suite struct KernelTests {
    static let levels = ["portable", "avx2", "avx512", "avx512vnni"]

    /// Where this CPU lacks the level, the case is reported as skipped; `script/test-kernels` emulates others.
    func kernels(_ level: String) throws -> bk_kernels {
        let table = try #require(bk_kernels_for(level)).pointee
        guard String(cString: table.name) == level else { try Test.cancel("this CPU has no \(level)") }
        return table
    }

    func numbers(_ count: Int, seed: UInt64, scale: Float = 1) -> [Float] {
        var random = SplitMix64(seed: seed)
        return (0..<count).map { _ in Float.random(in: -scale...scale, using: &random) }
    }

    func largestDifference(_ values: [Float], _ expected: [Double]) -> Double {
        guard values.count == expected.count else { return .infinity }
        return zip(values, expected).reduce(0) { max($0, abs(Double($1.0) - $1.1)) }
    }

    /// a[rows][inputs] * w[outputs][inputs] + bias
    private func product(rows: Int, inputs: Int, outputs: Int, _ a: [Float], _ w: [Float], _ bias: [Float]) -> [Double]
    {
        (0..<rows * outputs).map { index in
            let row = index / outputs, output = index % outputs
            return (0..<inputs).reduce(Double(bias[output])) {
                $0 + Double(a[row * inputs + $1]) * Double(w[output * inputs + $1])
            }
        }
    }

    @Test(arguments: levels, [1, 2, 3, 4, 5, 6, 7, 13]) func `products of any number of rows are right`(
        level: String, rows: Int
    ) throws {
        let kernels = try kernels(level)
        for (inputs, outputs) in [(64, 64), (320, 128)] {
            let a = numbers(rows * inputs, seed: 1), w = numbers(inputs * outputs, seed: 2)
            let bias = numbers(outputs, seed: 3)
            let expected = product(rows: rows, inputs: inputs, outputs: outputs, a, w, bias)
            let results = [
                (floatProduct(kernels, rows, inputs, outputs, a, w, bias), 1e-4),
                kernels.has_s16 != 0 ? (s16Product(kernels, rows, inputs, outputs, a, w, bias), 2e-2) : ([], 0),
                kernels.has_s8 != 0 ? (s8Product(kernels, rows, inputs, outputs, a, w, bias), 0.4) : ([], 0),
            ]
            for (result, tolerance) in results where !result.isEmpty {
                #expect(largestDifference(result, expected) < tolerance)
            }
        }
    }

    @Test(arguments: levels) func `the largest possible sums do not overflow`(level: String) throws {
        let kernels = try kernels(level)
        guard kernels.has_s16 != 0 else { try Test.cancel("\(level) has no products of 16 bits") }
        for inputs in [64, 1536, 4096] {
            let a = [Float](repeating: 3, count: inputs), w = [Float](repeating: -0.25, count: inputs * 64)
            let bias = [Float](repeating: 0, count: 64), expected = Float(inputs) * -0.75
            #expect(s16Product(kernels, 1, inputs, 64, a, w, bias).allSatisfy { abs($0 / expected - 1) < 0.01 })
            guard kernels.has_s8 != 0 else { continue }
            let result = s8Product(kernels, 1, inputs, 64, [6] + a.dropFirst(), w, bias)
            #expect(result.allSatisfy { abs($0 / (expected - 0.75) - 1) < 0.01 })
        }
    }

    @Test(arguments: levels) func `activations are within a millionth of their definition`(level: String) throws {
        let kernels = try kernels(level)
        let x = stride(from: Float(-12), to: 12, by: 0.005).map { $0 }, count = x.count / 64 * 64
        let zeros = [Float](repeating: 0, count: 64 * 64)
        for activation in Self.activations {
            for start in stride(from: 0, to: count, by: 64) {
                let bias = Array(x[start..<start + 64])
                let result = floatProduct(kernels, 1, 64, 64, Array(zeros.prefix(64)), zeros, bias, activation)
                #expect(
                    largestDifference(result, bias.map { activated(Double($0), activation) }) < 3e-6,
                    "\(activation) at \(bias[0])"
                )
            }
        }
    }

    @Test(arguments: [1, 2, 15, 16, 17, 63, 64, 65, 130, 512]) func `attention is right for any length`(length: Int)
        throws
    {
        for (heads, width) in length > 100 ? [(1, 32)] : [(2, 16), (2, 32), (1, 48), (1, 64)] {
            let columns = (heads * width + 63) / 64 * 64
            let projected = numbers(length * columns * 3, seed: UInt64(length), scale: 2)
            let expected = attention(projected, length: length, heads: heads, width: width, columns: columns)
            for kernels in try Self.levels.compactMap(kernels) {
                for (kernel, tolerance) in [(kernels.attention_f32, 1e-5), (kernels.attention_s16, 4e-3)] {
                    guard let kernel else { continue }
                    let out = runAttention(
                        kernel, projected, length: length, heads: heads, width: width, columns: columns)
                    #expect(largestDifference(out, expected) < tolerance)
                }
            }
        }
    }

    @Test(arguments: levels, [1, 15, 16, 33, 64, 100]) func `layer normalization is right for any width`(
        level: String, width: Int
    ) throws {
        let kernels = try kernels(level)
        let stride = (width + 63) / 64 * 64, rows = 3
        let pad = { (values: [Float]) in values + [Float](repeating: 0, count: stride - width) }
        var x = (0..<rows).flatMap { pad(numbers(width, seed: UInt64($0), scale: 5)) }
        let y = (0..<rows).flatMap { pad(numbers(width, seed: UInt64($0 + 10))) }
        let gamma = pad(numbers(width, seed: 20)), beta = pad(numbers(width, seed: 21))
        let sums = zip(x, y).map { Double($0) + Double($1) }
        var out = x
        kernels.layer_norm(Int32(rows), Int32(width), Int32(stride), &x, y, &out, gamma, beta, 1e-5)
        for row in 0..<rows {
            let values = sums[row * stride..<row * stride + width], mean = values.reduce(0, +) / Double(width)
            let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(width)
            for column in 0..<stride {
                let expected =
                    column < width
                    ? (values[row * stride + column] - mean) / (variance + 1e-5).squareRoot() * Double(gamma[column])
                        + Double(beta[column]) : 0
                #expect(abs(Double(out[row * stride + column]) - expected) < 1e-4)
                #expect(abs(Double(x[row * stride + column]) - sums[row * stride + column]) < 1e-5)
            }
        }
    }

    @Test func `16-bit floats are widened exactly`() {
        let halves = (0...UInt16.max).map { $0 }
        var wide = [Float](repeating: 0, count: halves.count)
        bk_widen_bf16(halves.count, halves, &wide)
        #expect(zip(halves, wide).allSatisfy { $1.bitPattern == UInt32($0) << 16 })
        bk_widen_f16(halves.count, halves, &wide)
        let isExact = { (half: UInt16, value: Float) in
            let exponent = Int(half >> 10 & 31), fraction = Double(half & 1023), sign = half >> 15 == 0 ? 1.0 : -1.0
            if exponent == 31 { return fraction == 0 ? Double(value) == sign * .infinity : value.isNaN }
            let power = exponent == 0 ? fraction * 0x1p-24 : (1024 + fraction) * pow(2, Double(exponent - 25))
            return Double(value) == sign * power
        }
        #expect(zip(halves, wide).allSatisfy(isExact))
    }

    @Test func `the level is the one that was asked for, or the best below it`() throws {
        #expect(bk_kernels_for("sse9") == nil)
        #expect(String(cString: try #require(bk_kernels_for("portable")).pointee.name) == "portable")
        let best = String(cString: try #require(bk_kernels_for(nil)).pointee.name)
        #expect(Self.levels.contains(best))
    }
}
