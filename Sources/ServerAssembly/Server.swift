import Domain
import Engine
package import HTTPAPI
import LinkFetching
import Logging
import Persistence

/// The whole machine: everything is made here, in the order in which it depends on each other. The program and the tests
/// make it alike; they differ in the parts alone.
package struct Server: Sendable {
    package let services: APIServices
    package let work: BackgroundWork

    /// Makes the server ready to answer: settings are read, what a crash left behind is removed, and jobs that it cut off
    /// wait for `work`.
    ///
    /// - Throws: `StartError` where a variable of the environment does not protect what operators believe it does.
    package init(_ givenParts: ServerParts) async throws {
        var parts = givenParts
        let stores = Stores(parts.storage.database)
        let secrets = SecretBox(parts.storage.keyFile)
        let settings = try await Self.settings(parts, stores, secrets)
        try Self.requireProtection(settings.snapshot)
        let transcriber = parts.models.transcriber
        parts.reader = RecordingReader(
            over: parts.reader, decoder: parts.recordingDecoder, spool: parts.storage.spool,
            transcriber: { try transcriber(settings.snapshot) })
        let jobs = JobQueue(
            store: stores.jobs, policy: JobPolicy(node: try NodeName.read(inDirectory: parts.storage.path)),
            logger: parts.logger)
        let index = SearchIndex(
            parts, stores: stores, secrets: secrets, settings: settings.snapshot, jobs: jobs)
        let editor = SettingsEditor(
            settings: settings, box: secrets, embedderChange: index.embedderChange, store: stores.settings)
        services = Self.services(parts, stores, index, jobs, settings, editor, secrets)
        try await Self.tidy(parts.storage, stores)
        await Self.register(parts, stores, index, jobs, settings, secrets)
        try await index.embedderChange.recordStart(settings.snapshot)
        work = BackgroundWork(
            jobs: jobs, embedders: stores.embedders, vectors: index.vectors, words: index.words,
            revocation: RevocationWatch(
                running: services.conversations.chat.running, keys: services.access.keys,
                sessions: services.access.sessions, logger: parts.logger),
            keys: services.access.keys, events: services.administration.events,
            conversations: services.conversations.all, responses: services.conversations.responses,
            removal: services.library.removal, generatedFiles: services.library.generatedFiles,
            watch: services.library.watch, toolServer: parts.toolServer,
            logger: parts.logger)
    }

    private static func settings(
        _ parts: ServerParts, _ stores: Stores, _ secrets: SecretBox
    ) async throws -> Settings {
        let opened = secrets.open(try await stores.settings.all())
        for variable in opened.unreadable {
            parts.logger.warning(
                "A stored secret cannot be read and counts as unset", metadata: ["variable": "\(variable)"])
        }
        return Settings(environment: parts.environment, stored: opened.values)
    }

    private static func requireProtection(_ settings: SettingsSnapshot) throws(StartError) {
        let problems = settings.environmentOnlyProblems.filter(\.preventsStart)
        guard problems.isEmpty else { throw StartError(problems.map(\.sentence).joined(separator: "\n")) }
    }

    /// Brings in order what an earlier version or a crash left behind.
    private static func tidy(_ storage: Storage, _ stores: Stores) async throws {
        try await stores.documents.tidyFolders()
        try await stores.documents.fillSearchTexts()
        let kept = try await stores.jobs.unfinished().compactMap(\.spoolFile)
        storage.spool.removeLeftovers(keeping: Set(kept))
    }

    private static func register(
        _ parts: ServerParts, _ stores: Stores, _ index: SearchIndex, _ jobs: JobQueue, _ settings: Settings,
        _ secrets: SecretBox
    ) async {
        let workspaces = WorkspaceDirectory(workspaces: stores.workspaces)
        let library = DocumentLibrary(
            spool: parts.storage.spool, documents: stores.documents, reader: parts.reader, tokens: parts.models.tokens)
        let removal = DocumentRemoval(documents: stores.documents, indexer: index.indexer)
        let ingestion = IngestionHandler(
            spool: parts.storage.spool, library: library, documents: stores.documents,
            memberships: stores.memberships, removal: removal, workspaces: workspaces, indexer: index.indexer,
            events: stores.events)
        for kind in [Job.Kind.upload, .rawText] { await jobs.register(ingestion, for: kind) }
        let links = LinkHandler(
            fetcher: parts.linkFetcher ?? HTTPLinkFetcher(settings.snapshot),
            renderer: parts.pageRenderer ?? renderer(parts, settings.snapshot), ingestion: ingestion,
            spool: parts.storage.spool, links: stores.links, reader: parts.reader, secrets: secrets,
            settings: settings, logger: parts.logger)
        await jobs.register(links, for: .link)
        await jobs.register(CrawlHandler(links: links), for: .links)
        let refreshing = RefreshHandler(
            fetching: links, library: library, links: stores.links, documents: stores.documents,
            memberships: stores.memberships, removal: removal, indexer: index.indexer, settings: settings)
        await jobs.register(refreshing, for: .refresh)
        let updates = UpdateEmbeddingsHandler(
            documents: stores.documents, workspaces: workspaces, indexer: index.indexer, events: stores.events)
        await jobs.register(updates, for: .updateEmbeddings)
        let reembedding = ReembedHandler(
            store: stores.embedders, indexer: index.indexer, embedders: index.embedders)
        await jobs.register(reembedding, for: .reembed)
    }

    /// What runs the scripts of links' pages; `nil` where that is not wanted, or nothing here can.
    private static func renderer(_ parts: ServerParts, _ settings: SettingsSnapshot) -> (any PageRenderer)? {
        guard let launcher = parts.browserLauncher, let renderer = ChromiumRenderer(settings, launcher: launcher) else {
            return nil
        }
        guard ChromiumRenderer.isInstalled else {
            parts.logger.warning("Chromium is not installed; the pages of links are read without their scripts")
            return nil
        }
        return renderer
    }
}
