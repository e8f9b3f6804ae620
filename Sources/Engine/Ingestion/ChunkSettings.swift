package import Domain

/// How texts are cut: how long chunks are and how much of its predecessor each repeats, in UTF-16 code units, and where.
package struct ChunkSettings: Sendable, Hashable {
    package static let defaultOverlap = 20

    package internal(set) var size: Int
    package internal(set) var overlap: Int
    package let method: ChunkMethod

    /// Throws `ServiceError.invalid` unless `0 <= overlap < size`.
    package init(size: Int, overlap: Int, method: ChunkMethod = .structure) throws(ServiceError) {
        guard size > 0 else { throw .invalid("The chunk size must be greater than zero.") }
        guard overlap >= 0 else { throw .invalid("The chunk overlap must not be negative.") }
        // The wording is the wire's.
        guard overlap < size else { throw .invalid("Cannot have chunkOverlap >= chunkSize") }
        self.size = size
        self.overlap = overlap
        self.method = method
    }

    /// What to use for an embedder whose chunks may have `limit` code units, given the two settings where they are set.
    ///
    /// The size defaults to the limit and never exceeds it; the overlap defaults to 20.
    package init(size: Int?, overlap: Int?, limit: Int, method: ChunkMethod = .structure) throws(ServiceError) {
        let size = min(size ?? limit, limit)
        // Nobody chose the default, so it must not make a small size fail.
        let defaultOverlap = size > Self.defaultOverlap ? Self.defaultOverlap : max(size, 0) / 2
        try self.init(size: size, overlap: overlap ?? defaultOverlap, method: method)
    }
}
