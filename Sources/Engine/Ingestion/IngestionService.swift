package import Domain
package import Persistence

/// Takes in what clients send: the one way from bytes to documents. Each is a job that a crash does not lose.
package struct IngestionService: Sendable {
    /// What is sent as a stream is written here.
    package let spool: SpoolDirectory
    private let jobs: JobQueue
    private let documents: DocumentStore
    private let reader: any DocumentReader

    package init(spool: SpoolDirectory, jobs: JobQueue, documents: DocumentStore, reader: any DocumentReader) {
        self.spool = spool
        self.jobs = jobs
        self.documents = documents
        self.reader = reader
    }

    /// What a client wants of what it sends.
    package struct Wishes: Sendable {
        package var folder: String
        package var metadata: DocumentMetadata
        /// Slugs.
        package var workspaces: [String]
        /// Whether the client waits for the end.
        package var isAwaited: Bool
        package var duplicates: Ingestion.DuplicatePolicy

        package init(
            folder: String = DocumentLibrary.defaultFolder, metadata: DocumentMetadata, workspaces: [String],
            isAwaited: Bool, duplicates: Ingestion.DuplicatePolicy = .keep
        ) {
            self.folder = folder
            self.metadata = metadata
            self.workspaces = workspaces
            self.isAwaited = isAwaited
            self.duplicates = duplicates
        }
    }

    /// Throws `unavailable` where no more is taken in at the moment; to be asked before a file is received.
    package func requireRoom() async throws { try await jobs.requireRoom() }

    /// Ingests a file that lies in the spool, which is the job's from now on.
    package func submit(
        _ file: SpooledFile, from origin: Ingestion.Origin, _ wishes: Wishes, by caller: Caller
    ) async throws -> Job {
        let ingestion = Ingestion(
            origin: origin, spoolFile: file.name, sha256: file.sha256, folder: wishes.folder,
            metadata: wishes.metadata, workspaces: wishes.workspaces, duplicates: wishes.duplicates)
        let lane: Job.Lane =
            if !wishes.isAwaited { .background } else { await isQuick(file, origin, wishes) ? .quick : .interactive }
        let job = Job(.ingestion(ingestion), by: caller, lane: lane)
        do {
            try await jobs.submit(job)
        } catch {
            await spool.remove(file.name)
            throw error
        }
        return job
    }

    /// Whether ingesting takes a moment, so that it need not wait for files which take long.
    private func isQuick(_ file: SpooledFile, _ origin: Ingestion.Origin, _ wishes: Wishes) async -> Bool {
        guard file.byteCount <= (wishes.workspaces.isEmpty ? 1 << 20 : 64 << 10) else { return false }
        guard case .file(let name) = origin else { return true }
        return await reader.isPlainText(path: spool.path(of: file.name), fileName: name)
    }

    /// Ingests a text that came without a file.
    package func submit(_ text: String, _ wishes: Wishes, by caller: Caller) async throws -> Job {
        let writer = try await spool.makeWriter(maximumBytes: .max)
        do {
            try await writer.append(text.utf8)
            return try await submit(writer.finish(), from: .rawText, wishes, by: caller)
        } catch {
            await writer.discard()
            throw error
        }
    }

    /// A document that was made, with its text.
    package struct Made: Sendable {
        package let document: Document
        package let text: String
    }

    /// Waits for the job's end: the documents that were made, and what became of them.
    package func result(
        of job: Job
    ) async throws -> (documents: [Made], outcome: IngestionOutcome) {
        let outcome = try await jobs.ingestionOutcome(of: job.id)
        return (try await made(outcome.documents), outcome)
    }

    /// Waits for the job's end: which documents were made.
    package func outcome(of job: Job) async throws -> IngestionOutcome { try await jobs.ingestionOutcome(of: job.id) }

    /// Those of the documents that are still there, by their ids.
    package func made(_ ids: [String]) async throws -> [Made] {
        var made: [Made] = []
        for id in ids {
            guard let document = try await documents.find(id: id) else { continue }
            let content = try await documents.content(id: document.contentID)
            made.append(Made(document: document, text: content?.parsed.text ?? ""))
        }
        return made
    }
}
