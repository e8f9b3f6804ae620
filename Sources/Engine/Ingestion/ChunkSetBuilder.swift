import Concurrency
import Crypto
import Domain
package import Persistence

/// Cuts a document's content into chunks, finds their terms and embeds them, once for every content, header, chunk size and embedder.
package struct ChunkSetBuilder: Sendable {
    private let documents: DocumentStore
    private let chunks: ChunkStore
    private let terms: TermBuilder
    private let embedding: EmbeddingService
    /// Two workspaces that want the same chunks at once share one making of them.
    private let lock = KeyedLock<String>()

    /// Chunks that are embedded and stored at a time, so that a crash loses little and memory stays small: as many as take a
    /// second or two, so that whoever waits sees how far it is.
    private static let stretches = 16...256

    package init(
        documents: DocumentStore, chunks: ChunkStore, terms: TermBuilder, embedding: EmbeddingService
    ) {
        self.documents = documents
        self.chunks = chunks
        self.terms = terms
        self.embedding = embedding
    }

    /// The complete chunk set of a document for `embedder`, made where it does not exist; resumes one that was left
    /// half embedded.
    ///
    /// - Parameter earlier: a set of the same embedder, of another version of the document: chunks whose text has not changed
    ///   keep their embeddings.
    func chunkSet(
        for document: Document, embedder: any Embedder, keepingThoseOf earlier: Int64? = nil,
        progress: @escaping @Sendable (JobProgress) async -> Void
    ) async throws -> Int64 {
        if let problem = embedder.problem { throw problem }
        let header = ChunkHeader(
            title: document.title, published: document.published, chunkSource: document.chunkSource)
        let model = embedder.model
        let cut = try ChunkSettings(
            size: nil, overlap: model.chunkOverlap, limit: model.maximumChunkLength, method: model.chunkMethod)
        let fingerprint = Self.fingerprint(
            content: document.contentID, header: header.text, cut: cut, embedder: model.fingerprint)
        return try await lock.withLock(fingerprint) {
            if let set = try await chunks.chunkSet(fingerprint: fingerprint), set.isComplete {
                try await terms.build(set.id)
                return set.id
            }
            await progress(JobProgress(.chunking))
            let set = try await storedSet(
                fingerprint, of: document, header: header, cut: cut, embedder: embedder)
            try await terms.build(set.id)
            if let earlier,
                try await chunks.header(of: earlier).map({ ChunkHeader.meansTheSame($0, set.header) }) == true
            {
                try await chunks.copyEmbeddings(from: earlier, to: set.id)
            }
            try await embedPending(in: set, embedder: embedder, progress: progress)
            try await chunks.markComplete(set.id)
            return set.id
        }
    }

    private func storedSet(
        _ fingerprint: String, of document: Document, header: ChunkHeader, cut: ChunkSettings,
        embedder: any Embedder
    ) async throws -> ChunkStore.ChunkSet {
        if let set = try await chunks.chunkSet(fingerprint: fingerprint) { return set }
        guard let content = try await documents.content(id: document.contentID) else {
            throw ServiceError.notFound("The document was removed.")
        }
        let header = header.naming(columns: content.parsed.columnNames)
        let fits = Self.limit(of: embedder, header: header)
        let pieces = try await ComputePool.shared.run(.background) {
            Chunker(cut).chunks(of: content.parsed, fits: fits)
        }
        guard !pieces.isEmpty else {
            throw ServiceError(
                .unprocessable, "Could not embed document chunks! This document will not be recorded.")
        }
        try await chunks.insertSet(
            fingerprint: fingerprint, content: content.id, embedder: embedder.model.fingerprint, header: header.text,
            chunks: pieces, at: .now)
        guard let set = try await chunks.chunkSet(fingerprint: fingerprint) else {
            throw ServiceError.notFound("The document was removed.")
        }
        return set
    }

    private func embedPending(
        in set: ChunkStore.ChunkSet, embedder: any Embedder,
        progress: @escaping @Sendable (JobProgress) async -> Void
    ) async throws {
        let pending = try await chunks.pending(in: set.id)
        var state = JobProgress(.embedding)
        state.totalCount = try await chunks.count(in: set.id)
        state.doneCount = state.totalCount - pending.count
        await progress(state)
        var rest = pending[...]
        var stretch = Self.stretches.lowerBound
        while !rest.isEmpty {
            let start = ContinuousClock.now
            let part = rest.prefix(stretch)
            rest = rest.dropFirst(stretch)
            let embeddings = try await embedding.embed(
                passages: part.map { ChunkHeader.passage($0.text, headingPath: $0.headingPath, under: set.header) },
                with: embedder)
            try await chunks.store(zip(part, embeddings).map { (id: $0.id, embedding: $1) }, in: set.id)
            state.doneCount += part.count
            await progress(state)
            switch start.duration(to: .now) {
            case ..<(.seconds(1)): stretch = min(2 * stretch, Self.stretches.upperBound)
            case .seconds(3)...: stretch = max(stretch / 2, Self.stretches.lowerBound)
            default: break
            }
        }
    }

    /// Whether the embedder takes a chunk whole, header included; where it cannot count tokens, it must.
    private static func limit(of embedder: any Embedder, header: ChunkHeader) -> @Sendable (String) -> Bool {
        guard let limit = embedder.model.maximumInputTokens else { return { _ in true } }
        return { text in
            let text = text.compatible
            // A token has at least one byte, so short texts need no counting.
            if header.text.utf8.count + text.utf8.count < limit { return true }
            return (embedder.tokenCount(header.text + text) ?? 0) <= limit
        }
    }

    private static func fingerprint(
        content: Content.ID, header: String, cut: ChunkSettings, embedder: String
    ) -> String {
        let parts = ["2", "\(content)", header, "\(cut.size)", "\(cut.overlap)", cut.method.rawValue, embedder]
        return Array(SHA256.hash(data: Array(parts.joined(separator: "\0").utf8))).hexadecimal
    }
}
