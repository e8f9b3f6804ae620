package import Domain
package import Persistence

/// Removes documents for good: from every workspace, with their vectors, and with the contents that nobody else has.
package struct DocumentRemoval: Sendable {
    private let documents: DocumentStore
    private let indexer: WorkspaceIndexer

    package init(documents: DocumentStore, indexer: WorkspaceIndexer) {
        self.documents = documents
        self.indexer = indexer
    }

    /// What a removal has removed.
    package struct Report: Sendable {
        /// Places of the documents that were named, as they were stored.
        package var removed: [DocumentPath] = []
        /// Paths that name no document.
        package var missing: [DocumentPath] = []
        package var documentCount = 0
        package var folder: String?
        /// In which workspaces the documents were.
        package var shares: [DocumentStore.WorkspaceShare] = []
    }

    /// Removes the documents at these places, all of them at once.
    package func remove(_ paths: [DocumentPath], by caller: Caller) async throws -> Report {
        var report = Report()
        let found = try await documents.find(paths, for: caller)
        let known = Set(found.map(\.path))
        report.missing = paths.unique.filter { !known.contains($0) }
        guard !found.isEmpty else { return report }
        (report.removed, report.shares) = try await indexer.removeForGood(
            .documents(found.map(\.id)), from: documents, by: caller, events: Self.events)
        report.documentCount = report.removed.count
        try await documents.deleteAbandonedContents()
        return report
    }

    /// Removes a folder with all that is in it, at once. A folder that is not there is no error.
    ///
    /// - Throws: `ServiceError` of the code `forbidden` for the default folder, which is needed.
    package func removeFolder(_ name: FolderName, by caller: Caller) async throws -> Report {
        guard !name.isStandard else {
            throw ServiceError(.forbidden, "The folder \(FolderName.standard) cannot be removed.")
        }
        var report = Report()
        guard let folder = try await documents.folder(name, for: caller) else { return report }
        report.folder = folder
        var attempts = 0
        while true {
            do {
                let count = try await documents.count(of: .folder(folder))
                (_, report.shares) = try await indexer.removeForGood(
                    .folder(folder), from: documents, by: caller
                ) { Self.events(of: $0) + [.folderRemoved(name: folder, documents: count)] }
                report.documentCount = count
                break
            } catch DatabaseError.foreignKeyViolation where attempts < 3 {
                // A document was put into it meanwhile, which goes as well.
                attempts += 1
            }
        }
        try await documents.deleteAbandonedContents()
        return report
    }

    /// Deletes what a crash has kept a removal from deleting.
    package func finish() async throws { try await documents.deleteAbandonedContents() }

    private static func events(of shares: [DocumentStore.WorkspaceShare]) -> [Event] {
        shares.map { .documentsRemoved($0.count, workspace: $0.name) }
    }
}
