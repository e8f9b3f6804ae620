import Domain
import Engine
import HTTPAPI

extension Server {
    /// The use cases that the routes work with.
    static func services(
        _ parts: ServerParts, _ stores: Stores, _ index: SearchIndex, _ jobs: JobQueue, _ settings: Settings,
        _ editor: SettingsEditor
    ) -> APIServices {
        let running = RunningAnswers()
        let (models, spool) = (parts.models, parts.storage.spool)
        let languageModel: @Sendable (Workspace, ModelPurpose) throws -> any LanguageModel = {
            try models.languageModel($0, $1, settings.snapshot, index.embedding.embedder)
        }
        let chat = ChatService(
            running: running,
            stores: .init(
                chats: stores.chats, chunks: stores.chunks, memberships: stores.memberships,
                documents: stores.documents),
            retriever: index.retriever,
            attachments: AttachmentReader(spool: spool, reader: parts.reader, tokens: models.tokens),
            tokens: models.tokens, logger: parts.logger,
            configuration: { settings.snapshot.chatConfiguration }, languageModel: languageModel)
        return APIServices(
            administration: .init(
                keys: APIKeys(store: stores.keys), settings: settings, editor: editor, jobs: jobs,
                statistics: InstanceStatistics(memberships: stores.memberships, chunks: stores.chunks)),
            library: .init(
                documents: DocumentDirectory(
                    documents: stores.documents, memberships: stores.memberships, embedding: index.embedding,
                    events: stores.events),
                ingestion: IngestionService(
                    spool: spool, jobs: jobs, documents: stores.documents, reader: parts.reader),
                reader: parts.reader, uploadLimits: UploadLimits(maximumFileBytes: parts.maximumUploadBytes)),
            workspaces: .init(
                directory: WorkspaceDirectory(workspaces: stores.workspaces),
                registry: WorkspaceRegistry(
                    workspaces: stores.workspaces, indexer: index.indexer, running: running, events: stores.events)),
            conversations: .init(
                directory: ConversationDirectory(
                    threads: stores.threads, chats: stores.chats, running: running, events: stores.events),
                chat: chat),
            search: .init(retriever: index.retriever, embedding: index.embedding),
            models: .init(
                languageModel: { try languageModel($0, .chat) },
                imageGenerator: { try models.imageGenerator(settings.snapshot) }, tokens: models.tokens))
    }
}
