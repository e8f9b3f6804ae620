import AsyncHTTPClient
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
        let editor = SettingsEditor(settings: settings, box: box, store: settingStore) { effects in
            effects.events.map { EventStore.statement($0, JSONObject(), at: .now) }
        }

        // Models and vectors
        let models = Models(
            settings: settings, client: client,
            nativeModels: NativeModels(standardFolder: configuration.modelFolder, storage: configuration.storage))
        let embedding = EmbeddingService(models.embedder())
        let vectors = EmbeddedVectorStore(
            source: ChunkVectorSource(storage.database) { embedding.model.fingerprint })
        let languageModel: @Sendable (Workspace, ModelPurpose) throws -> any LanguageModel = { workspace, purpose in
            try models.languageModel(for: workspace, purpose: purpose, embedder: embedding.embedder)
        }

        // Stores and use cases
        var services = makeServices(
            settings: settings, editor: editor, embedding: embedding, vectors: vectors, models: models,
            languageModel: languageModel)
        services.imageGenerator = ImageGenerators(settings: settings, client: client).generator
        try await removeLeftovers()
        await register(services)

        // Life
        let (running, listening) = AsyncStream<Int>.makeStream()
        let application = Application(
            router: buildRouter(services),
            server: .http1(
                configuration: .init(
                    additionalChannelHandlers: [ExpectContinueHandler()], idleTimeout: Self.idleTimeout)),
            configuration: ApplicationConfiguration(
                address: .hostname(configuration.host, port: configuration.port), serverName: "Lectern"),
            onServerRunning: { listening.yield($0.localAddress?.port ?? 0) }, logger: logger)
        let workers = Workers(
            jobs: services.jobs, memberships: services.memberships, workspaces: services.workspaces,
            embedding: embedding, vectors: vectors, running: running, whenRunning: whenRunning, logger: logger)
        var group = ServiceGroupConfiguration(
            services: [workers, application], gracefulShutdownSignals: [.sigterm, .sigint], logger: logger)
        group.maximumGracefulShutdownDuration = .seconds(5)
        group.maximumCancellationDuration = .seconds(10)
        try await ServiceGroup(configuration: group).run()
    }

    private func makeServices(
        settings: Settings, editor: SettingsEditor, embedding: EmbeddingService, vectors: EmbeddedVectorStore,
        models: Models, languageModel: @escaping @Sendable (Workspace, ModelPurpose) throws -> any LanguageModel
    ) -> APIServices {
        let database = storage.database
        let workspaces = WorkspaceStore(database)
        let memberships = WorkspaceDocumentStore(database)
        let documents = DocumentStore(database)
        let chunks = ChunkStore(database)
        let events = EventStore(database)
        let jobs = JobQueue(store: JobStore(database), logger: logger)
        var limits = ParseLimits()
        limits.maximumTextBytes = configuration.maximumTextBytes
        let reader = SandboxedDocumentReader(command: [Self.executablePath, "parse-document"], limits: limits)
        let builder = ChunkSetBuilder(documents: documents, chunks: chunks, embedding: embedding)
        let indexer = WorkspaceIndexer(
            builder: builder, chunks: chunks, memberships: memberships, workspaces: workspaces, vectors: vectors,
            embedding: embedding)
        let distributor = WorkspaceDistributor(workspaces: workspaces, indexer: indexer, events: events)
        let library = DocumentLibrary(documents: documents, reader: reader)
        let spool = storage.spool
        let retriever = Retriever(
            embedding: embedding, vectors: vectors, chunks: chunks, reranker: models.reranker(logger: logger),
            logger: logger)
        return APIServices(
            keys: APIKeys(store: APIKeyStore(database)), settings: settings, editor: editor,
            workspaces: workspaces, threads: ThreadStore(database), chats: ChatStore(database),
            memberships: memberships, documents: documents, chunks: chunks, events: events,
            registry: WorkspaceRegistry(workspaces: workspaces, events: events), library: library,
            distributor: distributor, indexer: indexer, retriever: retriever, embedding: embedding, jobs: jobs,
            chat: ChatService(
                stores: .init(
                    chats: ChatStore(database), chunks: chunks, memberships: memberships, documents: documents),
                retriever: retriever, attachments: AttachmentReader { try await spool.read($0, with: reader) },
                logger: logger,
                configuration: { settings.snapshot.chatConfiguration }, languageModel: languageModel),
            reader: reader, spool: spool,
            uploadLimits: UploadLimits(maximumFileBytes: configuration.maximumUploadBytes),
            languageModel: { try languageModel($0, .chat) }
        ) { effects in
            guard effects.changesEmbedder else { return }
            embedding.replace(with: models.embedder())
            for workspace in try await workspaces.all() { try await vectors.drop(Namespace(workspace.id)) }
            try await jobs.submit(Job(.reembedding))
        }
    }

    private func register(_ services: APIServices) async {
        await services.jobs.register(
            UploadHandler(
                library: services.library, documents: services.documents, distributor: services.distributor,
                spoolPath: storage.spool.path),
            for: .upload)
        await services.jobs.register(
            UpdateEmbeddingsHandler(
                documents: services.documents, workspaces: services.workspaces, indexer: services.indexer,
                events: services.events),
            for: .updateEmbeddings)
        await services.jobs.register(
            ReembedHandler(
                memberships: services.memberships, chunks: services.chunks, indexer: services.indexer,
                embedding: services.embedding),
            for: .reembed)
    }

    /// Deletes the files of uploads that a crash cut off before they had arrived.
    private func removeLeftovers() async throws {
        let kept = try await JobStore(storage.database).unfinished().compactMap(\.spoolFile)
        storage.spool.removeLeftovers(keeping: Set(kept))
    }

    /// After so long without a byte, a connection is closed on which no request is being answered: one that waits for its next
    /// request, or whose request does not come to an end.
    private static let idleTimeout = TimeAmount.seconds(75)

    /// Of this program, to start itself again for parsing.
    static var executablePath: String {
        (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? CommandLine.arguments[0]
    }
}

/// What runs beside the requests: jobs, and the filling of the vector store.
private struct Workers: Service {
    let jobs: JobQueue
    let memberships: WorkspaceDocumentStore
    let workspaces: WorkspaceStore
    let embedding: EmbeddingService
    let vectors: EmbeddedVectorStore
    /// The port, once the server listens on it.
    let running: AsyncStream<Int>
    let whenRunning: @Sendable (Int) async throws -> Void
    let logger: Logger

    func run() async throws {
        try await cancelWhenGracefulShutdown {
            // A server that cannot listen does nothing else either.
            guard let port = await running.first(where: { _ in true }) else { return }
            try await whenRunning(port)
            if try await !memberships.outdated(embedder: embedding.model.fingerprint).isEmpty {
                try await jobs.submit(Job(.reembedding))
            }
            await withDiscardingTaskGroup { group in
                group.addTask { await warm() }
                group.addTask { await runJobs() }
            }
        }
    }

    private func warm() async {
        do {
            try await vectors.warm(workspaces.all().map { Namespace($0.id) })
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
