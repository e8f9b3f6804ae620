package import Domain
import FoundationEssentials
package import Persistence

/// Brings an uploaded file from bytes to a document, and into workspaces.
package struct UploadHandler: JobHandler {
    private let library: DocumentLibrary
    private let documents: DocumentStore
    private let distributor: WorkspaceDistributor
    private let spoolPath: String

    /// - Parameter spoolPath: of the directory in which uploads wait.
    package init(
        library: DocumentLibrary, documents: DocumentStore, distributor: WorkspaceDistributor, spoolPath: String
    ) {
        self.spoolPath = spoolPath
        self.library = library
        self.documents = documents
        self.distributor = distributor
    }

    package func run(
        _ job: Job, progress: @escaping @Sendable (JobProgress) async -> Void
    ) async throws -> Job.Outcome {
        guard case .ingestion(let upload) = job.work else { throw ServiceError.unreadableJob }
        let document = try await document(for: upload, progress: progress)
        let placements = try await distributor.distribute([document], to: upload.workspaces, progress: progress)
        return .ingestion(IngestionOutcome(documents: [document.id], placements: placements))
    }

    package func discard(_ job: Job) async {
        if case .ingestion(let upload) = job.work { removeFile(upload) }
    }

    private func document(
        for upload: Ingestion, progress: @escaping @Sendable (JobProgress) async -> Void
    ) async throws -> Document {
        if let done = try await documents.find(id: upload.documentID) {
            removeFile(upload)
            return done
        }
        var state = JobProgress()
        state.stage = .parsing
        await progress(state)
        do {
            let document = try await library.document(for: upload, at: path(of: upload))
            removeFile(upload)
            return document
        } catch {
            // Stopped is not failed: the file is needed again at the next start.
            if !(error is CancellationError), !Task.isCancelled { removeFile(upload) }
            throw error
        }
    }

    /// A file that stays behind is removed at the next start.
    private func removeFile(_ upload: Ingestion) { try? FileManager.default.removeItem(atPath: path(of: upload)) }

    private func path(of upload: Ingestion) -> String { "\(spoolPath)/\(upload.spoolFile.text)" }
}
