package import Domain
import Logging
package import Persistence

/// Has documents of links be what is behind their addresses now: at once, or again and again.
///
/// When a link is checked next is a column of it, so that restarts lose nothing and of several nodes one begins each check; see
/// [decision 16](docs/adr/0016-watched-links.md).
package struct LinkWatch: Sendable {
    private let links: LinkStore
    private let documents: DocumentStore
    private let jobs: JobQueue
    private let headers: LinkHeaders
    private let settings: Settings

    /// Checks that are begun at a time, so that they never fill the queue.
    private static let batch = 100

    package init(links: LinkStore, documents: DocumentStore, jobs: JobQueue, secrets: SecretBox, settings: Settings) {
        self.links = links
        self.documents = documents
        self.jobs = jobs
        headers = LinkHeaders(secrets: secrets)
        self.settings = settings
    }

    package var isEnabled: Bool { settings.snapshot.watchesLinks }

    /// A document that was named, and why nothing is done with it.
    package struct Refusal: Sendable {
        package var path: String
        package var reason: String
    }

    // MARK: What clients want

    /// Has documents watched, or not any more: with each all documents of its link.
    ///
    /// - Parameters:
    ///   - texts: paths as clients send them.
    ///   - fields: header fields to send from now on, or none; `nil` leaves them as they are.
    /// - Returns: those that it was not done to.
    /// - Throws: `.conflict` where nothing is watched here.
    package func setWatched(
        _ isWatched: Bool, _ texts: [String], headers fields: [LinkHeader]?, by caller: Caller
    ) async throws -> [Refusal] {
        if isWatched { try settings.snapshot.requireWatching() }
        let chosen = try await choose(texts, for: caller)
        var sealed: [String: String?] = [:]
        if let fields {
            for id in chosen.links { sealed[id] = .some(try headers.seal(fields, for: id)) }
        }
        if !chosen.links.isEmpty {
            let paths = texts.filter { text in !chosen.refusals.contains { $0.path == text } }
            try await links.setWatched(
                isWatched, chosen.links, headers: sealed, next: .now + settings.snapshot.checkInterval,
                event: .documentsWatched(isWatched, paths: paths), by: caller, at: .now)
        }
        return chosen.refusals
    }

    /// Begins to refresh documents, whether they are watched or not.
    ///
    /// - Returns: the job, where there is anything to do, and the documents that nothing is done with.
    package func refresh(
        _ texts: [String], isAwaited: Bool, by caller: Caller
    ) async throws -> (job: Job?, refusals: [Refusal]) {
        let chosen = try await choose(texts, for: caller)
        guard !chosen.links.isEmpty else { return (nil, chosen.refusals) }
        let job = Job(
            .refresh(LinkRefresh(links: chosen.links)), by: caller, lane: isAwaited ? .interactive : .background)
        try await jobs.submit(job)
        return (job, chosen.refusals)
    }

    /// What a refresh has come to for one document.
    package struct Result: Sendable {
        /// `nil` where it has gone.
        package var path: DocumentPath?
        package var link: String
        package var isChanged: Bool
        /// For people.
        package var error: String?
    }

    /// Waits for the end of a job that refreshes documents.
    package func results(of job: Job) async throws -> [Result] {
        guard case .refresh(let outcome) = try await jobs.outcome(of: job.id) else { throw ServiceError.unreadableJob }
        let found = try await documents.find(ids: outcome.links.flatMap(\.documents))
        let paths = Dictionary(found.map { ($0.id, $0.path) }) { first, _ in first }
        return outcome.links.flatMap { link in
            let ids = link.documents.isEmpty ? [nil] : link.documents.map(Optional.some)
            return ids.map { id in
                Result(
                    path: id.flatMap { paths[$0] }, link: link.address,
                    isChanged: id.map(link.changed.contains) ?? false, error: link.error)
            }
        }
    }

    /// The links of documents that the caller may change.
    private func choose(
        _ texts: [String], for caller: Caller
    ) async throws -> (links: [String], refusals: [Refusal]) {
        let found = try await documents.find(texts.compactMap(DocumentPath.init), for: caller)
        let byPath = Dictionary(found.map { ($0.path, $0) }) { first, _ in first }
        let own = try await documents.movable(found.map(\.id), by: caller)
        var links: [String] = []
        var refusals: [Refusal] = []
        for text in texts {
            guard let document = DocumentPath(text).flatMap({ byPath[$0] }) else {
                refusals.append(Refusal(path: text, reason: "There is no document of this name."))
                continue
            }
            if !own.contains(document.id) {
                refusals.append(Refusal(path: text, reason: "It was brought in by somebody else."))
            } else if let link = document.link {
                links.append(link)
            } else {
                refusals.append(Refusal(path: text, reason: "It was not made of a link."))
            }
        }
        return (links.unique, refusals)
    }

    // MARK: Time

    /// Begins the checks whose time has come. To be called every minute or so, by each node.
    package func beginDueChecks(at time: Timestamp = .now) async throws {
        guard isEnabled else { return }
        for link in try await links.due(at: time, limit: Self.batch) {
            guard (try? await jobs.requireRoom()) != nil else { return }
            let job = Job(.refresh(LinkRefresh(links: [link.id])), by: link.caller, lane: .background)
            // A little earlier than the interval, by chance, so that links which were added together do not stay together.
            let next = time + settings.snapshot.checkInterval * Double.random(in: 0.95...1)
            if try await links.schedule(link, job: job, next: next) { await jobs.enqueue(job) }
        }
    }

    /// Forgets links whose documents have gone.
    package func forgetUnused() async throws { try await links.removeUnused(before: .now - .seconds(3600)) }
}
