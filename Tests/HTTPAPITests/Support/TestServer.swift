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
import OrderedJSON
import Persistence
import ServerAssembly
import TestSupport
import Testing

/// The server as the program assembles it, on a storage of its own; only embedder, language model and what makes pictures
/// are stand-ins, and documents are parsed in this process.
struct TestServer {
    let server: Server
    let storage: Storage
    let key: String

    var services: APIServices { server.services }
    var database: any Database { storage.database }
    var threads: ThreadStore { ThreadStore(database) }
    var chats: ChatStore { ChatStore(database) }
    var memberships: WorkspaceDocumentStore { WorkspaceDocumentStore(database) }
    var documents: DocumentStore { DocumentStore(database) }

    /// - Parameter setup: by default a client that opens another connection where the server has closed one, as it does
    ///   after some answers; `live` sends addresses as they are written.
    static func run(
        model: any LanguageModel = ScriptedModel(["Hi", " there"]), environment: [String: String] = [:],
        imageGenerator: (any ImageGenerator)? = nil, transcriber: (any Transcriber)? = nil,
        listener: (any Transcriber)? = nil, synthesizer: (any SpeechSynthesizer)? = nil,
        pageRenderer: (any PageRenderer)? = nil, pagePrinter: (any PagePrinter)? = nil,
        linkFetcher: (any LinkFetcher)? = nil, toolServer: (any ToolServer)? = nil,
        modelLister: ModelCatalog.Factory? = nil,
        limits: ConnectionLimits = ConnectionLimits(),
        listensOnLoopback: Bool = true,
        makeEmbedder: @escaping WorkspaceEmbedders.Factory = { _ in WordEmbedder() },
        through setup: TestingSetup = .ahc(.http),
        _ body: @escaping @Sendable (TestClient) async throws -> Void
    ) async throws {
        try await withDirectory { directory in
            try await DatabaseEngine.standard.withDatabaseURL { databaseURL in
                let server = try await TestServer(
                    directory: directory, databaseURL: databaseURL, model: model, environment: environment,
                    imageGenerator: imageGenerator, transcriber: transcriber, listener: listener,
                    synthesizer: synthesizer, pageRenderer: pageRenderer, pagePrinter: pagePrinter,
                    linkFetcher: linkFetcher, toolServer: toolServer, modelLister: modelLister,
                    makeEmbedder: makeEmbedder)
                try await server.run(
                    limits: limits, listensOnLoopback: listensOnLoopback, through: setup, body)
            }
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
        limits: ConnectionLimits, listensOnLoopback: Bool, through setup: TestingSetup,
        _ body: @escaping @Sendable (TestClient) async throws -> Void
    ) async throws {
        // Hummingbird keeps a request's id in its logger, so that a handler which drops metadata would not do.
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        let application = Application(
            router: buildRouter(services, listensOnLoopback: listensOnLoopback), server: .http(limits: limits),
            logger: logger)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { [server] in await server.work.run() }
            try await application.test(setup) { client in
                try await body(TestClient(client: client, server: self))
            }
            group.cancelAll()
        }
    }

    init(
        directory: String, databaseURL: String? = nil, model: any LanguageModel = ScriptedModel([]),
        environment: [String: String] = [:],
        imageGenerator: (any ImageGenerator)? = nil, transcriber: (any Transcriber)? = nil,
        listener: (any Transcriber)? = nil, synthesizer: (any SpeechSynthesizer)? = nil,
        pageRenderer: (any PageRenderer)? = nil, pagePrinter: (any PagePrinter)? = nil,
        linkFetcher: (any LinkFetcher)? = nil, toolServer: (any ToolServer)? = nil,
        modelLister: ModelCatalog.Factory? = nil,
        makeEmbedder: @escaping WorkspaceEmbedders.Factory = { _ in WordEmbedder() }
    ) async throws {
        storage = try await Storage.open(StoragePlace(directory: directory, databaseURL: databaseURL), for: .serving)
        var models = ModelSources(embedder: makeEmbedder) { _, _, _, _ in model }
        if let imageGenerator { models.imageGenerator = { _ in imageGenerator } }
        if let modelLister { models.modelLister = modelLister }
        if let transcriber { models.transcriber = { _ in transcriber } }
        if let listener = listener ?? transcriber { models.listener = { _ in listener } }
        if let synthesizer { models.synthesizer = { _ in synthesizer } }
        var parts = ServerParts(
            storage: storage, environment: environment, models: models, reader: InProcessDocumentReader(),
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        parts.recordingDecoder = InProcessRecordingDecoder()
        parts.pageRenderer = pageRenderer
        parts.pagePrinter = pagePrinter
        parts.linkFetcher = linkFetcher
        parts.toolServer = toolServer
        parts.maximumUploadBytes = 1 << 20
        parts.passwordCost = 4
        server = try await Server(parts)
        key = try await server.services.access.keys.create(APIKeyStore.NewKey(name: nil), by: .system).key
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
        var new = APIKeyStore.NewKey(name: nil)
        (new.scopes, new.workspaces) = (scopes, workspaces)
        let made = try await server.services.access.keys.create(new, by: .system)
        return TestClient(client: client, server: server, key: made.key)
    }

    /// - Parameter path: below `/api`, but for the one address of the Model Context Protocol.
    func send(
        _ method: HTTPRequest.Method, _ path: String, _ body: JSON? = nil, raw: String? = nil,
        type: String = "application/json", authorization: String? = nil
    ) async throws -> (status: Int, text: String) {
        try await send(
            method, address: "/api" + path, body, raw: raw, type: type, authorization: authorization)
    }

    /// - Parameter address: from the root of the server.
    func send(
        _ method: HTTPRequest.Method, address: String, _ body: JSON? = nil, raw: String? = nil,
        type: String = "application/json", authorization: String? = nil
    ) async throws -> (status: Int, text: String) {
        try await client.execute(
            uri: address, method: method,
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
    /// Whether it has a vocabulary of its own, in which every token is the word `token`.
    var readsTokens = false

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

    func texts(ofTokens arrays: [[Int]]) throws -> [String] {
        guard readsTokens else { throw ServiceError.invalid("The embedding model words takes texts, not tokens.") }
        return arrays.map { $0.map { _ in "token" }.joined(separator: " ") }
    }
}
