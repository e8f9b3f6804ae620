import Domain
import OrderedJSON
import Persistence

/// A workspace with documents, each of some chunks with their vectors.
struct StoredLibrary {
    let database: any Database
    let workspace: Workspace.ID

    var documents: DocumentStore { DocumentStore(database) }
    var chunks: ChunkStore { ChunkStore(database) }
    var memberships: WorkspaceDocumentStore { WorkspaceDocumentStore(database) }

    static let embedder = "e"

    init(_ database: any Database) async throws {
        self.database = database
        try await database.write(EmbedderStore.makingCurrent(Self.embedder, settings: [], at: .now))
        workspace =
            try await WorkspaceStore(database).create(WorkspaceSettings(name: "W"), slug: "w", at: .now)?.id ?? 0
    }

    /// Adds a document `name` of as many words as it has chunks; the vector of a chunk is its ordinal.
    @discardableResult
    func add(
        _ name: String, in folder: String = "f", chunks count: Int = 3, title: String = "",
        publishedAt: Timestamp? = nil,
        attributes: JSONObject = [:]
    ) async throws -> Document {
        let content = try await documents.insertContents(
            digest: name,
            [.init(ParsedDocument(text: "text of \(name)"), wordCount: count, tokenCount: count)], at: .now)[0]
        let document = Document(
            id: "id-\(name)", path: DocumentPath(folder: folder, name: name), contentID: content.id, url: "",
            title: title, author: "", description: "", source: "", chunkSource: "", published: "",
            publishedAt: publishedAt, wordCount: count, tokenCount: count, attributes: attributes.attributes)
        try await documents.insert([document], event: .rawTextUploaded, by: .system, at: .now)
        try await chunks.insertSet(
            fingerprint: name, content: content.id, embedder: Self.embedder, header: "",
            chunks: (0..<count).map { Chunk(ordinal: $0, text: "\(name) \($0)", range: $0..<$0 + 1) }, at: .now)
        guard let set = try await chunks.chunkSet(fingerprint: name) else { return document }
        let vectors = try await chunks.pending(in: set.id).enumerated().map { index, chunk in
            (id: chunk.id, embedding: Embedding([Float(index), 1]))
        }
        try await chunks.store(vectors, in: set.id)
        try await chunks.markComplete(set.id)
        _ = try await memberships.link(
            document.id, to: workspace, chunkSet: set.id, embedder: Self.embedder, docID: "m-\(name)", at: .now)
        return document
    }

    /// The texts of the chunks whose documents match.
    func texts(matching filter: MetadataFilter?) async throws -> [String] {
        let ids = try await chunks.mapVectors(in: workspace, embedder: Self.embedder, matching: filter) { id, _ in id }
        return try await chunks.chunks(ids, in: workspace, matching: filter).map(\.chunk.text).sorted()
    }
}
