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
    let database: SQLiteDatabase
    let key: String

    /// - Parameter setup: by default a client that opens another connection where the server has closed one, as it does
    ///   after some answers; `live` sends addresses as they are written.
    static func run(
        model: any LanguageModel = ScriptedModel(["Hi", " there"]), environment: [String: String] = [:],
        imageGenerator: (any ImageGenerator)? = nil, limits: ConnectionLimits = ConnectionLimits(),
        makeEmbedder: @escaping WorkspaceEmbedders.Factory = { _ in WordEmbedder() },
        through setup: TestingSetup = .ahc(.http),
        _ body: @escaping @Sendable (TestClient) async throws -> Void
    ) async throws {
        try await withDirectory { directory in
            let server = try await TestServer(
                directory: directory, model: model, environment: environment, makeEmbedder: makeEmbedder)
            try await server.run(server.services(imageGenerator), limits: limits, through: setup, body)
        }
    }

    /// Makes a directory of its own, and removes it.
    static func withDirectory(_ body: (String) async throws -> Void) async throws {
        let directory = FileManager.default.temporaryDirectory.appending(path: "lectern-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: directory) }
        try await body(directory)
    }

    private func run(
        _ services: APIServices, limits: ConnectionLimits = ConnectionLimits(), through setup: TestingSetup,
        _ body: @escaping @Sendable (TestClient) async throws -> Void
    ) async throws {
        let server = self
        let application = Application(router: buildRouter(services), server: .http(limits: limits))
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await server.services.jobs.run() }
            group.addTask {
                await RevocationWatch(
                    running: services.chat.running, keys: services.keys,
                    logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
                ).run()
            }
            try await application.test(setup) { client in
                try await body(TestClient(client: client, server: server))
            }
            group.cancelAll()
        }
    }

    private func services(_ imageGenerator: (any ImageGenerator)?) -> APIServices {
        var services = services
        if let imageGenerator { services.imageGenerator = { imageGenerator } }
        return services
    }

    init(
        directory: String, model: any LanguageModel = ScriptedModel([]), environment: [String: String] = [:],
        makeEmbedder: @escaping WorkspaceEmbedders.Factory = { _ in WordEmbedder() }
    ) async throws {
        database = try SQLiteDatabase.inMemory()
        try await Migrator(database).migrate()
        let settings = Settings(environment: environment)
        let embedding = EmbeddingService(try makeEmbedder(settings.snapshot))
        let workspaces = WorkspaceStore(database)
        let memberships = WorkspaceDocumentStore(database)
        let documents = DocumentStore(database)
        let chunks = ChunkStore(database)
        let events = EventStore(database)
        let running = RunningAnswers()
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let jobs = JobQueue(store: JobStore(database), logger: logger)
        let vectors = EmbeddedVectorStore(source: ChunkVectorSource(database))
        let secrets = SecretBox(try SecretKeyFile(inDirectory: directory))
        let embedderStore = EmbedderStore(database)
        let embedders = WorkspaceEmbedders(
            embedding: embedding, store: embedderStore, secrets: secrets, make: makeEmbedder)
        let embedderChange = EmbedderChange(
            embedders: embedders, store: embedderStore, secrets: secrets, jobs: jobs, make: makeEmbedder)
        try await embedderChange.recordStart(settings.snapshot)
        let builder = ChunkSetBuilder(documents: documents, chunks: chunks, embedding: embedding)
        let indexer = WorkspaceIndexer(
            builder: builder, chunks: chunks, memberships: memberships, workspaces: workspaces, vectors: vectors,
            embedders: embedders)
        let reader = InProcessDocumentReader()
        let spool = try SpoolDirectory(path: directory + "/spool")
        let retriever = Retriever(embedders: embedders, vectors: vectors, chunks: chunks)
        let ingestion = IngestionHandler(
            spool: spool, library: DocumentLibrary(spool: spool, documents: documents, reader: reader),
            documents: documents, workspaces: WorkspaceDirectory(workspaces: workspaces), indexer: indexer,
            events: events)
        for kind in [Job.Kind.upload, .rawText] { await jobs.register(ingestion, for: kind) }
        await jobs.register(ReembedHandler(store: embedderStore, indexer: indexer, embedders: embedders), for: .reembed)
        await jobs.register(
            UpdateEmbeddingsHandler(
                documents: documents, workspaces: WorkspaceDirectory(workspaces: workspaces), indexer: indexer,
                events: events),
            for: .updateEmbeddings)
        let keys = APIKeys(store: APIKeyStore(database))
        key = try await keys.create(name: nil).key
        let languageModel: @Sendable (Workspace) throws -> any LanguageModel = { _ in model }
        services = APIServices(
            keys: keys, settings: settings,
            editor: SettingsEditor(
                settings: settings, box: secrets, embedderChange: embedderChange, store: SettingStore(database)),
            workspaces: workspaces, threads: ThreadStore(database), chats: ChatStore(database),
            memberships: memberships, documents: documents, chunks: chunks, events: events,
            registry: WorkspaceRegistry(workspaces: workspaces, indexer: indexer, running: running, events: events),
            ingestion: IngestionService(spool: spool, jobs: jobs, documents: documents), indexer: indexer,
            retriever: retriever, embedding: embedding, jobs: jobs,
            chat: ChatService(
                running: running,
                stores: .init(
                    chats: ChatStore(database), chunks: chunks, memberships: memberships, documents: documents),
                retriever: retriever, attachments: AttachmentReader(spool: spool, reader: reader),
                logger: logger,
                configuration: { settings.snapshot.chatConfiguration }, languageModel: { _, _ in model }),
            reader: reader, uploadLimits: UploadLimits(maximumFileBytes: 1 << 20), languageModel: languageModel)
    }
}

