package import Domain

/// Pseudo-random numbers that are the same on every machine: SplitMix64 (Steele, Lea, Flood 2014).
package struct SplitMix64: RandomNumberGenerator {
    private var state: UInt64

    package init(seed: UInt64) { state = seed }

    package mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// A vector of length 1 without any preferred direction, for all that tests need: each number is the sum of four
    /// uniform ones, which is nearly normal.
    package mutating func unitVector(_ dimensions: Int) -> Embedding {
        var values = [Float](repeating: 0, count: dimensions)
        for index in 0..<dimensions {
            let bits = next()
            let sum = (bits & 0xFFFF) + ((bits >> 16) & 0xFFFF) + ((bits >> 32) & 0xFFFF) + (bits >> 48)
            values[index] = Float(Int(sum) - 2 * 0xFFFF)
        }
        return Embedding(values).scaledToUnitLength
    }
}

extension Embedding {
    package var scaledToUnitLength: Embedding {
        let length = values.reduce(0) { $0 + $1 * $1 }.squareRoot()
        return length > 0 ? Embedding(values.map { $0 / length }) : self
    }

    /// Cosine similarity, computed plainly in double precision.
    package func cosine(to other: Embedding) -> Float {
        var (dot, left, right) = (0.0, 0.0, 0.0)
        for index in 0..<values.count {
            let (a, b) = (Double(values[index]), Double(other.values[index]))
            dot += a * b
            left += a * a
            right += b * b
        }
        return left == 0 || right == 0 ? 0 : Float(dot / (left * right).squareRoot())
    }
}
