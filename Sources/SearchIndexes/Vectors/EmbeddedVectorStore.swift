package import Concurrency
package import Domain
import VectorKernels

/// Vector search in this process, over a compact copy of the vectors that SQL holds.
///
/// A namespace is read from the source when it is used and stays in memory, about one byte for each number, for as long
/// as there is room: those that nobody has used for longest make way for others. A search scans the compact vectors, then reads the exact ones of the few best from the source, so that scores are
/// exact, and a chunk that has gone from SQL is never found. Changes are written to SQL first, then here.
///
/// Vectors need not have length exactly 1. A vector of zeros scores 0; one with numbers that are not finite is refused
/// as `invalid`, and one with other dimensions than those in the namespace as `conflict`.
package final class EmbeddedVectorStore: VectorStore {
    private let source: any VectorSource
    private let cache: NamespaceCache<ResidentNamespace>
    private let compute: ComputePool
    /// One edit of a namespace at a time.
    private let edits = KeyedLock<Namespace>()

    /// - Parameters:
    ///   - compute: where vectors are compared.
    ///   - memoryLimit: bytes that the namespaces in memory take together, beside the one that was used last.
    package init(source: any VectorSource, compute: ComputePool = .shared, memoryLimit: Int = .max) {
        self.source = source
        self.compute = compute
        cache = NamespaceCache(limit: memoryLimit)
    }

    /// What the namespaces in memory take, in bytes.
    package var memoryUsed: Int { cache.bytes }

    /// Reads namespaces before they are asked for; see `NamespaceCache`.
    package func warm(_ namespaces: [Namespace]) async throws { try await cache.warm(namespaces, load: load) }

    /// Where an id comes more than once, its last vector counts. Either all are added or none.
    package func upsert(
        _ vectors: [(id: Chunk.ID, embedding: Embedding)], in namespace: Namespace
    ) async throws {
        try await edit(namespace) { edit in
            for (id, embedding) in vectors {
                let isFinite = try embedding.values.withUnsafeBufferPointer { try edit.upsert(id.rawValue, $0) }
                guard isFinite else { throw ServiceError.invalid("A vector has a number that is not finite.") }
            }
        }
    }

    package func delete(_ chunks: [Chunk.ID], in namespace: Namespace) async throws {
        try await edit(namespace) { edit in
            for id in chunks { try edit.remove(id.rawValue) }
            edit.compact()
        }
    }

    /// Frees the memory. What SQL still holds of the namespace is read again at the next use.
    package func drop(_ namespace: Namespace) async throws {
        cache.remove(namespace)
    }

    package func count(in namespace: Namespace) async throws -> Int {
        try await resident(namespace).matrix.count
    }

    /// Equal scores are in ascending order of id.
    package func nearest(to query: Embedding, in namespace: Namespace, limit: Int) async throws -> [VectorMatch] {
        let code = try QueryCode(query)
        let matrix = try await resident(namespace).matrix
        try matrix.requireDimensions(query.values.count)
        var matches: [VectorMatch] = []
        var wanted = min(limit, matrix.count)
        while wanted > 0 {
            let ids = try await candidates(MatrixScan(matrix: matrix, query: code, limit: wanted))
            matches = try await exactMatches(ids, to: query)
            // Rows may have gone from SQL and not yet from here; look further down the list for others.
            guard matches.count < min(limit, matrix.count), ids.count < matrix.count else { break }
            wanted = min(matrix.count, 4 * wanted)
        }
        return Array(matches.prefix(max(0, limit)))
    }

    private func resident(_ namespace: Namespace) async throws -> ResidentNamespace {
        try await cache.resident(namespace) { [load] in try await load(namespace) }
    }

    private var load: @Sendable (Namespace) async throws -> ResidentNamespace {
        { [source] in try await ResidentNamespace.load($0, from: source) }
    }

    /// A change that comes while the namespace is read is made afterwards, on top of what was read.
    private func edit(
        _ namespace: Namespace, _ change: @escaping @Sendable (inout MatrixEdit) throws -> Void
    ) async throws {
        let resident = try await resident(namespace)
        try await edits.withLock(namespace) {
            try await compute.run(.background) { try resident.edit(change) }
        }
        try await cache.account(resident, in: namespace)
    }

    private func candidates(_ scan: MatrixScan) async throws -> [Chunk.ID] {
        let parts = scan.parts(threads: compute.width)
        var hits: [vk_hit] = []
        if scan.bytes < MatrixScan.bytesPerThread {
            hits = scan.candidates(in: parts[0])
        } else {
            try await withThrowingTaskGroup(of: [vk_hit].self) { group in
                for part in parts { group.addTask { try await self.compute.run { scan.candidates(in: part) } } }
                for try await found in group { hits += found }
            }
            if parts.count > 1 { hits = scan.narrowed(hits) }
        }
        return hits.map { Chunk.ID(rawValue: $0.id) }
    }

    /// The candidates that SQL still has, scored exactly, nearest first.
    private func exactMatches(_ ids: [Chunk.ID], to query: Embedding) async throws -> [VectorMatch] {
        var matches: [VectorMatch] = []
        for (id, embedding) in try await source.vectors(of: ids)
        where embedding.values.count == query.values.count {
            let score = vk_cosine(VectorMatrix.level, query.values, embedding.values, query.values.count)
            if !score.isNaN { matches.append(VectorMatch(id: id, score: score)) }
        }
        return matches.sorted { $0.score == $1.score ? $0.id < $1.id : $0.score > $1.score }
    }
}
