package import Domain
import OrderedJSON

/// Files on their way into workspaces: which job brings them there, and what was put in together.
package struct WorkspaceFileStore: Sendable {
    private let database: any Database

    package init(_ database: any Database) { self.database = database }

    /// Records the job that puts files into a workspace, together with the files and, where they are one, their batch.
    ///
    /// - Throws: `DatabaseError.foreignKeyViolation` where the workspace or a file is gone.
    package func insert(
        _ job: Job, files: [String], into workspace: Workspace.ID, batch: FileBatch? = nil, at time: Timestamp
    ) async throws {
        let rows = files.map { file -> SQL in
            """
            INSERT INTO workspace_file (workspace_id, file_id, job_id, created_at)
            VALUES (\(workspace), \(file), \(job.id), \(time))
            ON CONFLICT (workspace_id, file_id) DO UPDATE SET
                job_id = excluded.job_id, created_at = excluded.created_at
            """
        }
        try await database.write([JobStore.insertion(of: job)] + rows + [batch.map(Self.statement)].compactMap(\.self))
    }

    private static func statement(_ batch: FileBatch) -> SQL {
        """
        INSERT INTO file_batch (id, workspace_id, job_id, file_ids, created_at) VALUES (
            \(batch.id), \(batch.workspaceID), \(batch.jobID), \(JSON.array(batch.fileIDs.map(JSON.string))),
            \(batch.createdAt)
        )
        """
    }

    /// Files that were put into the workspaces one by one or in batches, oldest first, with what became of them. Those that
    /// came in another way are not among these.
    package func files(in workspaces: [Workspace.ID]) async throws -> [WorkspaceFile] {
        try await database.read(
            """
            SELECT w.workspace_id AS workspace_id, w.file_id AS file_id, w.created_at AS created_at,
                j.state AS state, j.error AS error, COALESCE(f.name, d.title) AS name, EXISTS (
                    SELECT 1 FROM workspace_document m
                    WHERE m.workspace_id = w.workspace_id AND m.document_id = w.file_id
                ) AS is_member
            FROM workspace_file w
            JOIN document d ON d.id = w.file_id
            LEFT JOIN uploaded_file f ON f.id = w.file_id
            LEFT JOIN job j ON j.id = w.job_id
            WHERE w.workspace_id \(in: workspaces)
            ORDER BY w.created_at, w.file_id
            """, WorkspaceFile.init)
    }

    /// Forgets that a file was put into the workspace.
    package func remove(_ file: String, from workspace: Workspace.ID) async throws {
        try await database.write(
            "DELETE FROM workspace_file WHERE workspace_id = \(workspace) AND file_id = \(file)")
    }

    /// `nil` also where the batch is another workspace's.
    package func batch(id: String, in workspace: Workspace.ID) async throws -> FileBatch? {
        try await database.read(
            "SELECT * FROM file_batch WHERE id = \(id) AND workspace_id = \(workspace)"
        ) { row in
            FileBatch(
                id: try row.get("id"), workspaceID: try row.get("workspace_id"), jobID: try row.get("job_id"),
                fileIDs: (try row.get("file_ids", as: JSON.self).arrayValue ?? []).compactMap(\.stringValue),
                createdAt: try row.get("created_at"))
        }.first
    }

    /// How many chunks documents have in a workspace, by the documents' ids.
    package func chunkCounts(of documents: [String], in workspace: Workspace.ID) async throws -> [String: Int] {
        let rows = try await database.read(
            """
            SELECT m.document_id AS document_id, COUNT(*) AS chunks
            FROM workspace_document m JOIN chunk k ON k.chunk_set_id = m.chunk_set_id
            WHERE m.workspace_id = \(workspace) AND m.document_id \(in: documents) GROUP BY m.document_id
            """
        ) { row in (try row.get("document_id", as: String.self), try row.get("chunks", as: Int.self)) }
        return Dictionary(rows) { first, _ in first }
    }

    // MARK: Metadata

    /// What clients keep with workspaces as vector stores, JSON objects; those of which nothing is kept are left out.
    package func metadata(of workspaces: [Workspace.ID]) async throws -> [Workspace.ID: String] {
        let rows = try await database.read(
            "SELECT workspace_id, metadata FROM vector_store_metadata WHERE workspace_id \(in: workspaces)"
        ) { row in (try row.get("workspace_id", as: Int64.self), try row.get("metadata", as: String.self)) }
        return Dictionary(rows) { first, _ in first }
    }

    package func setMetadata(_ metadata: String, of workspace: Workspace.ID) async throws {
        try await database.write(
            """
            INSERT INTO vector_store_metadata (workspace_id, metadata) VALUES (\(workspace), \(metadata))
            ON CONFLICT (workspace_id) DO UPDATE SET metadata = excluded.metadata
            """)
    }
}

extension WorkspaceFile {
    fileprivate init(_ row: any SQLRow) throws {
        let job = try row.get("state", as: String?.self).flatMap(Job.State.init)
        let isMember = try row.get("is_member", as: Bool.self)
        let state: State =
            switch job {
            case .waiting, .running: .inProgress
            case _ where isMember: .completed
            case .cancelled: .cancelled
            case .failed, .succeeded, nil: .failed
            }
        self.init(
            fileID: try row.get("file_id"), workspaceID: try row.get("workspace_id"), name: try row.get("name"),
            state: state, error: try row.get("error"), createdAt: try row.get("created_at"))
    }
}
