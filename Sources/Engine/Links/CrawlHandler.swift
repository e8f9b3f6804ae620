package import Domain

/// Makes documents of several links and of what they lead to, a few at a time. Sitemaps and feeds are read for their
/// addresses; pages are followed as deep as was asked for, within their origin.
package struct CrawlHandler: JobHandler {
    private let links: LinkHandler

    /// Links that are fetched at once, so that a site of one machine stays usable.
    private static let parallelism = 4
    /// Sitemaps and feeds that are read for one job, those that name each other among them.
    private static let maximumLists = 50

    package init(links: LinkHandler) { self.links = links }

    package func run(
        _ job: Job, progress: @escaping @Sendable (JobProgress) async -> Void
    ) async throws -> Job.Outcome {
        guard case .crawl(let crawl) = job.work else { throw ServiceError.unreadableJob }
        let visit = Visit(
            links: links, crawl: crawl, headers: try links.openHeaders(of: crawl.template),
            robots: links.makeRobotsGate(), caller: job.caller)
        var frontier = Frontier(crawl)
        var done: [LinkCrawlOutcome.Link] = []
        var listCount = 0
        while done.count < crawl.maximumLinks {
            let batch = frontier.take(min(Self.parallelism, crawl.maximumLinks - done.count))
            guard !batch.isEmpty else { break }
            // Several are under way at once: what is said is where they are together.
            var state = JobProgress(.fetching)
            state.finishedDocumentCount = done.count
            state.documentCount = min(crawl.maximumLinks, done.count + batch.count + frontier.count)
            await progress(state)
            for (place, result) in try await Self.each(batch, visit) {
                switch result {
                case .list(let found):
                    listCount += 1
                    if listCount <= Self.maximumLists { frontier.add(found, listedAt: place) }
                case .document(let link, let found):
                    done.append(link)
                    frontier.add(found, on: place)
                }
            }
        }
        return .crawl(LinkCrawl.Refusal.outcome(done, and: crawl.refusals))
    }

    /// In the order of the places.
    private static func each(
        _ places: [Frontier.Place], _ visit: Visit
    ) async throws -> [(Frontier.Place, Visit.Result)] {
        try await withThrowingTaskGroup(of: (Int, Visit.Result).self) { group in
            for (index, place) in places.enumerated() {
                group.addTask { (index, try await visit.result(of: place)) }
            }
            var results: [Int: Visit.Result] = [:]
            for try await (index, result) in group { results[index] = result }
            return places.enumerated().compactMap { index, place in results[index].map { (place, $0) } }
        }
    }
}

/// What is still to be fetched.
struct Frontier {
    struct Place: Sendable {
        let address: LinkAddress
        /// The address that was named and led here, to whose origin a crawl keeps.
        let start: LinkAddress
        /// Links between it and here.
        let depth: Int
        var isNamed: Bool { address == start }
    }

    private var waiting: [Place]
    private var seen: Set<String>
    private let crawl: LinkCrawl

    init(_ crawl: LinkCrawl) {
        self.crawl = crawl
        waiting = crawl.addresses.map { Place(address: $0, start: $0, depth: 0) }
        seen = Set(crawl.addresses.map(\.requested))
    }

    var count: Int { waiting.count }

    /// The nearest come first.
    mutating func take(_ count: Int) -> [Place] {
        let taken = Array(waiting.prefix(count))
        waiting.removeFirst(taken.count)
        return taken
    }

    /// What a page leads to: a step further, on its own site.
    mutating func add(_ found: [LinkAddress], on page: Place) {
        guard page.depth < crawl.depth else { return }
        for address in found where address.origin == page.start.origin { add(address, page, page.depth + 1) }
    }

    /// What a sitemap or a feed lists: no step further.
    mutating func add(_ found: [LinkAddress], listedAt list: Place) {
        for address in found { add(address, list, list.depth) }
    }

    private mutating func add(_ address: LinkAddress, _ from: Place, _ depth: Int) {
        // More than will be fetched need not be remembered.
        guard waiting.count < 10 * crawl.maximumLinks, seen.insert(address.requested).inserted else { return }
        waiting.append(Place(address: address, start: from.start, depth: depth))
    }
}

/// The visit of one address.
private struct Visit: Sendable {
    let links: LinkHandler
    let crawl: LinkCrawl
    /// For the origins of the addresses that were named.
    let headers: [LinkHeader]
    let robots: RobotsGate
    let caller: Caller

    enum Result: Sendable {
        /// A sitemap or a feed.
        case list([LinkAddress])
        case document(LinkCrawlOutcome.Link, found: [LinkAddress])
    }

    func result(of place: Frontier.Place) async throws -> Result {
        var result = Result.list([])
        let error = try await failure { result = try await visited(place) }
        guard let error else { return result }
        return .document(.init(address: place.address.text, outcome: nil, error: error), found: [])
    }

    private func visited(_ place: Frontier.Place) async throws -> Result {
        var link = crawl.ingestion(of: place.address)
        link.future.obeysRobots = !place.isNamed || crawl.depth > 0
        let isFollowed = place.depth < crawl.depth
        if !isFollowed, let stored = try await links.finish(link, by: caller, progress: { _ in }) {
            return .document(.init(address: place.address.text, outcome: stored, error: nil), found: [])
        }
        if link.future.obeysRobots || links.namedLinksObeyRobots { try await robots.check(place.address) }
        let sent = place.address.origin == place.start.origin ? headers : []
        // Sealed anew: those of the job are for all its links.
        link.sealedHeaders = link.future.keepsHeaders ? try links.seal(sent, for: link.documentID) : nil
        let fetched = try await links.fetch(place.address, headers: sent, keptBytes: FoundLinks.maximumBytes)
        // Sitemaps and feeds are XML, which is read as a file.
        var leadsOn = fetched.head.mediaType.hasSuffix("xml")
        if case .page = fetched.content { leadsOn = true }
        let found = FoundLinks(in: leadsOn ? fetched.beginning : [], at: fetched.head.address)
        if found.isList {
            await links.remove(fetched)
            return .list(found.addresses)
        }
        let outcome = try await links.ingest(fetched, as: link, by: caller) { _ in }
        return .document(
            .init(address: place.address.text, outcome: outcome, error: nil), found: isFollowed ? found.addresses : [])
    }
}
