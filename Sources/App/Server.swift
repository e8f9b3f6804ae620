import AsyncHTTPClient
import BytePairEncoding
import DocumentParsers
import Domain
import Engine
import Foundation
import HTTPAPI
import Hummingbird
import Logging
import ModelProviders
import NIOCore
import Persistence
import ServiceLifecycle
import UnixSignals
import VectorStores

/// The whole machine: everything is made here, in the order in which it depends on each other.
struct Server {
    let configuration: ServerConfiguration
    let storage: Storage
    let client: HTTPClient
    let logger: Logger

    func run(whenRunning: @escaping @Sendable (_ port: Int) async throws -> Void) async throws {
        // Settings
        let settings = Settings(environment: configuration.environment)
        let settingStore = SettingStore(storage.database)
        let box = SecretBox(storage.keyFile)
        let opened = box.open(try await settingStore.all())
        settings.replaceStored(opened.values)
        for variable in opened.unreadable {
            logger.warning("A stored secret cannot be read and counts as unset", metadata: ["variable": "\(variable)"])
        }

        // Models and vectors
        let tokens = tokenCounter()
        let providers = ProviderFactory(
            client: client, timeouts: ProviderTimeouts(environment: configuration.environment), tokens: tokens,
            inProcessModels: InProcessModels(
                standardFolder: configuration.modelFolder, storage: configuration.storage))
        let embedding = EmbeddingService(providers.embedderOrProblem(settings.snapshot))
        let embedderStore = EmbedderStore(storage.database)
        let embedders = WorkspaceEmbedders(
            embedding: embedding, store: embedderStore, secrets: box, make: providers.embedder)
        let vectors = EmbeddedVectorStore(
            source: ChunkVectorSource(storage.database), memoryLimit: configuration.vectorMemoryBytes)
        let jobs = JobQueue(
            store: JobStore(storage.database),
            policy: JobPolicy(node: try NodeName.read(inDirectory: storage.path)), logger: logger)
        let embedderChange = EmbedderChange(
            embedders: embedders, store: embedderStore, secrets: box, jobs: jobs, make: providers.embedder)
        let editor = SettingsEditor(settings: settings, box: box, embedderChange: embedderChange, store: settingStore)
        let languageModel: @Sendable (Workspace, ModelPurpose) throws -> any LanguageModel = { workspace, purpose in
            try providers.languageModel(
                for: workspace, purpose: purpose, settings: settings.snapshot, embedder: embedding.embedder)
        }

        // Stores and use cases
        var services = makeServices(
            settings: settings, editor: editor, embedders: embedders, vectors: vectors, jobs: jobs,
            reranker: providers.reranker(settings.snapshot, logger: logger), tokens: tokens,
            languageModel: languageModel)
        services.tokens = tokens
        services.imageGenerator = { try providers.imageGenerator(settings.snapshot) }
        try await services.documents.composeFolderNames()
        try await removeLeftovers()
        await register(services, embedders: embedders, store: embedderStore)
        try await embedderChange.recordStart(settings.snapshot)

        // Life
        let (running, listening) = AsyncStream<Int>.makeStream()
        let application = Application(
            router: buildRouter(services),
            server: .http(),
            configuration: ApplicationConfiguration(
                address: .hostname(configuration.host, port: configuration.port), serverName: "Lectern",
                availableConnectionsDelegate: .maximum(OpenFileLimit.connections, logger: logger)),
            onServerRunning: { listening.yield($0.localAddress?.port ?? 0) }, logger: logger)
        let workers = Workers(
            jobs: jobs, embedders: embedderStore, vectors: vectors,
            revocation: RevocationWatch(running: services.chat.running, keys: services.keys, logger: logger),
            running: running, whenRunning: whenRunning, logger: logger)
        // Services are stopped in the opposite order.
        let stop = GracefulStop(jobs: jobs, answers: services.chat.running)
        var group = ServiceGroupConfiguration(
            services: [workers, application, stop], gracefulShutdownSignals: [.sigterm, .sigint], logger: logger)
        group.maximumGracefulShutdownDuration = GracefulStop.limit
        group.maximumCancellationDuration = .seconds(5)
        try await ServiceGroup(configuration: group).run()
    }

    /// Counts exactly where OpenAI's vocabulary is on this machine.
    private func tokenCounter() -> TokenCounter {
        let logger = logger
        let file = VocabularyFile(path: configuration.vocabularyFile) { problem in
            logger.warning("Tokens are estimated", metadata: ["reason": "\(problem.message)"])
        }
        return TokenCounter { file.vocabulary }
    }

