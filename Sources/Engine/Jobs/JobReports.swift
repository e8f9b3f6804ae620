package import Domain
package import Persistence

/// Tells what jobs came to, document by document, a stretch of them at a time: one job may make thousands.
package struct JobReports: Sendable {
    private let documents: DocumentStore

    package init(documents: DocumentStore) { self.documents = documents }

    /// - Parameters:
    ///   - offset: how many documents of each job are left out.
    ///   - limit: of each job.
    /// - Returns: reports by the ids of the jobs; none for those that have come to nothing.
    package func reports(
        of jobs: [Job], offset: Int = 0, limit: Int
    ) async throws -> [String: JobReport] {
        let drafts = jobs.compactMap { job in
            job.outcome.map { (job: job, draft: JobReportDraft($0, of: job.work, offset: offset, limit: limit)) }
        }
        let known = try await documents.find(ids: drafts.flatMap(\.draft.ids))
        let byID = Dictionary(known.map { ($0.id, $0) }) { first, _ in first }
        var reports: [String: JobReport] = [:]
        for (job, draft) in drafts {
            let named = try await documents.find(draft.paths, for: job.caller)
            let byPath = Dictionary(named.map { ($0.path, $0) }) { first, _ in first }
            reports[job.id] = draft.report { entry in
                entry.document.flatMap { byID[$0] } ?? entry.path.flatMap { byPath[$0] }
            }
        }
        return reports
    }
}

/// What a job came to.
package struct JobReport: Sendable {
    /// A document, or a link of which none was made.
    package struct Entry: Sendable {
        /// Where it was fetched from; `nil` where it was not.
        package var link: String?
        /// As it is now; `nil` where it has been removed since, or there never was one.
        package var document: Document?
        /// Where it lay then; `nil` where nobody has written that down.
        package var location: String?
        /// In which workspaces it was to be put, and what came of that.
        package var placements: [IngestionOutcome.Placement]
        /// Whether a refresh has changed it; `nil` in other jobs.
        package var isChanged: Bool?
        /// Why there is no such document, or it is as it was, for people.
        package var error: String?
    }

    /// What became of the documents of a job in one workspace.
    package struct Share: Sendable {
        /// The slug, as the client sent it.
        package var workspace: String
        package var embeddedCount = 0
        package var failedCount = 0
        /// Why there is no such workspace, for people.
        package var error: String?
    }

    /// Those that were asked for.
    package var entries: [Entry]
    /// Of all that there are.
    package var entryCount: Int
    /// Of these, those that are not where they were to be.
    package var failedCount: Int
    package var shares: [Share]
    package var warnings: [String]
    package var duplicates: Ingestion.DuplicatePolicy?
}
