package import Domain

/// Takes in addresses whose content is to become documents. Each request is a job that a crash does not lose.
package struct LinkService: Sendable {
    private let jobs: JobQueue
    private let headers: LinkHeaders
    private let settings: Settings

    package init(jobs: JobQueue, secrets: SecretBox, settings: Settings) {
        self.jobs = jobs
        headers = LinkHeaders(secrets: secrets)
        self.settings = settings
    }

    /// What a client wants of addresses besides documents.
    package struct Wishes: Sendable {
        /// For the links' own origins.
        package var headers: [LinkHeader]
        /// Whether these are kept and sent at later checks, too.
        package var keepsHeaders: Bool
        package var isWatched: Bool

        package init(headers: [LinkHeader] = [], keepsHeaders: Bool = false, isWatched: Bool = false) {
            self.headers = headers
            self.keepsHeaders = keepsHeaders
            self.isWatched = isWatched
        }
    }

    /// - Parameter link: as it was sent, perhaps with a user name and a password.
    /// - Throws: `.invalid` where it is no address of the web; `.conflict` where it cannot be watched.
    package func submit(
        _ link: String, _ linkWishes: Wishes, _ wishes: IngestionService.Wishes, by caller: Caller
    ) async throws -> Job {
        let ingestion = try ingestion(of: link, linkWishes, wishes)
        let job = Job(.link(ingestion), by: caller, lane: wishes.isAwaited ? .interactive : .background)
        try await jobs.submit(job)
        return job
    }

    /// Several links, or one that leads to others.
    ///
    /// - Parameters:
    ///   - depth: how far away pages may be, see `LinkCrawl`.
    ///   - maximumLinks: what the client wants at most; the operator's limit holds as well.
    /// - Throws: `.invalid` where there are none, or one is no address of the web; `.conflict` where they cannot be watched.
    package func submit(
        _ links: [String], depth: Int, maximumLinks: Int?, _ linkWishes: Wishes, _ wishes: IngestionService.Wishes,
        by caller: Caller
    ) async throws -> Job {
        let limit = settings.snapshot.maximumLinks
        guard let first = links.first else { throw ServiceError.invalid("No links were sent.") }
        guard links.count <= limit else {
            throw ServiceError.invalid("\(links.count) links were sent; \(limit) at once are the most.")
        }
        // A password in an address would go to the others, too.
        guard links.count == 1 || !links.contains(where: { LinkHeader.credentials(in: $0) != nil }) else {
            throw ServiceError.invalid("A link with a user name and a password must be sent alone.")
        }
        let addresses = try links.map { link in
            guard let address = LinkAddress(link) else { throw Self.notValid }
            return address
        }
        let crawl = LinkCrawl(
            addresses: addresses.unique, template: try ingestion(of: first, linkWishes, wishes),
            depth: min(max(0, depth), SettingsSnapshot.deepestCrawl),
            maximumLinks: min(max(1, maximumLinks ?? limit), limit))
        let job = Job(.crawl(crawl), by: caller, lane: wishes.isAwaited ? .interactive : .background)
        try await jobs.submit(job)
        return job
    }

    private func ingestion(
        of link: String, _ linkWishes: Wishes, _ wishes: IngestionService.Wishes
    ) throws -> LinkIngestion {
        guard let address = LinkAddress(link) else { throw Self.notValid }
        if linkWishes.isWatched { try settings.snapshot.requireWatching() }
        var ingestion = LinkIngestion(
            address: address, sealedHeaders: nil, folder: wishes.folder, metadata: wishes.metadata,
            workspaces: wishes.workspaces)
        ingestion.future = LinkIngestion.Future(
            isWatched: linkWishes.isWatched, keepsHeaders: linkWishes.keepsHeaders)
        var all = linkWishes.headers
        if let credentials = LinkHeader.credentials(in: link),
            !all.contains(where: { $0.name.lowercased() == "authorization" })
        {
            all.append(credentials)
        }
        ingestion.sealedHeaders = try headers.seal(all, for: ingestion.documentID)
        return ingestion
    }

    /// Waits for the end of a job of several links.
    package func outcome(of job: Job) async throws -> LinkCrawlOutcome {
        guard case .crawl(let outcome) = try await jobs.outcome(of: job.id) else { throw ServiceError.unreadableJob }
        return outcome
    }

    package static let notValid = ServiceError.invalid("Not a valid URL.")
}

extension SettingsSnapshot {
    /// Documents of one request at most.
    var maximumLinks: Int { amount(for: "LECTERN_LINK_MAX_PAGES") ?? 200 }

    /// Whether a robots.txt holds for links that somebody has named, too, and not only for those that were found.
    var namedLinksObeyRobots: Bool { flag("LECTERN_LINK_ROBOTS") }

    static let deepestCrawl = 5
}
