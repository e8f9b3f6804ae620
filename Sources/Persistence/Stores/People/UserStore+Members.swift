package import Domain

/// Members of workspaces.
extension UserStore {
    package func workspaces(of user: User.ID) async throws -> Set<Workspace.ID> {
        Set(
            try await database.readInline("SELECT workspace_id FROM workspace_user WHERE user_id = \(user)") {
                try $0.integer(0)
            })
    }

    package func members(of workspace: Workspace.ID) async throws -> [WorkspaceMember] {
        try await database.read(
            """
            SELECT u.*, m.created_at AS member_since FROM workspace_user m JOIN user_account u ON u.id = m.user_id
            WHERE m.workspace_id = \(workspace) ORDER BY u.id
            """
        ) { WorkspaceMember(user: try User($0), since: try $0.get("member_since")) }
    }

    /// Adds users to the members of a workspace, or puts them in the place of all; those who do not exist are passed over.
    package func setMembers(
        _ users: [User.ID], of workspace: Workspace, replacing: Bool, event: Event, by caller: Caller,
        at time: Timestamp
    ) async throws {
        var statements: [SQL] = []
        if replacing {
            statements.append(
                "DELETE FROM workspace_user WHERE workspace_id = \(workspace.id) AND NOT (user_id \(in: users))")
        }
        statements.append(
            """
            INSERT INTO workspace_user (workspace_id, user_id, created_at)
            SELECT \(workspace.id), id, \(time) FROM user_account WHERE id \(in: users)
            ON CONFLICT (workspace_id, user_id) DO NOTHING
            """)
        statements.append(EventStore.statement(event, by: caller, at: time))
        try await database.write(statements)
    }
}
