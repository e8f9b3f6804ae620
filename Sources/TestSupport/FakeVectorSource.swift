package import Domain
import Synchronization

/// Vectors in memory, standing in for the chunk rows of SQL.
package final class FakeVectorSource: VectorSource {
    private let rows = Mutex<[Namespace: [Chunk.ID: Embedding]]>([:])
    private let readCount = Mutex(0)
    private let beforeReading: @Sendable () async throws -> Void

    /// - Parameter beforeReading: Called when a whole namespace is to be read, after what it holds has been fixed, as
    ///   in a transaction; may wait or throw.
    package init(beforeReading: @escaping @Sendable () async throws -> Void = {}) {
        self.beforeReading = beforeReading
    }

    /// How many times a whole namespace was read.
    package var reads: Int { readCount.withLock { $0 } }

    package func put(_ vectors: [(id: Chunk.ID, embedding: Embedding)], in namespace: Namespace) {
        rows.withLock { rows in
            for (id, embedding) in vectors { rows[namespace, default: [:]][id] = embedding }
        }
    }

    package func remove(_ chunks: [Chunk.ID], from namespace: Namespace) {
        rows.withLock { rows in
            for id in chunks { rows[namespace]?[id] = nil }
        }
    }

    package func removeAll(from namespace: Namespace) {
        rows.withLock { $0[namespace] = nil }
    }

    package func forEachVector(
        in namespace: Namespace, _ body: @escaping @Sendable (Chunk.ID, UnsafeBufferPointer<Float>) -> Void
    ) async throws {
        readCount.withLock { $0 += 1 }
        let snapshot = rows.withLock { $0[namespace] ?? [:] }
        try await beforeReading()
        for (id, embedding) in snapshot.sorted(by: { $0.key < $1.key }) {
            embedding.values.withUnsafeBufferPointer { body(id, $0) }
        }
    }

    package func vectors(of chunks: [Chunk.ID]) async throws -> [(id: Chunk.ID, embedding: Embedding)] {
        rows.withLock { rows in
            chunks.flatMap { id in rows.values.compactMap { $0[id].map { (id, $0) } }.prefix(1) }
        }
    }
}
