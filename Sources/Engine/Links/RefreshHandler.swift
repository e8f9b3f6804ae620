import Concurrency
package import Domain
package import Persistence

/// Checks what is behind links, and gives their documents what has changed.
package struct RefreshHandler: JobHandler {
    private let fetching: LinkHandler
    private let library: DocumentLibrary
    private let links: LinkStore
    private let documents: DocumentStore
    private let duplicates: DuplicateResolver
    private let settings: Settings
    /// A check that somebody wants at once waits for the one that is under way.
    private let lock = KeyedLock<String>()

    /// Links that are checked at once.
    private static let parallelism = 4

    package init(
        fetching: LinkHandler, library: DocumentLibrary, links: LinkStore, documents: DocumentStore,
        memberships: WorkspaceDocumentStore, removal: DocumentRemoval, indexer: WorkspaceIndexer, settings: Settings
    ) {
        self.fetching = fetching
        self.library = library
        self.links = links
        self.documents = documents
        duplicates = DuplicateResolver(
            documents: documents, memberships: memberships, indexer: indexer, removal: removal)
        self.settings = settings
    }

    package func run(
        _ job: Job, progress: @escaping @Sendable (JobProgress) async -> Void
    ) async throws -> Job.Outcome {
        guard case .refresh(let refresh) = job.work else { throw ServiceError.unreadableJob }
        let isAlone = refresh.links.count == 1
        var done: [LinkRefreshOutcome.Link] = []
        for start in stride(from: 0, to: refresh.links.count, by: Self.parallelism) {
            let ids = Array(refresh.links[start..<min(start + Self.parallelism, refresh.links.count)])
            var state = JobProgress(.fetching)
            (state.documentCount, state.finishedDocumentCount) = (refresh.links.count, done.count)
            await progress(state)
            done += try await each(ids, by: job.caller) { state in
                // Of several at once, none tells how far all are.
                if isAlone { await progress(state) }
            }
        }
        return .refresh(LinkRefreshOutcome(links: done))
    }

    /// A check that has ended the process again and again has failed, too.
    package func discard(_ job: Job) async {
        guard case .refresh(let refresh) = job.work, job.state == .failed else { return }
        for link in (try? await links.find(ids: refresh.links)) ?? [] {
            try? await record(failure: job.error ?? "", counts: true, of: link)
        }
    }

    private func each(
        _ ids: [String], by caller: Caller, progress: @escaping @Sendable (JobProgress) async -> Void
    ) async throws -> [LinkRefreshOutcome.Link] {
        try await withThrowingTaskGroup(of: (Int, LinkRefreshOutcome.Link).self) { group in
            for (index, id) in ids.enumerated() {
                group.addTask {
                    let link = try await lock.withLock(id) {
                        try await refresh(id, by: caller, progress: progress)
                    }
                    return (index, link)
                }
            }
            var links: [Int: LinkRefreshOutcome.Link] = [:]
            for try await (index, link) in group { links[index] = link }
            return ids.indices.compactMap { links[$0] }
        }
    }

    // MARK: One link

    private func refresh(
        _ id: String, by caller: Caller, progress: @escaping @Sendable (JobProgress) async -> Void
    ) async throws -> LinkRefreshOutcome.Link {
        guard let link = try await links.find(id: id) else {
            return .init(link: id, address: "", error: "The documents of this link were removed.")
        }
        let old = try await documents.find(ofLink: id)
        var result = LinkRefreshOutcome.Link(link: id, address: link.address.text, documents: old.map(\.id))
        guard !old.isEmpty else {
            try await links.removeIfUnused(id)
            result.error = "The documents of this link were removed."
            return result
        }
        do {
            guard let fetched = try await fetch(link) else {
                try await record(.unchanged(link.validators), of: link)
                return result
            }
            let made = try await exchange(old, for: fetched, of: link, by: caller, progress: progress)
            result.documents = made.documents
            result.changed = made.changed
            guard let error = made.error else {
                let validators = fetched.head.validators
                try await record(made.isChanged ? .changed(validators) : .unchanged(validators), of: link)
                return result
            }
            result.error = error
            try await record(failure: error, counts: false, of: link)
        } catch let error as CancellationError {
            throw error
        } catch {
            if Task.isCancelled { throw error }
            let (reason, counts) = try await Self.reason(of: error)
            result.error = reason
            try await record(failure: reason, counts: counts, of: link)
        }
        return result
    }

    private func fetch(_ link: StoredLink) async throws -> LinkHandler.Fetched? {
        if link.obeysRobots || fetching.namedLinksObeyRobots {
            try await fetching.makeRobotsGate().check(link.address)
        }
        return try await fetching.fetch(
            link.address, headers: try fetching.openHeaders(of: link), unless: link.validators)
    }

    /// For people, and whether what is behind the link is to blame: a model that is out of order is not.
    private static func reason(of error: any Error) async throws -> (String, counts: Bool) {
        let reason = try await failure { throw error } ?? ""
        guard let error = error as? ServiceError else { return (reason, false) }
        return (reason, ![.unavailable, .upstream, .conflict].contains(error.code))
    }

    private func record(_ check: LinkStore.Check, of link: StoredLink) async throws {
        try await links.record(check, of: link, next: .now + settings.snapshot.checkInterval, at: .now)
    }

    private func record(failure: String, counts: Bool, of link: StoredLink) async throws {
        let retry = settings.snapshot.retryDelay(after: link.failureCount + (counts ? 1 : 0))
        try await record(
            .failed(failure, counts: counts, limit: SettingsSnapshot.maximumFailures, retry: .now + retry), of: link)
    }

    // MARK: Documents

    private struct Exchanged {
        /// Ids.
        var documents: [String]
        var changed: [String]
        /// Whether documents have come, gone, or changed.
        var isChanged: Bool
        /// Why some stay as they were, for people.
        var error: String?
    }

    /// Parts of a file that its new version does not have go, others come.
    private func exchange(
        _ old: [Document], for fetched: LinkHandler.Fetched, of link: StoredLink, by caller: Caller,
        progress: @escaping @Sendable (JobProgress) async -> Void
    ) async throws -> Exchanged {
        let place = old[0].upload?.folder ?? old[0].path.folder
        let ingestion = Ingestion(
            origin: fetched.origin(at: link.address), spoolFile: fetched.file.name, sha256: fetched.file.sha256,
            folder: place, metadata: link.metadata ?? DocumentMetadata(), workspaces: [],
            fetchedFrom: fetched.head.address, link: link.id)
        await progress(JobProgress(.parsing))
        var made: [Document]
        do {
            made = try await library.documents(for: ingestion, progress: progress).documents
            await fetching.remove(fetched)
        } catch {
            await fetching.remove(fetched)
            throw error
        }
        let before = Dictionary(old.map { ($0.member, $0) }) { first, _ in first }
        for index in made.indices {
            guard let earlier = before[made[index].member] else { continue }
            made[index] = try await version(made[index], of: earlier, keepsMetadata: link.metadata == nil)
        }
        let event = { @Sendable (document: Document) in
            Event.documentRefreshed(title: document.title, folder: document.path.folder, link: link.address.text)
        }
        let resolved = try await duplicates.replace(old, with: made, event: event, by: caller, progress: progress)
        let contents = Dictionary(old.map { ($0.id, $0.contentID) }) { first, _ in first }
        let changed = resolved.documents.filter { contents[$0.id] != $0.contentID }.map(\.id)
        return Exchanged(
            documents: resolved.documents.map(\.id), changed: changed,
            isChanged: !changed.isEmpty || resolved.documents.count != old.count,
            error: resolved.failures.values.min())
    }

    /// The new version of a document, or the old one where the text is the same: a page that counts its visitors, or was
    /// written anew by a newer program, has not changed.
    private func version(_ new: Document, of old: Document, keepsMetadata: Bool) async throws -> Document {
        if new.contentID != old.contentID, try await hasSameText(new, old) {
            try await documents.removeContent(new.contentID)
            return old
        }
        guard keepsMetadata else { return new }
        var document = new
        document.title = old.title
        document.author = old.author
        document.description = old.description
        document.source = old.source
        document.attributes = old.attributes
        return document
    }

    private func hasSameText(_ one: Document, _ other: Document) async throws -> Bool {
        let texts = [
            try await documents.content(id: one.contentID)?.parsed,
            try await documents.content(id: other.contentID)?.parsed,
        ]
        guard let first = texts[0], let second = texts[1] else { return false }
        return first.text == second.text
    }
}
