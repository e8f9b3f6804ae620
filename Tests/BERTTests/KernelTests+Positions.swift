import BERTKernels
import Foundation
import Testing

// What only some architectures use: distances in attention, rotary positions, gates.
extension KernelTests {
    @Test(arguments: levels, [1, 6, 17, 64, 100]) func `attention knows how far apart tokens are`(
        level: String, length: Int
    ) throws {
        let kernels = try kernels(level)
        let heads = 2, width = 32, columns = 64
        let projected = numbers(length * columns * 3, seed: 5)
        for kind in 0..<4 {
            let distances = Distances(
                window: kind & 1 > 0 ? 1 + length / 5 : 0,
                relative: kind & 2 > 0 ? numbers(heads * (2 * length + 14), seed: 6, scale: 3) : [])
            let expected = attention(
                projected, length: length, heads: heads, width: width, columns: columns, distances)
            for (kernel, tolerance) in [(kernels.attention_f32, 1e-5), (kernels.attention_s16, 5e-3)] {
                guard let kernel else { continue }
                let out = runAttention(
                    kernel, projected, length: length, heads: heads, width: width, columns: columns, distances)
                #expect(largestDifference(out, expected) < tolerance)
            }
        }
    }

    @Test(arguments: levels, [1, 8, 16, 33]) func `rotary positions turn pairs of columns`(
        level: String, half: Int
    ) throws {
        let kernels = try kernels(level)
        let heads = 2, width = (2 * half + 15) / 16 * 16, stride = (heads * width + 63) / 64 * 64, rows = 3
        let angles = numbers(rows * half, seed: 1, scale: 3), before = numbers(rows * stride, seed: 2)
        var x = before
        kernels.rotate(
            Int32(rows), Int32(heads), Int32(width), Int32(half), angles.map { cos($0) }, angles.map { sin($0) }, &x,
            Int32(stride))
        var expected = before.map(Double.init)
        for row in 0..<rows {
            for head in 0..<heads {
                for pair in 0..<half {
                    let left = row * stride + head * width + pair, angle = Double(angles[row * half + pair])
                    let a = Double(before[left]), b = Double(before[left + half])
                    expected[left] = a * cos(angle) - b * sin(angle)
                    expected[left + half] = b * cos(angle) + a * sin(angle)
                }
            }
        }
        #expect(largestDifference(x, expected) < 1e-5)
    }

    @Test(arguments: levels) func `the right half of each row is let through by the left`(level: String) throws {
        let kernels = try kernels(level)
        let rows = 3, width = 64, before = numbers(rows * width * 2, seed: 3, scale: 4)
        for activation in Self.activations {
            var x = before
            kernels.gate(activation, Int32(rows), Int32(width), &x)
            let expected = (0..<rows * width).map { place in
                let left = place / width * 2 * width + place % width
                return activated(Double(before[left]), activation) * Double(before[left + width])
            }
            #expect(largestDifference(Array(x.prefix(rows * width)), expected) < 1e-4)
        }
    }
}
