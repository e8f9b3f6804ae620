package import Domain
package import Engine
package import Hummingbird
package import Persistence

/// All that the routes work with.
package struct APIServices: Sendable {
    package var keys: APIKeys
    package var settings: Settings
    package var editor: SettingsEditor
    package var workspaces: WorkspaceStore
    package var threads: ThreadStore
    package var chats: ChatStore
    package var memberships: WorkspaceDocumentStore
    package var documents: DocumentStore
    package var chunks: ChunkStore
    package var events: EventStore
    package var registry: WorkspaceRegistry
    package var library: DocumentLibrary
    package var distributor: WorkspaceDistributor
    package var indexer: WorkspaceIndexer
    package var retriever: Retriever
    package var embedding: EmbeddingService
    package var jobs: JobQueue
    package var chat: ChatService
    package var reader: any DocumentReader
    package var spool: SpoolDirectory
    package var uploadLimits: UploadLimits
    package var languageModel: @Sendable (Workspace) throws -> any LanguageModel
    package var settingsChanged: @Sendable (SettingsEffects) async throws -> Void
    /// Who makes pictures; throws where that is not set.
    /// Counts, and reads tokens where the vocabulary is on this machine.
    package var tokens = TokenCounter.estimate
    package var imageGenerator: @Sendable () throws -> any ImageGenerator = {
        throw ServiceError(.unavailable, "No valid image generation provider was set. Got: undefined")
    }

    package init(
        keys: APIKeys, settings: Settings, editor: SettingsEditor, workspaces: WorkspaceStore, threads: ThreadStore,
        chats: ChatStore, memberships: WorkspaceDocumentStore, documents: DocumentStore, chunks: ChunkStore,
        events: EventStore,
        registry: WorkspaceRegistry, library: DocumentLibrary, distributor: WorkspaceDistributor,
        indexer: WorkspaceIndexer, retriever: Retriever, embedding: EmbeddingService, jobs: JobQueue,
        chat: ChatService, reader: any DocumentReader, spool: SpoolDirectory, uploadLimits: UploadLimits,
        languageModel: @escaping @Sendable (Workspace) throws -> any LanguageModel,
        settingsChanged: @escaping @Sendable (SettingsEffects) async throws -> Void
    ) {
        self.keys = keys
        self.settings = settings
        self.editor = editor
        self.workspaces = workspaces
        self.threads = threads
        self.chats = chats
        self.memberships = memberships
        self.documents = documents
        self.chunks = chunks
        self.events = events
        self.registry = registry
        self.library = library
        self.distributor = distributor
        self.indexer = indexer
        self.retriever = retriever
        self.embedding = embedding
        self.jobs = jobs
        self.chat = chat
        self.reader = reader
        self.spool = spool
        self.uploadLimits = uploadLimits
        self.languageModel = languageModel
        self.settingsChanged = settingsChanged
    }
}

/// The whole API: what is public, and what needs a key.
package func buildRouter(_ services: APIServices) -> Router<APIContext> {
    let table = RouteTable(routes(services) { _ in }.routes)
    return routes(services) { router in
        router.add(middleware: CORSMiddleware())
        router.add(middleware: ConditionalGetMiddleware())
        router.add(middleware: ErrorMiddleware(routes: table))
        router.add(middleware: APIKeyMiddleware(keys: services.keys))
    }
}

/// The router is made twice: once to know its own routes, which the answer to a wrong method names.
private func routes(
    _ services: APIServices, prepare: (Router<APIContext>) -> Void
) -> Router<APIContext> {
    let router = Router(context: APIContext.self, options: [.caseInsensitive, .autoGenerateHeadEndpoints])
    prepare(router)

    let open = router.group("api")
    open.get("ping") { _, _ in Response(json: ["online": true]) }
    open.addRoutes(DocumentationRoutes(settings: services.settings).endpoints)

    let v1 = router.group("api/v1").group(context: AuthenticatedContext.self)
    v1.addRoutes(AuthenticationRoutes().endpoints)
    v1.addRoutes(documentRoutes(services).endpoints)
    v1.addRoutes(workspaceRoutes(services).endpoints)
    v1.addRoutes(
        VectorSearchRoutes(workspaces: services.workspaces, retriever: services.retriever).endpoints,
        atPath: "workspace")
    addConversationRoutes(services, to: v1)
    v1.addRoutes(
        ChatRoutes(workspaces: services.workspaces, threads: services.threads, chat: services.chat).endpoints,
        atPath: "workspace")
    v1.addRoutes(
        SystemRoutes(
            settings: services.settings, editor: services.editor, memberships: services.memberships,
            chunks: services.chunks, settingsChanged: services.settingsChanged
        ).endpoints, atPath: "system")
    v1.addRoutes(
        OpenAIRoutes(
            workspaces: services.workspaces, chat: services.chat, settings: services.settings,
            languageModel: services.languageModel
        ).endpoints, atPath: "openai")
    v1.addRoutes(
        VectorStoreRoutes(
            workspaces: services.workspaces, memberships: services.memberships, chunks: services.chunks,
            retriever: services.retriever, embedding: services.embedding, settings: services.settings
        ).endpoints, atPath: "openai")
    v1.addRoutes(EmbeddingsRoutes(embedding: services.embedding, tokens: services.tokens).endpoints, atPath: "openai")
    v1.addRoutes(
        ImageRoutes(settings: services.settings, imageGenerator: services.imageGenerator).endpoints, atPath: "openai")
    v1.addRoutes(JobRoutes(jobs: services.jobs).endpoints, atPath: "jobs")
    return router
}

private func addConversationRoutes(
    _ services: APIServices, to v1: RouterGroup<AuthenticatedContext>
) {
    let (workspaces, threads, chats) = (services.workspaces, services.threads, services.chats)
    v1.addRoutes(
        PinRoutes(workspaces: workspaces, memberships: services.memberships).endpoints, atPath: "workspace")
    v1.addRoutes(
        ThreadRoutes(workspaces: workspaces, threads: threads, running: services.chat.running).endpoints,
        atPath: "workspace")
    v1.addRoutes(
        HistoryRoutes(workspaces: workspaces, threads: threads, chats: chats).endpoints, atPath: "workspace")
    v1.addRoutes(
        ExportRoutes(workspaces: workspaces, threads: threads, chats: chats).endpoints, atPath: "workspace")
}

private func documentRoutes(_ services: APIServices) -> DocumentRoutes {
    DocumentRoutes(
        documents: services.documents, library: services.library, distributor: services.distributor,
        jobs: services.jobs, events: services.events, embedding: services.embedding, reader: services.reader,
        spool: services.spool, uploadLimits: services.uploadLimits)
}

private func workspaceRoutes(_ services: APIServices) -> WorkspaceRoutes {
    WorkspaceRoutes(
        workspaces: services.workspaces, threads: services.threads, memberships: services.memberships,
        registry: services.registry, indexer: services.indexer, jobs: services.jobs, events: services.events,
        settings: services.settings, running: services.chat.running, languageModel: services.languageModel)
}
