package import Domain
package import Persistence

/// Which documents go into a workspace and which come out.
package struct EmbeddingsUpdate: Sendable, Equatable {
    package var workspaceID: Workspace.ID
    /// Document paths, as the client sent them.
    package var additions: [String]
    package var removals: [String]

    package init(workspaceID: Workspace.ID, additions: [String], removals: [String]) {
        self.workspaceID = workspaceID
        self.additions = additions
        self.removals = removals
    }

    package func job(at time: Timestamp = .now) -> Job {
        let payload: JSON = [
            "workspaceID": .integer(workspaceID), "additions": .array(additions.map(JSON.string)),
            "removals": .array(removals.map(JSON.string)),
        ]
        return Job(id: UUIDText.random(), kind: .updateEmbeddings, payload: payload, createdAt: time)
    }

    init?(_ json: JSON) {
        guard let workspaceID = json["workspaceID"]?.integerValue, let additions = json["additions"]?.arrayValue,
            let removals = json["removals"]?.arrayValue
        else { return nil }
        self.init(
            workspaceID: workspaceID, additions: additions.compactMap(\.stringValue),
            removals: removals.compactMap(\.stringValue))
    }
}

/// Takes documents out of a workspace, then puts others in, each for itself.
package struct UpdateEmbeddingsHandler: JobHandler {
    private let documents: DocumentStore
    private let workspaces: WorkspaceStore
    private let indexer: WorkspaceIndexer
    private let events: EventStore

    package init(
        documents: DocumentStore, workspaces: WorkspaceStore, indexer: WorkspaceIndexer, events: EventStore
    ) {
        self.documents = documents
        self.workspaces = workspaces
        self.indexer = indexer
        self.events = events
    }

    /// The result has `failed`, an array of `{path, error}`.
    package func run(_ job: Job, progress: @escaping @Sendable (JobProgress) async -> Void) async throws -> JSON {
        guard let update = EmbeddingsUpdate(job.payload) else {
            throw ServiceError.invalid("The job's payload is damaged.")
        }
        guard let workspace = try await workspaces.find(id: update.workspaceID) else {
            throw ServiceError.notFound("The workspace was removed.")
        }
        for path in update.removals.compactMap(DocumentPath.init) {
            try await indexer.remove(path, from: workspace.id)
        }
        var failed: [JSON] = []
        for path in update.additions {
            let error = try await failure { try await add(path, to: workspace, progress: progress) }
            if let error { failed.append(["path": .string(path), "error": .string(error)]) }
        }
        try await log(update, added: update.additions.count - failed.count, workspace)
        return ["failed": .array(failed)]
    }

    private func add(
        _ text: String, to workspace: Workspace, progress: @escaping @Sendable (JobProgress) async -> Void
    ) async throws {
        guard let path = DocumentPath(text) else { throw ServiceError.invalid("Invalid path.") }
        guard let document = try await documents.find(path) else {
            throw ServiceError.notFound("There is no document of this name.")
        }
        try await indexer.add(document, to: workspace.id, progress: progress)
    }

    private func log(_ update: EmbeddingsUpdate, added: Int, _ workspace: Workspace) async throws {
        if !update.removals.isEmpty {
            try await events.log(
                "workspace_documents_removed",
                ["workspaceName": .string(workspace.name), "numberOfDocuments": JSON(update.removals.count)])
        }
        if added > 0 {
            try await events.log(
                "workspace_documents_added",
                ["workspaceName": .string(workspace.name), "numberOfDocumentsAdded": JSON(added)])
        }
    }
}
