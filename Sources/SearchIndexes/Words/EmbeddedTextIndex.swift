package import Concurrency
package import Domain
import Synchronization

/// Search by words in this process, over a compact copy of the terms that SQL holds.
///
/// A namespace is read from the source when it is used and stays in memory as long as there is room, as with vectors. Changes
/// are written to SQL first, then here.
package final class EmbeddedTextIndex: TextIndex {
    /// A namespace in memory; a search takes the index as it is and never waits for a change.
    private final class ResidentWords: ResidentIndex {
        let index = Mutex(InvertedIndex())
        var byteCount: Int { index.withLock { $0.byteCount } }
    }

    private let source: any TermSource
    private let compute: ComputePool
    private let cache: NamespaceCache<ResidentWords>
    /// One edit of a namespace at a time.
    private let edits = KeyedLock<Namespace>()

    /// - Parameters:
    ///   - compute: where terms are compared.
    ///   - memoryLimit: bytes that the namespaces in memory take together, beside the one that was used last.
    package init(source: any TermSource, compute: ComputePool = .shared, memoryLimit: Int = .max) {
        self.source = source
        self.compute = compute
        cache = NamespaceCache(limit: memoryLimit)
    }

    /// What the namespaces in memory take, in bytes.
    package var memoryUsed: Int { cache.bytes }

    /// Reads namespaces before they are asked for; see `NamespaceCache`.
    package func warm(_ namespaces: [Namespace]) async throws { try await cache.warm(namespaces, load: load) }

    package func upsert(_ chunks: [ChunkTerms], in namespace: Namespace) async throws {
        try await edit(namespace) { index in for chunk in chunks { index.upsert(chunk) } }
    }

    package func delete(_ chunks: [Chunk.ID], in namespace: Namespace) async throws {
        try await edit(namespace) { index in for id in chunks { index.remove(id) } }
    }

    /// Frees the memory. What SQL still holds of the namespace is read again at the next use.
    package func drop(_ namespace: Namespace) async throws { cache.remove(namespace) }

    package func search(
        _ query: @escaping @Sendable (_ language: String, _ commonest: String) -> [String: Int],
        in namespace: Namespace,
        limit: Int
    ) async throws -> TextMatches {
        let index = try await resident(namespace).index.withLock { $0 }
        return try await compute.run { index.search(query, limit: limit) }
    }

    private func resident(_ namespace: Namespace) async throws -> ResidentWords {
        try await cache.resident(namespace) { [load] in try await load(namespace) }
    }

    private var load: @Sendable (Namespace) async throws -> ResidentWords {
        { [source] namespace in
            let resident = ResidentWords()
            try await source.forEachChunk(in: namespace) { chunk in resident.index.withLock { $0.upsert(chunk) } }
            return resident
        }
    }

    private func edit(
        _ namespace: Namespace, _ change: @escaping @Sendable (inout InvertedIndex) -> Void
    ) async throws {
        let resident = try await resident(namespace)
        try await edits.withLock(namespace) {
            try await compute.run(.background) {
                resident.index.withLock { index in
                    change(&index)
                    if index.needsRebuild { index = index.rebuilt() }
                }
            }
        }
        try await cache.account(resident, in: namespace)
    }
}
