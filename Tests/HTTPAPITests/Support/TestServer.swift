import DocumentParsers
import Domain
import Engine
import Foundation
import HTTPAPI
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Logging
import NIOCore
import Persistence
import SQLiteDriver
import TestSupport
import Testing
import VectorStores

/// The real API on a database in memory; only embedder and language model are stand-ins.
struct TestServer {
    let services: APIServices
    let key: String

    static func run(
        model: any LanguageModel = ScriptedModel(["Hi", " there"]),
        imageGenerator: (any ImageGenerator)? = nil,
        _ body: @escaping @Sendable (TestClient) async throws -> Void
    ) async throws {
        let directory = FileManager.default.temporaryDirectory.appending(path: "lectern-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let server = try await TestServer(directory: directory, model: model)
        var services = server.services
        if let imageGenerator { services.imageGenerator = { imageGenerator } }
        let application = Application(router: buildRouter(services))
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await server.services.jobs.run() }
            try await application.test(.live) { client in
                try await body(TestClient(client: client, key: server.key))
            }
            group.cancelAll()
        }
    }

    init(directory: String, model: any LanguageModel = ScriptedModel([])) async throws {
        let database = try SQLiteDatabase.inMemory()
        try await Migrator(database, dialect: .sqlite).migrate()
        let settings = Settings(environment: [:])
        let embedding = EmbeddingService(WordEmbedder())
        let workspaces = WorkspaceStore(database)
        let memberships = WorkspaceDocumentStore(database)
        let documents = DocumentStore(database)
        let chunks = ChunkStore(database)
        let events = EventStore(database)
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let jobs = JobQueue(store: JobStore(database), logger: logger)
        let vectors = EmbeddedVectorStore(
            source: ChunkVectorSource(database) { embedding.model.fingerprint }, threads: 1)
        let builder = ChunkSetBuilder(documents: documents, chunks: chunks, embedding: embedding)
        let indexer = WorkspaceIndexer(
            builder: builder, chunks: chunks, memberships: memberships, workspaces: workspaces, vectors: vectors,
            embedding: embedding)
        let reader = InProcessDocumentReader()
        let library = DocumentLibrary(documents: documents, reader: reader)
        let distributor = WorkspaceDistributor(workspaces: workspaces, indexer: indexer, events: events)
        let retriever = Retriever(embedding: embedding, vectors: vectors, chunks: chunks)
        await jobs.register(
            UploadHandler(library: library, documents: documents, distributor: distributor), for: .upload)
        await jobs.register(
            UpdateEmbeddingsHandler(documents: documents, workspaces: workspaces, indexer: indexer, events: events),
            for: .updateEmbeddings)
        let spool = try SpoolDirectory(path: directory + "/spool")
        let keys = APIKeys(store: APIKeyStore(database))
        key = try await keys.create(name: nil).key
        let languageModel: @Sendable (Workspace) throws -> any LanguageModel = { _ in model }
        services = APIServices(
            keys: keys, settings: settings,
            editor: SettingsEditor(
                settings: settings, box: SecretBox(try SecretKeyFile(inDirectory: directory)),
                store: SettingStore(database)),
            workspaces: workspaces, memberships: memberships, documents: documents, chunks: chunks, events: events,
            registry: WorkspaceRegistry(workspaces: workspaces, events: events), library: library,
            distributor: distributor, indexer: indexer, retriever: retriever, embedding: embedding, jobs: jobs,
            chat: ChatService(
                chats: ChatStore(database), chunks: chunks, events: events, retriever: retriever,
                embedding: embedding, attachments: AttachmentReader { try await spool.read($0, with: reader) },
                logger: logger, languageModel: languageModel),
            reader: reader, spool: spool,
            uploadLimits: UploadLimits(maximumFileBytes: 1 << 20), languageModel: languageModel,
            settingsChanged: { _ in })
    }
}

/// Asks the server with its key.
struct TestClient: Sendable {
    let client: any TestClientProtocol
    let key: String

    func send(
        _ method: HTTPRequest.Method, _ path: String, _ body: JSON? = nil, raw: String? = nil,
        type: String = "application/json", authorization: String? = nil
    ) async throws -> (status: Int, text: String) {
        try await client.execute(
            uri: "/api" + path, method: method,
            headers: [.authorization: authorization ?? "Bearer \(key)", .contentType: type],
            body: (raw ?? body?.text).map { ByteBuffer(string: $0) }
        ) { (Int($0.status.code), String(buffer: $0.body)) }
    }

    func json(_ method: HTTPRequest.Method, _ path: String, _ body: JSON? = nil) async throws -> JSON {
        try JSON(parsing: try await send(method, path, body).text)
    }

    /// Uploads a text file, into the workspace `w` unless another one is named, or none.
    func upload(_ text: String, named name: String, to workspace: String = "w") async throws -> JSON {
        let form =
            "--b\r\nContent-Disposition: form-data; name=\"addToWorkspaces\"\r\n\r\n\(workspace)\r\n"
            + "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"\(name)\"\r\n\r\n\(text)\r\n--b--\r\n"
        return try JSON(
            parsing: try await send(.post, "/v1/document/upload", raw: form, type: "multipart/form-data; boundary=b")
                .text)
    }

    /// A workspace that holds one text.
    func makeWorkspace(text: String) async throws {
        _ = try await json(.post, "/v1/workspace/new", ["name": "w", "similarityThreshold": 0.1])
        let added = try await json(
            .post, "/v1/document/raw-text",
            ["textContent": .string(text), "addToWorkspaces": "w", "metadata": ["title": "a"]])
        #expect(added["embedding"]?.arrayValue?.first?["embedded"] == true)
    }
}

/// Says what it was told to say.
struct ScriptedModel: LanguageModel {
    let providerName = "ScriptedLLM"
    let modelID = "scripted"
    let contextWindow = 4096
    let supportsTools = false
    let acceptsImages = true
    let pieces: [String]
    var failure: ServiceError?

    init(_ pieces: [String], failure: ServiceError? = nil) {
        self.pieces = pieces
        self.failure = failure
    }

    func reply(to prompt: Prompt, emit: (ReplyEvent) async throws -> Void) async throws -> ReplySummary {
        for piece in pieces { try await emit(.text(piece)) }
        if let failure { throw failure }
        return ReplySummary(promptTokens: 310, completionTokens: pieces.count)
    }
}

/// Texts that share words have vectors that are alike.
struct WordEmbedder: Embedder {
    let model = EmbeddingModel(
        id: "words", fingerprint: "words", dimensions: 64, maximumInputTokens: nil, maximumChunkLength: 1000)

    func embed(_ texts: [String], as role: EmbeddingRole) async throws -> [Embedding] {
        texts.map { text in
            let vector = FakeProvider.vector(for: text, dimensions: 64)
            let length = vector.reduce(0) { $0 + $1 * $1 }.squareRoot()
            return Embedding(vector.map { $0 / length })
        }
    }

    func tokenCount(_ text: String) -> Int? { nil }
}
