package import Domain
package import Engine

/// The use cases that the routes work with, by area.
package struct APIServices: Sendable {
    package let administration: Administration
    package let library: Library
    package let workspaces: Workspaces
    package let conversations: Conversations
    package let search: Search
    package let models: Models

    package init(
        administration: Administration, library: Library, workspaces: Workspaces, conversations: Conversations,
        search: Search, models: Models
    ) {
        self.administration = administration
        self.library = library
        self.workspaces = workspaces
        self.conversations = conversations
        self.search = search
        self.models = models
    }

    package struct Administration: Sendable {
        package let keys: APIKeys
        package let settings: Settings
        package let editor: SettingsEditor
        package let jobs: JobQueue
        package let statistics: InstanceStatistics

        package init(
            keys: APIKeys, settings: Settings, editor: SettingsEditor, jobs: JobQueue, statistics: InstanceStatistics
        ) {
            self.keys = keys
            self.settings = settings
            self.editor = editor
            self.jobs = jobs
            self.statistics = statistics
        }
    }

    package struct Library: Sendable {
        package let documents: DocumentDirectory
        package let ingestion: IngestionService
        package let reader: any DocumentReader
        package let uploadLimits: UploadLimits

        package init(
            documents: DocumentDirectory, ingestion: IngestionService, reader: any DocumentReader,
            uploadLimits: UploadLimits
        ) {
            self.documents = documents
            self.ingestion = ingestion
            self.reader = reader
            self.uploadLimits = uploadLimits
        }
    }

    package struct Workspaces: Sendable {
        package let directory: WorkspaceDirectory
        package let registry: WorkspaceRegistry

        package init(directory: WorkspaceDirectory, registry: WorkspaceRegistry) {
            self.directory = directory
            self.registry = registry
        }
    }

    package struct Conversations: Sendable {
        package let directory: ConversationDirectory
        package let chat: ChatService

        package init(directory: ConversationDirectory, chat: ChatService) {
            self.directory = directory
            self.chat = chat
        }
    }

    package struct Search: Sendable {
        package let retriever: Retriever
        package let embedding: EmbeddingService

        package init(retriever: Retriever, embedding: EmbeddingService) {
            self.retriever = retriever
            self.embedding = embedding
        }
    }

    package struct Models: Sendable {
        /// What a workspace chats with; throws where its provider is not configured.
        package let languageModel: @Sendable (Workspace) throws -> any LanguageModel
        /// Who makes pictures; throws where that is not set.
        package let imageGenerator: @Sendable () throws -> any ImageGenerator
        /// Counts, and reads tokens where the vocabulary is on this machine.
        package let tokens: TokenCounter

        package init(
            languageModel: @escaping @Sendable (Workspace) throws -> any LanguageModel,
            imageGenerator: @escaping @Sendable () throws -> any ImageGenerator, tokens: TokenCounter
        ) {
            self.languageModel = languageModel
            self.imageGenerator = imageGenerator
            self.tokens = tokens
        }
    }
}
