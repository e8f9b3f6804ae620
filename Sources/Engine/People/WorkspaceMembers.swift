package import Domain
package import Persistence

/// Which users belong to a workspace.
package struct WorkspaceMembers: Sendable {
    private let users: UserStore
    private let sessions: Sessions

    package init(users: UserStore, sessions: Sessions) {
        self.users = users
        self.sessions = sessions
    }

    package func all(of workspace: Workspace) async throws -> [WorkspaceMember] {
        try await users.members(of: workspace.id)
    }

    /// Puts the users in the place of all members.
    ///
    /// - Throws: `invalid` where one does not exist; nothing has changed then.
    package func replace(with ids: [User.ID], in workspace: Workspace, by caller: Caller) async throws {
        let known = Set(try await users.find(ids: ids).map(\.id))
        if let unknown = ids.first(where: { !known.contains($0) }) {
            throw ServiceError.invalid("There is no user with the id \(unknown).")
        }
        try await users.setMembers(ids, of: workspace, replacing: true, by: caller, at: .now)
        sessions.forgetVerdicts()
    }

    /// Adds those users who exist to the members, or puts them in the place of all.
    ///
    /// - Returns: the ids that no user has.
    package func add(
        _ ids: [User.ID], to workspace: Workspace, replacing: Bool, by caller: Caller
    ) async throws -> [User.ID] {
        let known = Set(try await users.find(ids: ids).map(\.id))
        guard !known.isEmpty || (ids.isEmpty && replacing) else {
            throw ServiceError.notFound("No valid user IDs provided.")
        }
        try await users.setMembers(
            ids.filter(known.contains), of: workspace, replacing: replacing, by: caller, at: .now)
        sessions.forgetVerdicts()
        return ids.filter { !known.contains($0) }
    }
}
