package import Domain

/// How long chunks are and how much of its predecessor each repeats, in UTF-16 code units.
package struct ChunkSettings: Sendable, Hashable {
    package static let defaultOverlap = 20

    package let size: Int
    package let overlap: Int

    /// Throws `ServiceError.invalid` unless `0 <= overlap < size`.
    package init(size: Int, overlap: Int) throws(ServiceError) {
        guard size > 0 else { throw .invalid("The chunk size must be greater than zero.") }
        guard overlap >= 0 else { throw .invalid("The chunk overlap must not be negative.") }
        // The wording is the wire's.
        guard overlap < size else { throw .invalid("Cannot have chunkOverlap >= chunkSize") }
        self.size = size
        self.overlap = overlap
    }

    /// What to use for an embedder whose chunks may have `limit` code units, given the two settings where they are set.
    ///
    /// The size defaults to the limit and never exceeds it; the overlap defaults to 20.
    package init(size: Int?, overlap: Int?, limit: Int) throws(ServiceError) {
        let size = min(size ?? limit, limit)
        // Nobody chose the default, so it must not make a small size fail.
        let defaultOverlap = size > Self.defaultOverlap ? Self.defaultOverlap : max(size, 0) / 2
        try self.init(size: size, overlap: overlap ?? defaultOverlap)
    }
}
