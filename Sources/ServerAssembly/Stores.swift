import Persistence

/// Everything that is asked of the database.
struct Stores: Sendable {
    let workspaces: WorkspaceStore
    let threads: ThreadStore
    let chats: ChatStore
    let memberships: WorkspaceDocumentStore
    let documents: DocumentStore
    let links: LinkStore
    let chunks: ChunkStore
    let events: EventStore
    let jobs: JobStore
    let embedders: EmbedderStore
    let settings: SettingStore
    let keys: APIKeyStore
    let vectors: ChunkVectorSource
    let users: UserStore
    let invites: InviteStore
    let preferences: PreferenceStore
    let embeds: EmbedStore
    let embedChats: EmbedChatStore
    let responses: ResponseStore
    let files: FileStore
    let workspaceFiles: WorkspaceFileStore
    let modelRouters: ModelRouterStore

    init(_ database: any Database) {
        workspaces = WorkspaceStore(database)
        threads = ThreadStore(database)
        chats = ChatStore(database)
        memberships = WorkspaceDocumentStore(database)
        documents = DocumentStore(database)
        links = LinkStore(database)
        chunks = ChunkStore(database)
        events = EventStore(database)
        jobs = JobStore(database)
        embedders = EmbedderStore(database)
        settings = SettingStore(database)
        keys = APIKeyStore(database)
        vectors = ChunkVectorSource(database)
        users = UserStore(database)
        invites = InviteStore(database)
        preferences = PreferenceStore(database)
        embeds = EmbedStore(database)
        embedChats = EmbedChatStore(database)
        responses = ResponseStore(database)
        files = FileStore(database)
        workspaceFiles = WorkspaceFileStore(database)
        modelRouters = ModelRouterStore(database)
    }
}
