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

    /// An element of a list of links.
    package enum Sent: Sendable {
        /// With a user name and a password, perhaps.
        case text(String)
        /// What is no text, as it was written.
        case other(String)
    }

    /// What became of a list of links.
    package enum Submission: Sendable {
        case job(Job)
        /// None of them is an address of the web.
        case refused(LinkCrawlOutcome)
    }

    /// Several links, or one that leads to others. What of them is no link is an outcome like others, with its error.
    ///
    /// - Parameters:
    ///   - depth: how far away pages may be, see `LinkCrawl`; `deepestCrawl` at most.
    ///   - maximumLinks: what the client wants at most, `maximumLinks` unless it says so.
    /// - Throws: `.invalid` where there are none, or too many; `.conflict` where they cannot be watched.
    package func submit(
        _ sent: [Sent], depth: Int, maximumLinks: Int?, _ linkWishes: Wishes, _ wishes: IngestionService.Wishes,
        by caller: Caller
    ) async throws -> Submission {
        let limit = self.maximumLinks
        guard !sent.isEmpty else { throw ServiceError.invalid("No links were sent.") }
        guard sent.count <= limit else {
            throw ServiceError.invalid("\(sent.count) links were sent; \(limit) at once are the most.")
        }
        var (texts, addresses, refusals) = ([String](), [LinkAddress](), [LinkCrawl.Refusal]())
        for (position, element) in sent.enumerated() {
            switch Self.address(of: element, isAlone: sent.count == 1) {
            case .success(let link):
                texts.append(link.text)
                addresses.append(link.address)
            case .failure(var refusal):
                refusal.position = position
                refusals.append(refusal)
            }
        }
        guard let first = texts.first else { return .refused(LinkCrawl.Refusal.outcome([], and: refusals)) }
        var crawl = LinkCrawl(
            addresses: addresses.unique, template: try ingestion(of: first, linkWishes, wishes), depth: depth,
            maximumLinks: min(maximumLinks ?? limit, limit))
        crawl.refusals = refusals
        let job = Job(.crawl(crawl), by: caller, lane: wishes.isAwaited ? .interactive : .background)
        try await jobs.submit(job)
        return .job(job)
    }

    /// Documents of one request at most, as the operator has it.
    package var maximumLinks: Int { settings.snapshot.maximumLinks }

    /// How far away pages may be at most.
    package static var deepestCrawl: Int { SettingsSnapshot.deepestCrawl }

    /// - Parameter isAlone: whether it is the only one of its list.
    private static func address(
        of element: Sent, isAlone: Bool
    ) -> Result<(text: String, address: LinkAddress), LinkCrawl.Refusal> {
        switch element {
        case .other(let written): return .failure(.init(link: written.shortened(toUTF16: 256), error: notValid.message))
        case .text(let text):
            guard let address = LinkAddress(text) else {
                // A password may stand in what is no address as well.
                let shown =
                    text.contains("://")
                    ? WebAddress.withoutUserinfo(text) : text.split(separator: "@").last.map(String.init) ?? text
                return .failure(.init(link: shown.shortened(toUTF16: 256), error: notValid.message))
            }
            // A password in an address would go to the others, too.
            guard isAlone || LinkHeader.credentials(in: text) == nil else {
                return .failure(
                    .init(
                        link: address.text, error: "A link with a user name and a password must be sent alone."))
            }
            return .success((text, address))
        }
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
