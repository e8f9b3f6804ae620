package import Domain

/// The conversations that workspaces have beside their default one.
package struct ThreadStore: Sendable {
    private let database: any Database

    package init(_ database: any Database) { self.database = database }

    /// Creates a thread, and the event that says so; `nil` where the slug is taken, in whichever workspace.
    ///
    /// - Parameter owner: whose thread it is; `nil` for nobody's.
    /// - Throws: `DatabaseError.foreignKeyViolation` where the workspace is gone.
    package func create(
        name: String, slug: String, in workspace: Workspace, of owner: User.ID? = nil, by caller: Caller,
        at time: Timestamp
    ) async throws -> ChatThread? {
        let event = EventStore.statement(.threadCreated(workspace: workspace.name), by: caller, at: time)
        let insertion: SQL = """
            INSERT INTO thread (workspace_id, name, slug, user_id, created_at, last_updated_at)
            VALUES (\(workspace.id), \(name), \(slug), \(owner), \(time), \(time))
            RETURNING *
            """
        do {
            return try await database.write([event, insertion], ChatThread.init).first
        } catch DatabaseError.uniqueViolation {
            return nil
        }
    }

    /// The threads of these workspaces, in the order in which they were made.
    package func all(in workspaces: [Workspace.ID]) async throws -> [ChatThread] {
        try await database.read(
            "SELECT * FROM thread WHERE workspace_id \(in: workspaces) ORDER BY id", ChatThread.init)
    }

    /// `nil` also where the thread is another workspace's.
    package func find(slug: String, in workspace: Workspace.ID) async throws -> ChatThread? {
        try await database.readInline(
            "SELECT * FROM thread WHERE slug = \(slug) AND workspace_id = \(workspace)", ChatThread.init
        ).first
    }

    /// `nil` where there is no such thread in the workspace.
    package func rename(
        slug: String, in workspace: Workspace.ID, to name: String, at time: Timestamp
    ) async throws -> ChatThread? {
        try await database.write(
            """
            UPDATE thread SET name = \(name), last_updated_at = \(time)
            WHERE slug = \(slug) AND workspace_id = \(workspace)
            RETURNING *
            """, ChatThread.init
        ).first
    }

    /// Deletes a thread and its chats in one transaction; does nothing where there is no such thread in the workspace.
    /// The thread that was deleted; `nil` where there was none.
    package func delete(slug: String, in workspace: Workspace.ID) async throws -> ChatThread? {
        try await database.write(
            "DELETE FROM thread WHERE slug = \(slug) AND workspace_id = \(workspace) RETURNING *", ChatThread.init
        ).first
    }
}

extension ChatThread {
    fileprivate init(_ row: any SQLRow) throws {
        self.init(
            id: try row.get("id"), workspaceID: try row.get("workspace_id"), name: try row.get("name"),
            slug: try row.get("slug"), userID: try row.get("user_id"), createdAt: try row.get("created_at"),
            lastUpdatedAt: try row.get("last_updated_at"))
    }
}
