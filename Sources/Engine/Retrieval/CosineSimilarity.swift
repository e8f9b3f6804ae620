import Domain

/// Compares one vector with many.
struct CosineSimilarity: Sendable {
    private let values: [Float]
    private let squares: Float

    init(to embedding: Embedding) {
        values = embedding.values
        squares = values.withUnsafeBufferPointer { Self.dot($0, $0) }
    }

    /// -1...1; 0 where one of the two is all zeros or they have different dimensions.
    func callAsFunction(_ other: UnsafeBufferPointer<Float>) -> Float {
        guard values.count == other.count else { return 0 }
        return values.withUnsafeBufferPointer { own in
            let product = squares * Self.dot(other, other)
            return product > 0 ? Self.dot(own, other) / product.squareRoot() : 0
        }
    }

    /// Eight sums side by side, which fill one register.
    private static func dot(_ left: UnsafeBufferPointer<Float>, _ right: UnsafeBufferPointer<Float>) -> Float {
        let (a, b) = (UnsafeRawBufferPointer(left), UnsafeRawBufferPointer(right))
        let width = MemoryLayout<SIMD8<Float>>.size
        var sums = SIMD8<Float>()
        var offset = 0
        while offset + width <= a.count {
            sums.addProduct(
                a.loadUnaligned(fromByteOffset: offset, as: SIMD8<Float>.self),
                b.loadUnaligned(fromByteOffset: offset, as: SIMD8<Float>.self))
            offset += width
        }
        return zip(left, right).dropFirst(offset / 4).reduce(sums.sum()) { $0 + $1.0 * $1.1 }
    }
}
