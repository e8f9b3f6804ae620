package import Domain
package import Engine

/// The use cases that the routes work with, by area.
package struct APIServices: Sendable {
    package let access: Access
    package let people: People
    package let administration: Administration
    package let library: Library
    package let workspaces: Workspaces
    package let conversations: Conversations
    package let embeds: Embeds
    package let search: Search
    package let models: Models

    package init(
        access: Access, people: People, administration: Administration, library: Library, workspaces: Workspaces,
        conversations: Conversations, embeds: Embeds, search: Search, models: Models
    ) {
        self.embeds = embeds
        self.access = access
        self.people = people
        self.administration = administration
        self.library = library
        self.workspaces = workspaces
        self.conversations = conversations
        self.search = search
        self.models = models
    }

    /// Who calls.
    package struct Access: Sendable {
        package let keys: APIKeys
        package let sessions: Sessions
        package let mode: InstanceMode

        package init(keys: APIKeys, sessions: Sessions, mode: InstanceMode) {
            self.keys = keys
            self.sessions = sessions
            self.mode = mode
        }
    }

    /// Users, and how they come in.
    package struct People: Sendable {
        package let accounts: UserAccounts
        package let members: WorkspaceMembers
        package let invitations: Invitations
        package let signIn: SignIn
        package let tokens: SignInTokens
        package let recovery: AccountRecovery
        package let multiUserSwitch: MultiUserSwitch
        package let owner: OwnerPassword
        package let identities: IdentitySignIn

        package init(
            accounts: UserAccounts, members: WorkspaceMembers, invitations: Invitations, signIn: SignIn,
            tokens: SignInTokens, recovery: AccountRecovery, multiUserSwitch: MultiUserSwitch, owner: OwnerPassword,
            identities: IdentitySignIn
        ) {
            self.identities = identities
            self.accounts = accounts
            self.members = members
            self.invitations = invitations
            self.signIn = signIn
            self.tokens = tokens
            self.recovery = recovery
            self.multiUserSwitch = multiUserSwitch
            self.owner = owner
        }
    }

    package struct Administration: Sendable {
        package let settings: Settings
        package let editor: SettingsEditor
        package let jobs: JobQueue
        package let jobReports: JobReports
        package let statistics: InstanceStatistics
        package let events: EventLog
        package let preferences: Preferences
        package let dump: EnvironmentDump

        package init(
            settings: Settings, editor: SettingsEditor, jobs: JobQueue, jobReports: JobReports,
            statistics: InstanceStatistics, events: EventLog, preferences: Preferences, dump: EnvironmentDump
        ) {
            self.jobReports = jobReports
            self.events = events
            self.preferences = preferences
            self.dump = dump
            self.settings = settings
            self.editor = editor
            self.jobs = jobs
            self.statistics = statistics
        }
    }

    package struct Library: Sendable {
        package let documents: DocumentDirectory
        package let files: FileLibrary
        package let folders: FolderRegistry
        package let removal: DocumentRemoval
        package let generatedFiles: GeneratedFiles
        package let ingestion: IngestionService
        package let links: LinkService
        package let watch: LinkWatch
        package let reader: any DocumentReader
        package let recordings: RecordingReader
        package let uploadLimits: UploadLimits

        package init(
            documents: DocumentDirectory, files: FileLibrary, folders: FolderRegistry, removal: DocumentRemoval,
            generatedFiles: GeneratedFiles, ingestion: IngestionService, links: LinkService, watch: LinkWatch,
            reader: any DocumentReader, recordings: RecordingReader, uploadLimits: UploadLimits
        ) {
            self.recordings = recordings
            self.files = files
            self.watch = watch
            self.folders = folders
            self.generatedFiles = generatedFiles
            self.removal = removal
            self.documents = documents
            self.ingestion = ingestion
            self.links = links
            self.reader = reader
            self.uploadLimits = uploadLimits
        }
    }

    package struct Workspaces: Sendable {
        package let directory: WorkspaceDirectory
        package let registry: WorkspaceRegistry
        package let files: WorkspaceFiles

        package init(directory: WorkspaceDirectory, registry: WorkspaceRegistry, files: WorkspaceFiles) {
            self.files = files
            self.directory = directory
            self.registry = registry
        }
    }

    package struct Conversations: Sendable {
        package let directory: ConversationDirectory
        /// Those of everybody.
        package let all: InstanceConversations
        package let chat: ChatService
        package let responses: ResponseArchive
        /// `nil` where nothing here prints.
        package let printer: (any PagePrinter)?

        package init(
            directory: ConversationDirectory, all: InstanceConversations, chat: ChatService,
            responses: ResponseArchive, printer: (any PagePrinter)?
        ) {
            self.responses = responses
            self.printer = printer
            self.all = all
            self.directory = directory
            self.chat = chat
        }
    }

    /// Chat widgets on other sites.
    package struct Embeds: Sendable {
        package let registry: EmbedRegistry
        package let chats: EmbedChats

        package init(registry: EmbedRegistry, chats: EmbedChats) {
            self.registry = registry
            self.chats = chats
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
        package let languageModel: @Sendable (Workspace) async throws -> any LanguageModel
        /// What chooses among several.
        package let routers: ModelRouters
        /// Who makes pictures; throws where that is not set.
        package let imageGenerator: @Sendable () throws -> any ImageGenerator
        /// Who says texts aloud; throws where that is not set.
        package let synthesizer: @Sendable () throws -> any SpeechSynthesizer
        /// Counts, and reads tokens where the vocabulary is on this machine.
        package let tokens: TokenCounter
        package let catalog: ModelCatalog

        package init(
            languageModel: @escaping @Sendable (Workspace) async throws -> any LanguageModel, routers: ModelRouters,
            imageGenerator: @escaping @Sendable () throws -> any ImageGenerator,
            synthesizer: @escaping @Sendable () throws -> any SpeechSynthesizer, tokens: TokenCounter,
            catalog: ModelCatalog
        ) {
            self.catalog = catalog
            self.languageModel = languageModel
            self.routers = routers
            self.imageGenerator = imageGenerator
            self.synthesizer = synthesizer
            self.tokens = tokens
        }
    }
}
