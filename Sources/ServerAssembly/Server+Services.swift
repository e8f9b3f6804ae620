import Domain
import Engine
import HTTPAPI
import LinkFetching
import Persistence

extension Server {
    /// The use cases that the routes work with.
    static func services(
        _ parts: ServerParts, _ stores: Stores, _ index: SearchIndex, _ jobs: JobQueue,
        _ settings: Settings,
        _ editor: SettingsEditor, _ secrets: SecretBox
    ) -> APIServices {
        let running = RunningAnswers()
        let limiter = AttemptLimiter(within: .seconds(15 * 60))
        let owner = OwnerPassword(
            preferences: stores.preferences, settings: settings, hashing: PasswordHashing(cost: parts.passwordCost),
            limiter: limiter)
        let access = access(parts, stores, settings, owner)
        let (models, spool) = (parts.models, parts.storage.spool)
        let removal = DocumentRemoval(documents: stores.documents, indexer: index.indexer)
        let languageModel: @Sendable (Workspace, ModelPurpose) throws -> any LanguageModel = {
            try models.languageModel($0, $1, settings.snapshot, index.embedding.embedder)
        }
        let routing = ModelRouting(
            store: stores.modelRouters, settings: { settings.snapshot }, matcher: PatternMatching.matcher,
            languageModel: languageModel, tokens: models.tokens)
        let chat = ChatService(
            running: running, limits: ChatLimits(keys: access.keys, users: stores.users),
            stores: .init(
                chats: stores.chats, chunks: stores.chunks, memberships: stores.memberships,
                documents: stores.documents),
            retriever: index.retriever,
            attachments: AttachmentReader(spool: spool, reader: parts.reader, tokens: models.tokens),
            toolServer: parts.toolServer,
            tokens: models.tokens, logger: parts.logger,
            configuration: { settings.snapshot.chatConfiguration }, languageModel: languageModel, routing: routing)
        return APIServices(
            access: access, people: people(parts, stores, settings, secrets, access, running, owner, limiter),
            administration: .init(
                settings: settings, editor: editor, jobs: jobs, jobReports: JobReports(documents: stores.documents),
                statistics: InstanceStatistics(memberships: stores.memberships, chunks: stores.chunks),
                events: EventLog(events: stores.events, settings: settings),
                preferences: Preferences(
                    store: stores.preferences, editor: editor, settings: settings, box: secrets),
                dump: EnvironmentDump(
                    settings: settings, events: stores.events, owner: owner, directory: parts.storage.path)),
            library: .init(
                documents: DocumentDirectory(
                    documents: stores.documents, memberships: stores.memberships, embedding: index.embedding,
                    events: stores.events),
                files: FileLibrary(files: stores.files, documents: stores.documents, removal: removal),
                folders: FolderRegistry(documents: stores.documents), removal: removal,
                generatedFiles: GeneratedFiles(path: "\(parts.storage.path)/generated-files") { name in
                    try await stores.chats.mentions(name)
                },
                ingestion: IngestionService(
                    spool: spool, jobs: jobs, documents: stores.documents, reader: parts.reader),
                links: LinkService(jobs: jobs, secrets: secrets, settings: settings),
                watch: LinkWatch(
                    links: stores.links, documents: stores.documents, jobs: jobs, secrets: secrets, settings: settings),
                reader: parts.reader, recordings: listener(parts, settings),
                uploadLimits: UploadLimits(maximumFileBytes: parts.maximumUploadBytes)),
            workspaces: .init(
                directory: WorkspaceDirectory(workspaces: stores.workspaces),
                registry: WorkspaceRegistry(
                    workspaces: stores.workspaces, indexer: index.indexer, running: running, events: stores.events,
                    systemPrompt: { settings.snapshot.systemPrompt }),
                files: WorkspaceFiles(store: stores.workspaceFiles, files: stores.files, jobs: jobs)),
            conversations: .init(
                directory: ConversationDirectory(
                    threads: stores.threads, chats: stores.chats, users: stores.users,
                    mode: InstanceMode(preferences: stores.preferences), running: running, events: stores.events),
                all: InstanceConversations(
                    chats: stores.chats, embedChats: stores.embedChats, workspaces: stores.workspaces,
                    users: stores.users, events: stores.events,
                    settings: settings),
                chat: chat, responses: ResponseArchive(responses: stores.responses),
                printer: parts.pagePrinter ?? printer(parts)),
            embeds: .init(
                registry: EmbedRegistry(
                    embeds: stores.embeds, chats: stores.embedChats, workspaces: stores.workspaces, running: running),
                chats: EmbedChats(
                    embeds: stores.embeds, chats: stores.embedChats, workspaces: stores.workspaces, chat: chat,
                    settings: settings, logger: parts.logger)),
            search: .init(retriever: index.retriever, embedding: index.embedding),
            models: .init(
                languageModel: { try languageModel(try await routing.workspaceWithFallback($0), .chat) },
                routers: ModelRouters(
                    store: stores.modelRouters, workspaces: stores.workspaces, settings: settings,
                    matcher: PatternMatching.matcher),
                imageGenerator: { try models.imageGenerator(settings.snapshot) },
                synthesizer: { try models.synthesizer(settings.snapshot) }, tokens: models.tokens,
                catalog: ModelCatalog(settings: settings, lister: models.modelLister)))
    }

