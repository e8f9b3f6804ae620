package import Domain
package import Persistence

/// Brings what has arrived from bytes to a document, and into workspaces. Files, texts and whatever else comes in go this
/// one way; each step finds out what is done already, so that a job which runs again ends in the same state.
package struct IngestionHandler: JobHandler {
    private let spool: SpoolDirectory
    private let library: DocumentLibrary
    private let documents: DocumentStore
    private let duplicates: DuplicateResolver
    private let removal: DocumentRemoval
    private let workspaces: WorkspaceDirectory
    private let indexer: WorkspaceIndexer
    private let events: EventStore

    package init(
        spool: SpoolDirectory, library: DocumentLibrary, documents: DocumentStore,
        memberships: WorkspaceDocumentStore, removal: DocumentRemoval, workspaces: WorkspaceDirectory,
        indexer: WorkspaceIndexer, events: EventStore
    ) {
        duplicates = DuplicateResolver(
            documents: documents, memberships: memberships, indexer: indexer, removal: removal)
        self.removal = removal
        self.spool = spool
        self.library = library
        self.documents = documents
        self.workspaces = workspaces
        self.indexer = indexer
        self.events = events
    }

    package func run(
        _ job: Job, progress: @escaping @Sendable (JobProgress) async -> Void
    ) async throws -> Job.Outcome {
        guard case .ingestion(let ingestion) = job.work else { throw ServiceError.unreadableJob }
        return .ingestion(try await ingest(ingestion, by: job.caller, progress: progress))
    }

    /// What arrives in other jobs goes the same way.
    func ingest(
        _ ingestion: Ingestion, by caller: Caller, progress: @escaping @Sendable (JobProgress) async -> Void
    ) async throws -> IngestionOutcome {
        let made = try await documents(for: ingestion, by: caller, progress: progress)
        let placements = try await place(made.documents, in: ingestion.workspaces, by: caller) { state in
            var state = state
            (state.divisionCount, state.readDivisionCount) = (made.divisionCount, made.divisionCount)
            await progress(state)
        }
        return IngestionOutcome(
            documents: made.documents.map(\.id), placements: placements, failures: made.failures,
            warnings: made.warnings, duplicates: made.duplicates)
    }

    /// Puts the documents of a link into their workspaces where they were made before the job was cut off; `nil` where there
    /// are none yet.
    func finish(
        _ link: LinkIngestion, by caller: Caller, progress: @escaping @Sendable (JobProgress) async -> Void
    ) async throws -> IngestionOutcome? {
        let made = try await made(from: link.documentID)
        guard !made.isEmpty else { return nil }
        let placements = try await place(made, in: link.workspaces, by: caller, progress: progress)
        return IngestionOutcome(documents: made.map(\.id), placements: placements)
    }

    package func discard(_ job: Job) async throws {
        guard case .ingestion(let ingestion) = job.work else { return }
        await spool.remove(ingestion.spoolFile)
        try await removeDocuments(of: ingestion.documentID, madeBy: job)
    }

    /// Removes the documents that a job has made, which ends before all of them are where they belong. What was there before
    /// has other ids and stays.
    ///
    /// - Parameter id: of the first.
    func removeDocuments(of id: String, madeBy job: Job) async throws {
        let made = try await made(from: id)
        guard !made.isEmpty else { return }
        _ = try await removal.remove(made.map(\.path), by: job.caller)
        for folder in Set(made.map(\.path.folder)) {
            guard let name = FolderName(folder), !name.isStandard else { continue }
            try await documents.removeFolder(name, emptySince: job.createdAt)
        }
    }

    private func made(from id: String) async throws -> [Document] {
        var made: [Document] = []
        while let document = try await documents.find(id: Ingestion.id(id, at: made.count)) { made.append(document) }
        return made
    }

    // MARK: Documents

    private func documents(
        for ingestion: Ingestion, by caller: Caller, progress: @escaping @Sendable (JobProgress) async -> Void
    ) async throws -> DocumentLibrary.Made {
        if try await documents.find(id: ingestion.documentID) != nil {
            // All were stored at once; some may have been removed since.
            var made = try await library.documents(for: ingestion, progress: progress)
            made.documents = try await documents.find(ids: made.documents.map(\.id))
            await spool.remove(ingestion.spoolFile)
            return made
        }
        await progress(JobProgress(.parsing))
        do {
            let made: DocumentLibrary.Made
            do {
                made = try await store(ingestion, by: caller, progress: progress)
            } catch DatabaseError.foreignKeyViolation {
                // The content was known, and has just gone with the last document that had it.
                made = try await store(ingestion, by: caller, progress: progress)
            }
            await spool.remove(ingestion.spoolFile)
            return made
        } catch {
            // Stopped is not failed: the file is needed again at the next start.
            if !(error is CancellationError), !Task.isCancelled { await spool.remove(ingestion.spoolFile) }
            throw error
        }
    }

    /// Makes the documents and stores them.
    private func store(
        _ ingestion: Ingestion, by caller: Caller, progress: @escaping @Sendable (JobProgress) async -> Void
    ) async throws -> DocumentLibrary.Made {
        var made = try await library.documents(for: ingestion, progress: progress)
        let resolved = try await duplicates.store(
            made.documents, ingestion.duplicates, event: Self.event(of: made.documents, ingestion), by: caller,
            progress: progress)
        (made.documents, made.failures, made.duplicates) = (resolved.documents, resolved.failures, resolved.policy)
        return made
    }

    private static func event(of documents: [Document], _ ingestion: Ingestion) -> Event {
        switch ingestion.origin {
        case .file: .documentsUploaded(titles: documents.map(\.title), folder: ingestion.folder)
        case .rawText: .rawTextUploaded
        case .page(let link, _), .linkedFile(let link, _), .video(let link, _): .linkUploaded(link.text)
        }
    }

    // MARK: Workspaces

    /// Tries every document in every workspace, whatever becomes of the others. Unknown slugs are among the outcomes, with
    /// the error.
    ///
    /// - Parameter progress: is told of all the documents together.
    private func place(
        _ documents: [Document], in slugs: [String], by caller: Caller,
        progress: @escaping @Sendable (JobProgress) async -> Void
    ) async throws -> [IngestionOutcome.Placement] {
        let found = try await workspaces.find(slugs: slugs, for: caller)
        var placements: [IngestionOutcome.Placement] = []
        var failed: [Workspace.ID: [String]] = [:]
        var series = DocumentSeries(documents)
        for document in documents {
            let (path, place) = (document.path.text, series)
            for workspace in found {
                let error = try await failure {
                    try await indexer.add(document, to: workspace.id) { state in
                        await progress(place.progress(state, of: document))
                    }
                }
                if error != nil { failed[workspace.id, default: []].append(path) }
                placements.append(
                    .init(workspace: workspace.slug, document: document.id, location: path, error: error))
            }
            series.finish(document)
        }
        for workspace in found {
            let failed = failed[workspace.id] ?? []
            try await events.log(added: documents.count - failed.count, failed: failed, to: workspace, by: caller)
        }
        let known = Set(found.map(\.slug))
        for slug in slugs where !known.contains(slug) {
            placements.append(
                .init(
                    workspace: slug, document: nil, location: nil,
                    error: "Workspace \(slug) is not a valid workspace."))
        }
        return placements
    }
}
