package import Domain
package import Persistence

/// Finds threads and stored chats for whoever asks, and changes them.
///
/// Keys, managers and administrators see the conversations of all; other users see their own. That a workspace is one the
/// caller may know of, `WorkspaceDirectory` has said before.
package struct ConversationDirectory: Sendable {
    private let threads: ThreadStore
    private let chats: ChatStore
    private let users: UserStore
    private let mode: InstanceMode
    private let running: RunningAnswers
    private let events: EventStore

    package init(
        threads: ThreadStore, chats: ChatStore, users: UserStore, mode: InstanceMode, running: RunningAnswers,
        events: EventStore
    ) {
        self.threads = threads
        self.chats = chats
        self.users = users
        self.mode = mode
        self.running = running
        self.events = events
    }

    /// Whose conversation it is: the caller's own, or the user's for whom a key asks; `nil` for nobody's, which an unknown
    /// user's is as well.
    package func asker(_ id: User.ID?, for caller: Caller) async throws -> User.ID? {
        if let own = caller.userID { return own }
        guard let id else { return nil }
        return try await users.find(id: id)?.id
    }

    // MARK: Threads

    package func threads(of workspaces: [Workspace], for caller: Caller) async throws -> [ChatThread] {
        try await threads.all(in: workspaces.map(\.id)).filter(caller.sees)
    }

    package func thread(slug: String, in workspace: Workspace, for caller: Caller) async throws -> ChatThread? {
        try await threads.find(slug: slug, in: workspace.id).flatMap { caller.sees($0) ? $0 : nil }
    }

    /// `nil` where the slug is taken, in whichever workspace. Where that is one which the caller must not learn of, the thread
    /// is given another slug that begins so.
    ///
    /// - Parameter user: whom a key makes the thread for; without users, of no effect.
    /// - Throws: `notFound` where the workspace was deleted meanwhile, `invalid` where there is no such user.
    package func createThread(
        named name: String, slug: String, in workspace: Workspace, for user: User.ID? = nil, by caller: Caller
    ) async throws -> ChatThread? {
        let owner = try await asker(user, for: caller)
        if let user, owner == nil, try await mode.isMultiUser() {
            throw ServiceError.invalid("There is no user with the id \(user).")
        }
        do {
            let thread = try await threads.create(
                name: name, slug: slug, in: workspace, of: owner, by: caller, at: .now)
            let isTakenElsewhere =
                thread == nil && caller.workspaces != .all
                ? try await threads.find(slug: slug, in: workspace.id) == nil : false
            guard isTakenElsewhere else { return thread }
            let other = "\(slug)-\(UUIDText.random().prefix(8))"
            return try await threads.create(name: name, slug: other, in: workspace, of: owner, by: caller, at: .now)
        } catch DatabaseError.foreignKeyViolation {
            throw ServiceError.notFound("The workspace was deleted.")
        }
    }

    /// `nil` where there is no such thread for the caller.
    package func renameThread(
        slug: String, in workspace: Workspace, to name: String, by caller: Caller
    ) async throws -> ChatThread? {
        guard try await thread(slug: slug, in: workspace, for: caller) != nil,
            let renamed = try await threads.rename(slug: slug, in: workspace.id, to: name, at: .now)
        else { return nil }
        try await events.log(.threadRenamed(workspace: workspace.name, thread: renamed.name), by: caller)
        return renamed
    }

    /// Deletes a thread with its chats and ends the answers in it; does nothing where there is none for the caller.
    package func deleteThread(slug: String, in workspace: Workspace, by caller: Caller) async throws {
        guard try await thread(slug: slug, in: workspace, for: caller) != nil,
            let deleted = try await threads.delete(slug: slug, in: workspace.id)
        else { return }
        running.end(thread: deleted.id)
        try await events.log(.threadDeleted(workspace: workspace.name, thread: deleted.name), by: caller)
    }

    // MARK: Chats

    /// What the caller sees of a workspace's default conversation, or of a session.
    package func selection(session: String?, of workspace: Workspace, for caller: Caller) -> ChatSelection {
        let all = session.map { ChatSelection.session($0, of: workspace.id) } ?? .main(of: workspace.id)
        return caller.ownConversationsOf.map(all.of(user:)) ?? all
    }

    /// What the caller sees of a thread: what `userID` asked where that is given, else what everybody did.
    package func selection(thread: ChatThread, userID: Int64?, for caller: Caller) -> ChatSelection {
        .thread(thread, userID: caller.ownConversationsOf ?? userID)
    }

    package func ids(in selection: ChatSelection, fromOldest: Bool, limit: Int) async throws -> [Chat.ID] {
        try await chats.ids(in: selection, fromOldest: fromOldest, limit: limit)
    }

    /// Ids that a selection gave, in groups that may be in memory at once.
    package func batches(of ids: [Chat.ID]) async throws -> [[Chat.ID]] { try await chats.batches(of: ids) }

    /// The chats of ids that a selection gave, in their order.
    package func chats(_ ids: [Chat.ID]) async throws -> [StoredChat] { try await chats.find(ids) }

    /// Stores what a reader thinks of an answer; `false` where there is no such chat for the caller.
    package func setFeedback(
        _ score: Bool?, on id: Chat.ID, in workspace: Workspace, by caller: Caller
    ) async throws -> Bool {
        guard try await chats.setFeedback(score, on: id, in: workspace.id, of: caller.ownConversationsOf) else {
            return false
        }
        try await events.log(.chatRated(workspace: workspace.name), by: caller)
        return true
    }
}

extension Caller {
    /// The user whose conversations alone the caller sees; `nil` for one who sees those of all.
    fileprivate var ownConversationsOf: Int64? {
        if case .user(let user) = self, user.role == .default { user.id } else { nil }
    }

    fileprivate func sees(_ thread: ChatThread) -> Bool {
        ownConversationsOf.map { $0 == thread.userID } ?? true
    }
}
