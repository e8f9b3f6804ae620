#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// A number for each head and each distance of two tokens, which is added to their score.
///
/// Distances share numbers in classes that grow wider, as in T5 (Raffel et al. 2020): half of the classes are for tokens
/// that follow. MPNet has one table for all layers.
struct RelativeBias: Sendable {
    /// [heads][stride], by the distance from the token that attends, -maximumTokens the first.
    private let values: AlignedBuffer<Float>
    let stride: Int
    private let maximumTokens: Int

    /// Behind this distance all are of the last class.
    private static let maximumDistance = 128
    /// The kernels read whole vectors, beyond the last token.
    private static let overhang = 16

    /// `nil` for models without such a table.
    init?(_ tensors: BERTTensors, maximumTokens: Int) throws(BERTError) {
        let buckets = tensors.configuration.relativeBuckets, heads = tensors.configuration.headCount
        guard buckets > 0 else { return nil }
        let table = try tensors.tensor(tensors.configuration.names.relativeBias, shape: [buckets, heads])
        let rows = AlignedBuffer<Float>(count: buckets * heads)
        tensors.file.read(table, from: 0, count: rows.count, into: rows.pointer)
        self.maximumTokens = maximumTokens
        stride = 2 * maximumTokens + Self.overhang
        values = AlignedBuffer(count: heads * stride)
        for distance in -maximumTokens..<maximumTokens {
            let bucket = Self.bucket(distance, of: buckets)
            for head in 0..<heads {
                values.pointer[head * stride + maximumTokens + distance] = rows.pointer[bucket * heads + head]
            }
        }
    }

    /// The number of the first head for distance 0.
    var center: UnsafePointer<Float> { UnsafePointer(values.pointer) + maximumTokens }

    /// The class of a distance: each of its own up to half of them, by the logarithm from there on.
    private static func bucket(_ distance: Int, of buckets: Int) -> Int {
        let half = buckets / 2, exact = half / 2, length = abs(distance)
        let first = distance > 0 ? half : 0
        guard length >= exact else { return first + length }
        let share = log(Float(length) / Float(exact)) / Float(log(Double(maximumDistance) / Double(exact)))
        return first + min(exact + Int(share * Float(half - exact)), half - 1)
    }
}
