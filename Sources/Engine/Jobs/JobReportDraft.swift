import Domain

/// A report before the documents are looked up.
struct JobReportDraft {
    struct Entry {
        var link: String?
        /// Its id.
        var document: String?
        var path: DocumentPath?
        var location: String?
        var placements: [IngestionOutcome.Placement] = []
        var isChanged: Bool?
        var error: String?

        var hasFailed: Bool { error != nil || placements.contains { $0.error != nil } }
    }

    /// Those that were asked for.
    private let entries: ArraySlice<Entry>
    private let entryCount: Int
    private let failedCount: Int
    private let shares: [JobReport.Share]
    private let warnings: [String]
    private var duplicates: Ingestion.DuplicatePolicy?

    private static let maximumWarnings = 100

    init(_ outcome: Job.Outcome, of work: Job.Work, offset: Int, limit: Int) {
        let all: [Entry]
        var outcomes: [IngestionOutcome] = []
        switch outcome {
        case .ingestion(let outcome):
            all = Self.entries(of: outcome)
            duplicates = outcome.duplicates
            outcomes = [outcome]
        case .crawl(let outcome):
            all = outcome.links.flatMap(Self.entries)
            outcomes = outcome.links.compactMap(\.outcome)
        case .embeddings(let outcome): all = Self.entries(of: outcome, work)
        case .refresh(let outcome): all = outcome.links.flatMap(Self.entries)
        }
        entries = all.dropFirst(offset).prefix(limit)
        entryCount = all.count
        failedCount = all.count(where: \.hasFailed)
        shares = Self.shares(of: outcomes.flatMap(\.placements))
        warnings = Array(outcomes.lazy.flatMap(\.warnings).prefix(Self.maximumWarnings))
    }

    /// The ids of the documents that a report needs.
    var ids: [String] { entries.compactMap(\.document) }
    /// The paths of others.
    var paths: [DocumentPath] { entries.compactMap(\.path) }

    func report(_ document: (Entry) -> Document?) -> JobReport {
        let found = entries.map { entry in
            JobReport.Entry(
                link: entry.link, document: document(entry), location: entry.location, placements: entry.placements,
                isChanged: entry.isChanged, error: entry.error)
        }
        return JobReport(
            entries: found, entryCount: entryCount, failedCount: failedCount, shares: shares, warnings: warnings,
            duplicates: duplicates)
    }

    // MARK: Entries

    private static func entries(of outcome: IngestionOutcome) -> [Entry] {
        let placements = Dictionary(grouping: outcome.placements.filter { $0.location != nil }) { $0.document ?? "" }
        return outcome.documents.map { id in
            let own = placements[id] ?? []
            return Entry(document: id, location: own.first?.location, placements: own, error: outcome.failures[id])
        }
    }

    private static func entries(of link: LinkCrawlOutcome.Link) -> [Entry] {
        guard let outcome = link.outcome else { return [Entry(link: link.address, error: link.error)] }
        return entries(of: outcome).map { entry in
            var entry = entry
            entry.link = link.address
            return entry
        }
    }

    private static func entries(of outcome: EmbeddingsOutcome, _ work: Job.Work) -> [Entry] {
        guard case .embeddingsUpdate(let update) = work else { return [] }
        let errors = Dictionary(outcome.failures.map { ($0.path, $0.error) }) { first, _ in first }
        return update.additions.map { text in
            Entry(path: DocumentPath(text), location: text, error: errors[text])
        }
    }

    private static func entries(of link: LinkRefreshOutcome.Link) -> [Entry] {
        guard !link.documents.isEmpty else { return [Entry(link: link.address, error: link.error)] }
        let changed = Set(link.changed)
        return link.documents.map { id in
            Entry(link: link.address, document: id, isChanged: changed.contains(id), error: link.error)
        }
    }

    /// By workspace, in the order in which they come first.
    private static func shares(of placements: [IngestionOutcome.Placement]) -> [JobReport.Share] {
        var shares: [JobReport.Share] = []
        var places: [String: Int] = [:]
        for placement in placements {
            let place = places[placement.workspace] ?? shares.count
            if place == shares.count {
                places[placement.workspace] = place
                shares.append(JobReport.Share(workspace: placement.workspace))
            }
            if placement.location == nil {
                shares[place].error = placement.error
            } else if placement.error == nil {
                shares[place].embeddedCount += 1
            } else {
                shares[place].failedCount += 1
            }
        }
        return shares
    }
}
