package import Domain
package import Logging
package import Persistence

/// Brings what is behind a link into the spool, and from there the way of every file.
package struct LinkHandler: JobHandler {
    private let fetcher: any LinkFetcher
    private let renderer: (any PageRenderer)?
    private let ingestion: IngestionHandler
    private let spool: SpoolDirectory
    private let links: LinkStore
    private let reader: any DocumentReader
    private let headers: LinkHeaders
    private let settings: Settings
    private let logger: Logger

    /// Pages that send on to the next one, one after the other.
    private static let maximumRefreshes = 5

    /// - Parameter renderer: runs the scripts of pages, where operators want that.
    package init(
        fetcher: any LinkFetcher, renderer: (any PageRenderer)?, ingestion: IngestionHandler, spool: SpoolDirectory,
        links: LinkStore,
        reader: any DocumentReader, secrets: SecretBox, settings: Settings, logger: Logger
    ) {
        self.fetcher = fetcher
        self.renderer = renderer
        self.ingestion = ingestion
        self.spool = spool
        self.links = links
        self.reader = reader
        headers = LinkHeaders(secrets: secrets)
        self.settings = settings
        self.logger = logger
    }

    package func run(
        _ job: Job, progress: @escaping @Sendable (JobProgress) async -> Void
    ) async throws -> Job.Outcome {
        guard case .link(let link) = job.work else { throw ServiceError.unreadableJob }
        if let stored = try await ingestion.finish(link, by: job.caller, progress: progress) {
            return .ingestion(stored)
        }
        await progress(JobProgress(.fetching))
        if namedLinksObeyRobots { try await makeRobotsGate().check(link.address) }
        let fetched = try await fetch(link.address, headers: try headers.open(link))
        return .ingestion(try await ingest(fetched, as: link, by: job.caller, progress: progress))
    }

    package func discard(_ job: Job) async throws {
        if case .link(let link) = job.work { try await ingestion.removeDocuments(of: link.documentID, madeBy: job) }
    }

    // MARK: Steps, which a crawl takes as well

    /// The header fields of a link, decrypted.
    func openHeaders(of link: LinkIngestion) throws -> [LinkHeader] { try headers.open(link) }

    /// The same as they are kept for later checks.
    func openHeaders(of link: StoredLink) throws -> [LinkHeader] {
        try headers.open(link.sealedHeaders, of: link.id)
    }

    /// Header fields as they are kept with a link of this id.
    func seal(_ fields: [LinkHeader], for id: String) throws -> String? { try headers.seal(fields, for: id) }

    var namedLinksObeyRobots: Bool { settings.snapshot.namedLinksObeyRobots }

    func makeRobotsGate() -> RobotsGate { RobotsGate(fetcher: fetcher) }

    /// What a link gave; the file is the caller's, who ingests or removes it.
    struct Fetched: Sendable {
        /// As it was named.
        var address: LinkAddress
        let head: LinkHead
        let file: SpooledFile
        let content: LinkContent
        /// As much as was to be kept.
        let beginning: [UInt8]
        /// What is not as it should be, for people.
        var warnings: [String] = []
    }

    /// - Parameter keptBytes: how much of it is wanted in memory.
    /// - Throws: `ServiceError` with what people are told.
    func fetch(_ address: LinkAddress, headers: [LinkHeader], keptBytes: Int = 0) async throws -> Fetched {
        guard let fetched = try await fetch(address, headers: headers, keptBytes: keptBytes, unless: nil) else {
            throw LinkError.unreachable("There was no answer.").serviceError(for: address)
        }
        return fetched
    }

    /// The same, unless its server still has the version that is known; `nil` then.
    func fetch(
        _ address: LinkAddress, headers: [LinkHeader], keptBytes: Int = 0, unless known: LinkValidators?
    ) async throws -> Fetched? {
        if let video = YouTubeLink(address) { return try await fetch(video, headers: headers) }
        do {
            var fetched = try await receive(address, headers: headers, keptBytes: keptBytes, unless: known)
            for _ in 0..<Self.maximumRefreshes {
                guard let page = fetched, case .page(.html) = page.content,
                    let next = RefreshTarget.find(in: page.beginning, at: page.head.address)
                else { break }
                await remove(page)
                // As with any redirect, what a client sends along is for the origin that it named.
                let headers = next.origin == address.origin ? headers : []
                fetched = try await receive(next, headers: headers, keptBytes: keptBytes, unless: known)
                fetched?.address = address
            }
            guard let fetched else { return nil }
            return try await rendered(fetched, headers: headers, keptBytes: keptBytes)
        } catch let error as LinkError {
            logger.info("A link was not fetched", metadata: ["link": "\(address.text)", "why": "\(error)"])
            throw error.serviceError(for: address)
        }
    }

    /// What one address gives, without its scripts.
    private func receive(
        _ address: LinkAddress, headers: [LinkHeader], keptBytes: Int, unless known: LinkValidators?
    ) async throws -> Fetched? {
        let download = try await LinkDownload(into: spool, keptBytes: keptBytes)
        do {
            try await fetcher.fetch(LinkRequest(address, headers: headers, known: known)) { event in
                try await download.receive(event)
            }
            if download.isNotModified {
                await download.discard()
                return nil
            }
            let file = try await download.finish()
            guard let head = download.head else { throw LinkError.unreachable("There was no answer.") }
            let content = LinkContent(
                head, at: address, beginning: download.beginning, acceptedTypes: reader.acceptedTypes)
            return Fetched(
                address: address, head: head, file: file, content: content, beginning: download.beginning)
        } catch {
            await download.discard()
            throw error
        }
    }

    /// The captions of a video, which no server tells versions of.
    private func fetch(_ video: YouTubeLink, headers: [LinkHeader]) async throws -> Fetched {
        let found: YouTubeFetcher.Video
        do {
            found = try await YouTubeFetcher(fetcher: fetcher).video(at: video, headers: headers)
        } catch let error as ServiceError {
            logger.info(
                "A video gave no captions", metadata: ["link": "\(video.address.text)", "why": "\(error.message)"])
            throw error
        }
        let writer = try await spool.makeWriter(maximumBytes: .max)
        do {
            try await writer.append(found.captions)
            // What recognises a version of the page says nothing of the captions.
            let head = LinkHead(address: found.head.address, mediaType: "")
            return Fetched(
                address: video.address, head: head, file: try await writer.finish(), content: .video(found.details),
                beginning: [])
        } catch {
            await writer.discard()
            throw error
        }
    }

    /// A page as a browser shows it, where there is one; as it was fetched where that fails.
    private func rendered(_ fetched: Fetched, headers: [LinkHeader], keptBytes: Int) async throws -> Fetched {
        guard let renderer, case .page(.html) = fetched.content else { return fetched }
        do {
            let page = try await renderer.render(LinkRequest(fetched.address, headers: headers))
            let head = LinkHead(address: page.address, mediaType: "text/html", charset: "utf-8")
            let download = try await LinkDownload(into: spool, keptBytes: keptBytes)
            do {
                try await download.receive(.head(head))
                try await download.receive(.bytes(Array(page.markup.utf8)))
                let file = try await download.finish()
                await remove(fetched)
                return Fetched(
                    address: fetched.address, head: head, file: file, content: .page(.html),
                    beginning: download.beginning)
            } catch {
                await download.discard()
                throw error
            }
        } catch let error as RenderingError {
            logger.info(
                "A page was not rendered", metadata: ["link": "\(fetched.address.text)", "why": "\(error.reason)"])
            var fetched = fetched
            fetched.warnings.append("\(fetched.address.text) was read without its scripts: \(error.reason).")
            return fetched
        }
    }

    func ingest(
        _ fetched: Fetched, as link: LinkIngestion, by caller: Caller,
        progress: @escaping @Sendable (JobProgress) async -> Void
    ) async throws -> IngestionOutcome {
        let ingestion = Ingestion(
            origin: fetched.origin(at: link.address), spoolFile: fetched.file.name, sha256: fetched.file.sha256,
            folder: link.folder, metadata: link.metadata, workspaces: link.workspaces, documentID: link.documentID,
            fetchedFrom: fetched.head.address, link: link.documentID)
        try await links.insert(stored(link, fetched, by: caller))
        do {
            var outcome = try await self.ingestion.ingest(ingestion, by: caller, progress: progress)
            outcome.warnings = fetched.warnings + outcome.warnings
            return outcome
        } catch {
            // A job that was interrupted goes on; one that failed leaves nothing.
            if !(error is CancellationError), !Task.isCancelled { try await links.removeIfUnused(link.documentID) }
            throw error
        }
    }

    /// What is to be known of the link later.
    private func stored(_ link: LinkIngestion, _ fetched: Fetched, by caller: Caller) -> StoredLink {
        var stored = StoredLink(
            id: link.documentID, address: link.address, metadata: link.metadata,
            sealedHeaders: link.future.keepsHeaders ? link.sealedHeaders : nil,
            obeysRobots: link.future.obeysRobots, validators: fetched.head.validators, caller: caller)
        if link.future.isWatched { stored.nextCheckAt = .now + settings.snapshot.checkInterval }
        return stored
    }

    /// Removes what nothing is made of.
    func remove(_ fetched: Fetched) async { await spool.remove(fetched.file.name) }

    /// What of a link is in place already; `nil` where nothing is.
    func finish(
        _ link: LinkIngestion, by caller: Caller, progress: @escaping @Sendable (JobProgress) async -> Void
    ) async throws -> IngestionOutcome? {
        try await ingestion.finish(link, by: caller, progress: progress)
    }
}

extension LinkHandler.Fetched {
    /// - Parameter link: as it was named.
    func origin(at link: LinkAddress) -> Ingestion.Origin {
        switch content {
        case .page(let format): .page(link, format)
        case .file(let name): .linkedFile(link, named: name)
        case .video(let details): .video(link, details)
        }
    }
}
