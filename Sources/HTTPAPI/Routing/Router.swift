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
    package var ingestion: IngestionService
    package var indexer: WorkspaceIndexer
    package var retriever: Retriever
    package var embedding: EmbeddingService
    package var jobs: JobQueue
    package var chat: ChatService
    package var reader: any DocumentReader
    package var uploadLimits: UploadLimits
    package var languageModel: @Sendable (Workspace) throws -> any LanguageModel
    /// Counts, and reads tokens where the vocabulary is on this machine.
    package var tokens = TokenCounter.estimate
    /// Who makes pictures; throws where that is not set.
    package var imageGenerator: @Sendable () throws -> any ImageGenerator = {
        throw ServiceError(.unavailable, "No valid image generation provider was set. Got: undefined")
    }

    package init(
        keys: APIKeys, settings: Settings, editor: SettingsEditor, workspaces: WorkspaceStore, threads: ThreadStore,
        chats: ChatStore, memberships: WorkspaceDocumentStore, documents: DocumentStore, chunks: ChunkStore,
        events: EventStore,
        registry: WorkspaceRegistry, ingestion: IngestionService, indexer: WorkspaceIndexer, retriever: Retriever,
        embedding: EmbeddingService, jobs: JobQueue,
        chat: ChatService, reader: any DocumentReader, uploadLimits: UploadLimits,
        languageModel: @escaping @Sendable (Workspace) throws -> any LanguageModel
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
        self.ingestion = ingestion
        self.indexer = indexer
        self.retriever = retriever
        self.embedding = embedding
        self.jobs = jobs
        self.chat = chat
        self.reader = reader
        self.uploadLimits = uploadLimits
        self.languageModel = languageModel
    }
}

/// The whole API.
package func buildRouter(_ services: APIServices) -> Router<APIContext> {
    let table = routeTable(services)
    let router = Router(context: APIContext.self, options: [.caseInsensitive, .autoGenerateHeadEndpoints])
    router.add(middleware: RequestRecordMiddleware())
    router.add(middleware: LargeAnswerMiddleware(directory: services.ingestion.spool.path))
    router.add(middleware: CORSMiddleware())
    router.add(middleware: ConditionalGetMiddleware())
    router.add(middleware: ErrorMiddleware(routes: table))
    router.add(middleware: CallerMiddleware(keys: services.keys))
    for route in table.routes { router.on(RouterPath(route.path), method: route.method, use: route.respond) }
    return router
}

/// Every operation there is, with who may call it.
package func routeTable(_ services: APIServices) -> RouteTable {
    let running = services.chat.running
    let workspaces = WorkspaceDirectory(workspaces: services.workspaces)
    let conversations = ConversationDirectory(threads: services.threads, chats: services.chats, running: running)
    let documents = DocumentDirectory(
        documents: services.documents, memberships: services.memberships, embedding: services.embedding)
    return RouteTable([
        RouteTable(under: "/api").get("ping", .everybody) { _, _ in Response(json: ["online": true]) },
        DocumentationRoutes(settings: services.settings).endpoints,
        MetricsRoutes().endpoints,
        AuthenticationRoutes().endpoints,
        DocumentRoutes(
            directory: documents, ingestion: services.ingestion, reader: services.reader,
            uploadLimits: services.uploadLimits
        ).endpoints,
        WorkspaceRoutes(
            workspaces: workspaces, conversations: conversations, documents: documents, registry: services.registry,
            jobs: services.jobs, settings: services.settings, languageModel: services.languageModel
        ).endpoints,
        PinRoutes(workspaces: workspaces, documents: documents).endpoints,
        VectorSearchRoutes(workspaces: workspaces, retriever: services.retriever).endpoints,
        ThreadRoutes(workspaces: workspaces, conversations: conversations).endpoints,
        HistoryRoutes(workspaces: workspaces, conversations: conversations).endpoints,
        ExportRoutes(workspaces: workspaces, conversations: conversations).endpoints,
        ChatRoutes(workspaces: workspaces, conversations: conversations, chat: services.chat).endpoints,
        SystemRoutes(
            settings: services.settings, editor: services.editor, memberships: services.memberships,
            chunks: services.chunks
        ).endpoints,
        OpenAIRoutes(
            workspaces: workspaces, chat: services.chat, settings: services.settings,
            languageModel: services.languageModel
        ).endpoints,
        VectorStoreRoutes(
            workspaces: workspaces, memberships: services.memberships, chunks: services.chunks,
            retriever: services.retriever, embedding: services.embedding, settings: services.settings
        ).endpoints,
        EmbeddingsRoutes(embedding: services.embedding, tokens: services.tokens).endpoints,
        ImageRoutes(settings: services.settings, imageGenerator: services.imageGenerator).endpoints,
        JobRoutes(jobs: services.jobs).endpoints,
    ])
}
