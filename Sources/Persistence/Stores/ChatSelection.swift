package import Domain
import OrderedJSON

/// Which of a workspace's stored chats are listed.
package struct ChatSelection: Sendable {
    fileprivate var conversation: Conversation
    fileprivate var isOfAllUsers: Bool
    /// Whether those are listed, too, that are no part of the history: refusals, and what was reset.
    package var includesExcluded = false
    /// Only those with a smaller id.
    package var before: Chat.ID?
    /// Only those with a greater id.
    package var after: Chat.ID?

    /// The conversation without a thread or a session, of all users.
    package static func main(of workspace: Workspace.ID) -> ChatSelection {
        ChatSelection(conversation: Conversation(workspaceID: workspace), isOfAllUsers: true)
    }

    /// The conversation of a session, which has no user.
    package static func session(_ id: String, of workspace: Workspace.ID) -> ChatSelection {
        ChatSelection(conversation: Conversation(workspaceID: workspace, sessionID: id), isOfAllUsers: false)
    }

    /// The conversation of a thread: of all users, or of one.
    package static func thread(_ thread: ChatThread, userID: Int64? = nil) -> ChatSelection {
        ChatSelection(
            conversation: Conversation(workspaceID: thread.workspaceID, threadID: thread.id, userID: userID),
            isOfAllUsers: userID == nil)
    }

    /// The same, of one user alone.
    package func of(user: Int64) -> ChatSelection {
        var selection = self
        selection.conversation.userID = user
        selection.isOfAllUsers = false
        return selection
    }
}

extension ChatStore {
    /// Ids of the newest chats, the newest first, or of the oldest, the oldest first.
    package func ids(
        in selection: ChatSelection, fromOldest: Bool = false, limit: Int
    ) async throws -> [Chat.ID] {
        try await database.read(Self.idQuery(selection, fromOldest: fromOldest, limit: limit)) { try $0.integer(0) }
    }

    /// Its plan must be a search of one index in order, with nothing to sort.
    package static func idQuery(_ selection: ChatSelection, fromOldest: Bool, limit: Int) -> SQL {
        let conversation = selection.conversation
        let user: SQL = selection.isOfAllUsers ? "TRUE" : "user_key = \(conversation.userKey)"
        let included: SQL = selection.includesExcluded ? "TRUE" : "is_included = TRUE"
        let order: StaticString = fromOldest ? "ASC" : "DESC"
        return """
            SELECT id FROM chat
            WHERE workspace_id = \(conversation.workspaceID) AND conversation_key = \(conversation.key)
                AND \(user) AND \(included)
                AND id < \(selection.before ?? .max) AND id > \(selection.after ?? 0)
            ORDER BY id \(raw: order) LIMIT \(limit)
            """
    }

    /// The chats of these ids, in their order. Those that are gone are left out, and those that cannot be read.
    package func find(_ ids: [Chat.ID]) async throws -> [StoredChat] {
        let found = try await database.read("SELECT * FROM chat WHERE id \(in: ids)") { row in
            (try row.get("id", as: Chat.ID.self), try? StoredChat(row))
        }
        let byID = Dictionary(found, uniquingKeysWith: { first, _ in first })
        return ids.compactMap { byID[$0] ?? nil }
    }

    /// Stores what a reader thinks of an answer; `false` where the workspace has no such chat.
    ///
    /// - Parameter user: whose chat it must be; `nil` for anybody's.
    package func setFeedback(
        _ score: Bool?, on id: Chat.ID, in workspace: Workspace.ID, of user: Int64?
    ) async throws -> Bool {
        try await !database.write(
            """
            UPDATE chat SET feedback_score = \(score)
            WHERE id = \(id) AND workspace_id = \(workspace) AND (\(user == nil) OR user_id = \(user))
            RETURNING id
            """
        ) { try $0.integer(0) }.isEmpty
    }
}

extension StoredChat {
    /// Throws where a column holds what was never written there.
    fileprivate init(_ row: any SQLRow) throws {
        let conversation = Conversation(
            workspaceID: try row.get("workspace_id"), threadID: try row.get("thread_id"),
            userID: try row.get("user_id"), sessionID: try row.get("session_id"))
        var chat = Chat(
            conversation: conversation, prompt: try row.get("prompt"), answer: try row.get("answer"),
            mode: try row.get("mode"), sources: try row.array("sources").compactMap(Source.init(stored:)),
            attachments: try row.array("attachments").compactMap(MediaAttachment.init(stored:)),
            metrics: ChatMetrics(stored: try row.get("metrics")),
            isIncluded: try row.get("is_included"))
        chat.toolUses = try row.array("tool_uses").compactMap(ToolUse.init(stored:))
        self.init(
            id: try row.get("id"), chat: chat, feedbackScore: try row.get("feedback_score"),
            createdAt: try row.get("created_at"))
    }
}

extension SQLRow {
    fileprivate func array(_ column: String) throws -> [JSON] {
        guard let values = try get(column, as: JSON.self).arrayValue else {
            throw DatabaseError.other("column \(column) does not hold an array")
        }
        return values
    }
}