    private func makeServices(
        settings: Settings, editor: SettingsEditor, embedders: WorkspaceEmbedders, vectors: EmbeddedVectorStore,
        jobs: JobQueue, reranker: any Reranker, tokens: TokenCounter,
        languageModel: @escaping @Sendable (Workspace, ModelPurpose) throws -> any LanguageModel
    ) -> APIServices {
        let database = storage.database
        let running = RunningAnswers()
        let workspaces = WorkspaceStore(database)
        let memberships = WorkspaceDocumentStore(database)
        let documents = DocumentStore(database)
        let chunks = ChunkStore(database)
        let events = EventStore(database)
        let embedding = embedders.embedding
        var limits = ParseLimits()
        limits.maximumTextBytes = configuration.maximumTextBytes
        let reader = SandboxedDocumentReader(command: [Self.executablePath, "parse-document"], limits: limits)
        let builder = ChunkSetBuilder(documents: documents, chunks: chunks, embedding: embedding)
        let indexer = WorkspaceIndexer(
            builder: builder, chunks: chunks, memberships: memberships, workspaces: workspaces, vectors: vectors,
            embedders: embedders)
        let retriever = Retriever(
            embedders: embedders, vectors: vectors, chunks: chunks, reranker: reranker, logger: logger)
        return APIServices(
            keys: APIKeys(store: APIKeyStore(database)), settings: settings, editor: editor,
            workspaces: workspaces, threads: ThreadStore(database), chats: ChatStore(database),
            memberships: memberships, documents: documents, chunks: chunks, events: events,
            registry: WorkspaceRegistry(workspaces: workspaces, indexer: indexer, running: running, events: events),
            ingestion: IngestionService(spool: storage.spool, jobs: jobs, documents: documents), indexer: indexer,
            retriever: retriever, embedding: embedding, jobs: jobs,
            chat: ChatService(
                running: running,
                stores: .init(
                    chats: ChatStore(database), chunks: chunks, memberships: memberships, documents: documents),
                retriever: retriever,
                attachments: AttachmentReader(spool: storage.spool, reader: reader, tokens: tokens),
                tokens: tokens, logger: logger,
                configuration: { settings.snapshot.chatConfiguration }, languageModel: languageModel),
            reader: reader,
            uploadLimits: UploadLimits(maximumFileBytes: configuration.maximumUploadBytes),
            languageModel: { try languageModel($0, .chat) }
        )
    }

    private func register(
        _ services: APIServices, embedders: WorkspaceEmbedders, store: EmbedderStore
    ) async {
        let workspaces = WorkspaceDirectory(workspaces: services.workspaces)
        let ingestion = IngestionHandler(
            spool: storage.spool,
            library: DocumentLibrary(
                spool: storage.spool, documents: services.documents, reader: services.reader, tokens: services.tokens),
            documents: services.documents, workspaces: workspaces, indexer: services.indexer, events: services.events)
        for kind in [Job.Kind.upload, .rawText] { await services.jobs.register(ingestion, for: kind) }
        await services.jobs.register(
            UpdateEmbeddingsHandler(
                documents: services.documents, workspaces: workspaces, indexer: services.indexer,
                events: services.events),
            for: .updateEmbeddings)
        await services.jobs.register(
            ReembedHandler(store: store, indexer: services.indexer, embedders: embedders),
            for: .reembed)
    }

    /// Deletes the files of uploads that a crash cut off before they had arrived.
    private func removeLeftovers() async throws {
        let kept = try await JobStore(storage.database).unfinished().compactMap(\.spoolFile)
        storage.spool.removeLeftovers(keeping: Set(kept))
    }

    /// Of this program, to start itself again for parsing.
    private static var executablePath: String {
        (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? CommandLine.arguments[0]
    }
}

/// What runs beside the requests: jobs, and the filling of the vector store.
private struct Workers: Service {
    let jobs: JobQueue
    let embedders: EmbedderStore
    let vectors: EmbeddedVectorStore
    let revocation: RevocationWatch
    /// The port, once the server listens on it.
    let running: AsyncStream<Int>
    let whenRunning: @Sendable (Int) async throws -> Void
    let logger: Logger

    func run() async throws {
        try await cancelWhenGracefulShutdown {
            // A server that cannot listen does nothing else either.
            guard let port = await running.first(where: { _ in true }) else { return }
            try await whenRunning(port)
            await withDiscardingTaskGroup { group in
                group.addTask { await warm() }
                group.addTask { await runJobs() }
                group.addTask { await revocation.run() }
            }
        }
    }

    private func warm() async {
        do {
            try await vectors.warm(embedders.servingNamespaces())
        } catch {
            logger.warning("A workspace's vectors could not be read", metadata: ["error": "\(error)"])
        }
    }

    private func runJobs() async {
        do {
            try await jobs.run()
        } catch {
            logger.error("Jobs have stopped", metadata: ["error": "\(error)"])
        }
    }
}
