import Domain
import Engine
import Persistence
import SQLiteDriver
import SearchIndexes
import Synchronization

/// A workspace in memory whose documents have chunks with random vectors.
struct RetrievalFixture {
    let workspace: Workspace.ID
    let chunks: ChunkStore
    let vectors: ExactVectorStore
    let words: EmbeddedTextIndex
    let embedder = AxisEmbedder()
    let embedders: WorkspaceEmbedders
    /// Every chunk with the number of its document.
    let all: [(id: Chunk.ID, document: Int, embedding: Embedding)]

    /// Documents are numbered from 0, and have their number as the attribute `number`; `skew` moves the vectors of later
    /// documents away from the query.
    init(documents count: Int, chunksOfEach: Int, skew: Float = 0) async throws {
        let database = try SQLiteDatabase.inMemory()
        try await Migrator(database).migrate()
        let workspace = try await WorkspaceStore(database).create(WorkspaceSettings(name: "w"), slug: "w", at: .now)
        self.workspace = workspace?.id ?? 0
        let embedder = embedder
        let store = EmbedderStore(database)
        try await store.write(EmbedderStore.makingCurrent(embedder.model.fingerprint, settings: [], at: .now))
        embedders = WorkspaceEmbedders(
            embedding: EmbeddingService(embedder), store: store,
            secrets: SecretBox(try TemporaryDirectory().secretKey())
        ) { _ in embedder }
        chunks = ChunkStore(database)
        var random = SmallRandom(state: 7)
        var all: [(id: Chunk.ID, document: Int, embedding: Embedding)] = []
        for number in 0..<count {
            let set = try await Self.addDocument(number, chunks: chunksOfEach, to: self.workspace, database)
            let shift = skew * Float(number) / Float(count)
            let rows = try await chunks.pending(in: set).map { chunk in
                (id: chunk.id, embedding: random.vector(shift: shift))
            }
            try await chunks.store(rows, in: set)
            all += rows.map { (id: $0.id, document: number, embedding: $0.embedding) }
        }
        self.all = all
        vectors = ExactVectorStore(all.map { ($0.id, $0.embedding) })
        words = EmbeddedTextIndex(source: TermBuilder(chunks))
    }

    private static func addDocument(
        _ number: Int, chunks count: Int, to workspace: Workspace.ID, _ database: any Database
    ) async throws -> Int64 {
        let documents = DocumentStore(database), chunks = ChunkStore(database)
        let content = try await documents.insertContents(
            digest: "\(number)", [.init(ParsedDocument(text: "x"), wordCount: 1, tokenCount: 1)], at: .now)[0]
        let document = Document(
            id: "d\(number)", path: DocumentPath(folder: "f", name: "n\(number)"), contentID: content.id, url: "",
            title: "t\(number)", author: "", description: "", source: "", chunkSource: "", published: "",
            wordCount: 1, tokenCount: 1, attributes: [Attribute("number", .integer(Int64(number)))])
        try await documents.insert([document], event: .rawTextUploaded, by: .system, at: .now)
        try await chunks.insertSet(
            fingerprint: "s\(number)", content: content.id, embedder: AxisEmbedder().model.fingerprint, header: "",
            chunks: (0..<count).map { Chunk(ordinal: $0, text: "chunk \($0) of \(number)", range: 0..<1) }, at: .now)
        guard let set = try await chunks.chunkSet(fingerprint: "s\(number)") else { return 0 }
        _ = try await WorkspaceDocumentStore(database).link(
            document.id, to: workspace, chunkSet: set.id, embedder: AxisEmbedder().model.fingerprint,
            docID: "m\(number)", at: .now)
        return set.id
    }

    func retriever(_ reranker: (any Reranker)? = nil, vectors: (any VectorStore)? = nil) -> Retriever {
        Retriever(
            embedders: embedders,
            indexes: ChunkIndexes(vectors: vectors ?? self.vectors, words: words, chunks: chunks),
            chunks: chunks, reranker: reranker)
    }

    /// The nearest chunks among some documents, by comparing all of them.
    func nearest(_ limit: Int, among isWanted: (Int) -> Bool = { _ in true }) -> [Chunk.ID] {
        let query = embedder.query
        let scored = all.filter { isWanted($0.document) }.map { ($0.id, ExactVectorStore.cosine(query, $0.embedding)) }
        return scored.sorted { $0.1 == $1.1 ? $0.0 < $1.0 : $0.1 > $1.1 }.prefix(limit).map(\.0)
    }
}

/// Every text lies on the first axis.
struct AxisEmbedder: Embedder {
    let model = EmbeddingModel(
        id: "axis", fingerprint: "axis", dimensions: 12, maximumInputTokens: nil, maximumChunkLength: 1000)
    let query = Embedding([1] + [Float](repeating: 0, count: 11))

    func embed(_ texts: [String], as role: EmbeddingRole) async throws -> [Embedding] { texts.map { _ in query } }
    func tokenCount(_ text: String) -> Int? { nil }
}

/// Compares a query with every vector, and remembers the most that was asked for.
final class ExactVectorStore: VectorStore {
    private let vectors: Mutex<[(id: Chunk.ID, embedding: Embedding)]>
    private let limits = Mutex<[Int]>([])

    init(_ vectors: [(id: Chunk.ID, embedding: Embedding)]) { self.vectors = Mutex(vectors) }

    /// What each search asked for.
    var askedLimits: [Int] { limits.withLock { $0 } }

    func upsert(_ vectors: [(id: Chunk.ID, embedding: Embedding)], in namespace: Namespace) async throws {
        self.vectors.withLock { $0 += vectors }
    }

    func nearest(to query: Embedding, in namespace: Namespace, limit: Int) async throws -> [VectorMatch] {
        limits.withLock { $0.append(limit) }
        let all = vectors.withLock { $0 }
        let matches = all.map { VectorMatch(id: $0.id, score: Self.cosine(query, $0.embedding)) }
        let sorted = matches.sorted { left, right in
            left.score == right.score ? left.id < right.id : left.score > right.score
        }
        return Array(sorted.prefix(limit))
    }

    func delete(_ chunks: [Chunk.ID], in namespace: Namespace) async throws {}
    func drop(_ namespace: Namespace) async throws {}
    func count(in namespace: Namespace) async throws -> Int { vectors.withLock { $0.count } }

    static func cosine(_ left: Embedding, _ right: Embedding) -> Float {
        let dot = zip(left.values, right.values).reduce(Float(0)) { $0 + $1.0 * $1.1 }
        let squares = [left, right].map { $0.values.reduce(Float(0)) { $0 + $1 * $1 } }
        return dot / (squares[0] * squares[1]).squareRoot()
    }
}

/// The same numbers every time.
struct SmallRandom {
    var state: UInt64

    mutating func next() -> Float {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Float(state >> 40) / Float(1 << 24)
    }

    /// Of 12 numbers, more or less in the direction of the query.
    mutating func vector(shift: Float) -> Embedding {
        Embedding([1 - shift] + (0..<11).map { _ in next() - 0.5 })
    }
}