    /// Reads what is said to the server, which another provider may understand than transcribes documents.
    private static func listener(_ parts: ServerParts, _ settings: Settings) -> RecordingReader {
        let listener = parts.models.listener
        return RecordingReader(
            over: parts.reader, decoder: parts.recordingDecoder, spool: parts.storage.spool,
            transcriber: { try listener(settings.snapshot) })
    }

    private static func printer(_ parts: ServerParts) -> (any PagePrinter)? {
        guard let launcher = parts.browserLauncher, ChromiumRenderer.isInstalled else { return nil }
        return ChromiumRenderer(access: LinkAccess(), launcher: launcher)
    }

    private static func access(
        _ parts: ServerParts, _ stores: Stores, _ settings: Settings, _ owner: OwnerPassword
    ) -> APIServices.Access {
        let mode = InstanceMode(preferences: stores.preferences)
        return .init(
            keys: APIKeys(store: stores.keys, events: stores.events),
            sessions: Sessions(
                users: stores.users, mode: mode, owner: owner, settings: settings,
                keyFile: parts.storage.keyFile),
            mode: mode)
    }

    private static func people(
        _ parts: ServerParts, _ stores: Stores, _ settings: Settings, _ secrets: SecretBox,
        _ access: APIServices.Access, _ running: RunningAnswers, _ owner: OwnerPassword, _ limiter: AttemptLimiter
    ) -> APIServices.People {
        let (sessions, mode) = (access.sessions, access.mode)
        let hashing = PasswordHashing(cost: parts.passwordCost)
        let accounts = UserAccounts(
            users: stores.users, sessions: sessions, running: running, hashing: hashing, settings: settings,
            keys: access.keys, limiter: limiter)
        let recovery = AccountRecovery(
            users: stores.users, sessions: sessions, running: running, hashing: hashing, settings: settings,
            limiter: limiter)
        let signIn = SignIn(
            users: stores.users, sessions: sessions, owner: owner, mode: mode, recovery: recovery, hashing: hashing,
            events: stores.events, settings: settings, limiter: limiter)
        let tokens = SignInTokens(
            users: stores.users, signIn: signIn, mode: mode, events: stores.events, settings: settings)
        return .init(
            accounts: accounts, members: WorkspaceMembers(users: stores.users, sessions: sessions),
            invitations: Invitations(
                invites: stores.invites, accounts: accounts, workspaces: stores.workspaces, box: secrets, mode: mode,
                settings: settings, limiter: limiter),
            signIn: signIn,
            tokens: tokens,
            recovery: recovery,
            multiUserSwitch: MultiUserSwitch(users: stores.users, accounts: accounts, sessions: sessions, mode: mode),
            owner: owner,
            identities: IdentitySignIn(
                users: stores.users, signIn: signIn, tokens: tokens, mode: mode, events: stores.events,
                settings: settings, box: secrets, provider: parts.identityProvider))
    }
}
