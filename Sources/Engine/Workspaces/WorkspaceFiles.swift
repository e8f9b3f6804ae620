package import Domain
package import Persistence

/// Puts files into workspaces, each with all its documents, and tells how far that is.
package struct WorkspaceFiles: Sendable {
    private let store: WorkspaceFileStore
    private let files: FileStore
    private let jobs: JobQueue

    /// Files that may be put in together.
    package static let maximumBatch = 2000

    package init(store: WorkspaceFileStore, files: FileStore, jobs: JobQueue) {
        self.store = store
        self.files = files
        self.jobs = jobs
    }

    /// Begins to put files into a workspace; a job does it, whether anybody waits for it or not.
    ///
    /// - Parameter batch: what they are called together; `nil` where nobody will ask for them so.
    /// - Throws: `unavailable` where too many jobs wait already, `notFound` where the workspace or a file was removed.
    @discardableResult package func add(
        _ added: [LibraryFile], to workspace: Workspace, batch: String? = nil, by caller: Caller
    ) async throws -> FileBatch? {
        try await jobs.requireRoom()
        let ids = added.map(\.id).unique
        let documents = try await files.documents(of: ids)
        let update = EmbeddingsUpdate(
            workspaceID: workspace.id, additions: ids.flatMap { documents[$0] ?? [] }.map(\.path.text), removals: [])
        let job = Job(.embeddingsUpdate(update), by: caller)
        let batch = batch.map {
            FileBatch(id: $0, workspaceID: workspace.id, jobID: job.id, fileIDs: ids, createdAt: job.createdAt)
        }
        do {
            try await store.insert(job, files: ids, into: workspace.id, batch: batch, at: job.createdAt)
        } catch DatabaseError.foreignKeyViolation {
            throw ServiceError.notFound("The vector store or the file was removed.")
        }
        await jobs.enqueue(job)
        return batch
    }

    /// Takes a file out of a workspace; it stays in the library. Returns when that is done.
    package func remove(_ file: String, from workspace: Workspace, by caller: Caller) async throws {
        let documents = try await files.documents(of: [file])[file] ?? []
        let update = EmbeddingsUpdate(
            workspaceID: workspace.id, additions: [], removals: documents.map(\.path.text))
        let job = Job(.embeddingsUpdate(update), by: caller)
        try await jobs.submit(job)
        _ = try await jobs.embeddingsOutcome(of: job.id)
        try await store.remove(file, from: workspace.id)
    }

    /// What was put in, oldest first, by workspace.
    package func files(in workspaces: [Workspace]) async throws -> [Workspace.ID: [WorkspaceFile]] {
        Dictionary(grouping: try await store.files(in: workspaces.map(\.id)), by: \.workspaceID)
    }

    /// `nil` also where the batch is another workspace's.
    package func batch(id: String, in workspace: Workspace) async throws -> FileBatch? {
        try await store.batch(id: id, in: workspace.id)
    }

    /// Puts no more of the files in. Those that are there stay.
    package func cancel(_ batch: FileBatch, by caller: Caller) async throws {
        _ = try await jobs.cancel(id: batch.jobID, for: caller)
    }

    package func chunkCounts(of documents: [String], in workspace: Workspace) async throws -> [String: Int] {
        try await store.chunkCounts(of: documents, in: workspace.id)
    }

    // MARK: Metadata

    /// JSON objects, by workspace.
    package func metadata(of workspaces: [Workspace]) async throws -> [Workspace.ID: String] {
        try await store.metadata(of: workspaces.map(\.id))
    }

    package func setMetadata(_ metadata: String, of workspace: Workspace) async throws {
        do {
            try await store.setMetadata(metadata, of: workspace.id)
        } catch DatabaseError.foreignKeyViolation {
            throw ServiceError.notFound("The vector store was removed.")
        }
    }
}
