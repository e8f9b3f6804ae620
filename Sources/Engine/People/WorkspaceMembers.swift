import Concurrency
package import Domain
package import Persistence

/// Which users belong to a workspace.
package struct WorkspaceMembers: Sendable {
    private let users: UserStore
    private let sessions: Sessions
    /// What the log says of a change must be what it changed, and not what another request has changed meanwhile.
    private let turn = Semaphore(value: 1)

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
        let found = try await users.find(ids: ids)
        let known = Set(found.map(\.id))
        if let unknown = ids.first(where: { !known.contains($0) }) {
            throw ServiceError.invalid("There is no user with the id \(unknown).")
        }
        try await set(found, of: workspace, replacing: true, by: caller)
    }

    /// Adds those users who exist to the members, or puts them in the place of all.
    ///
    /// - Returns: the ids that no user has.
    package func add(
        _ ids: [User.ID], to workspace: Workspace, replacing: Bool, by caller: Caller
    ) async throws -> [User.ID] {
        let found = try await users.find(ids: ids)
        let known = Set(found.map(\.id))
        guard !known.isEmpty || (ids.isEmpty && replacing) else {
            throw ServiceError.notFound("No valid user IDs provided.")
        }
        try await set(found, of: workspace, replacing: replacing, by: caller)
        return ids.filter { !known.contains($0) }
    }

    private func set(_ found: [User], of workspace: Workspace, replacing: Bool, by caller: Caller) async throws {
        try await turn.withPermit {
            let members = try await users.members(of: workspace.id).map(\.user)
            let (before, after) = (Set(members.map(\.id)), Set(found.map(\.id)))
            let event = Event.membersChanged(
                workspace: workspace.name, added: found.filter { !before.contains($0.id) }.map(Event.Person.init),
                removed: replacing ? members.filter { !after.contains($0.id) }.map(Event.Person.init) : [])
            try await users.setMembers(
                found.map(\.id), of: workspace, replacing: replacing, event: event, by: caller, at: .now)
        }
        sessions.forgetVerdicts()
    }
}