/// Asks the server with its key.
struct TestClient: Sendable {
    let client: any TestClientProtocol
    /// For what no request can bring about.
    let server: TestServer
    let key: String

    /// - Parameter key: by default the one that may do everything.
    init(client: any TestClientProtocol, server: TestServer, key: String? = nil) {
        self.client = client
        self.server = server
        self.key = key ?? server.key
    }

    /// The same with a key of its own, which may do less.
    func withKey(scopes: Set<Caller.Scope> = [], workspaces: WorkspaceReach = .all) async throws -> TestClient {
        let made = try await server.services.keys.create(name: nil, scopes: scopes, workspaces: workspaces)
        return TestClient(client: client, server: server, key: made.key)
    }

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

    /// The frames of a streamed answer of the workspace or the thread at `path`.
    func stream(_ path: String, _ body: JSON) async throws -> [JSON] {
        let (status, text) = try await send(.post, path + "/stream-chat", body)
        #expect(status == 200)
        return try Self.frames(in: text)
    }

    static func frames(in text: String) throws -> [JSON] {
        try text.split(separator: "\n\n").map { frame in
            try #require(frame.hasPrefix("data: "))
            return try JSON(parsing: String(frame.dropFirst(6)))
        }
    }

    /// Uploads a text file, into the workspace `w` unless another one is named, or none.
    func upload(_ text: String, named name: String, to workspace: String = "w") async throws -> JSON {
        let form = form(text, named: name, to: workspace)
        return try JSON(
            parsing: try await send(.post, "/v1/document/upload", raw: form, type: "multipart/form-data; boundary=b")
                .text)
    }

    /// A form with one text file, its boundary `b`.
    func form(_ text: String, named name: String, to workspace: String) -> String {
        "--b\r\nContent-Disposition: form-data; name=\"addToWorkspaces\"\r\n\r\n\(workspace)\r\n"
            + "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"\(name)\"\r\n\r\n\(text)\r\n--b--\r\n"
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
    static let dimensions = 1024

    let model = EmbeddingModel(
        id: "words", fingerprint: "words", dimensions: Self.dimensions, maximumInputTokens: nil,
        maximumChunkLength: 1000)

    func embed(_ texts: [String], as role: EmbeddingRole) async throws -> [Embedding] {
        texts.map { text in
            let vector = FakeProvider.vector(for: text, dimensions: Self.dimensions)
            let length = vector.reduce(0) { $0 + $1 * $1 }.squareRoot()
            return Embedding(vector.map { $0 / length })
        }
    }

    func tokenCount(_ text: String) -> Int? { nil }
}
