package import Domain
import FoundationEssentials
package import Persistence

/// Brings an uploaded file from bytes to a document, and into workspaces.
package struct UploadHandler: JobHandler {
    private let library: DocumentLibrary
    private let documents: DocumentStore
    private let distributor: WorkspaceDistributor

    package init(library: DocumentLibrary, documents: DocumentStore, distributor: WorkspaceDistributor) {
        self.library = library
        self.documents = documents
        self.distributor = distributor
    }

    /// The result has `documents` (ids) and `embedding` (what became of it in each workspace).
    package func run(_ job: Job, progress: @escaping @Sendable (JobProgress) async -> Void) async throws -> JSON {
        guard let upload = Upload(job.payload) else { throw ServiceError.invalid("The job's payload is damaged.") }
        let document = try await document(for: upload, progress: progress)
        let embedding = try await distributor.distribute([document], to: upload.workspaces, progress: progress)
        return ["documents": [.string(document.id)], "embedding": embedding]
    }

    private func document(
        for upload: Upload, progress: @escaping @Sendable (JobProgress) async -> Void
    ) async throws -> Document {
        if let done = try await documents.find(id: upload.documentID) {
            removeFile(upload)
            return done
        }
        var state = JobProgress()
        state.stage = .parsing
        await progress(state)
        do {
            let document = try await library.document(for: upload)
            removeFile(upload)
            return document
        } catch {
            // Stopped is not failed: the file is needed again at the next start.
            if !(error is CancellationError), !Task.isCancelled { removeFile(upload) }
            throw error
        }
    }

    /// A file that stays behind is removed at the next start.
    private func removeFile(_ upload: Upload) { try? FileManager.default.removeItem(atPath: upload.path) }
}
