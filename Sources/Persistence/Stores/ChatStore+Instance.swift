package import Domain

/// Which chats of the whole instance are exported, of workspaces or of embeds.
package struct InstanceChatFilter: Sendable {
    package var workspace: Workspace.ID?
    package var from: Timestamp?
    package var to: Timestamp?
    /// Whether those are exported, too, that are no part of the history: refusals, and what was reset.
    package var includesExcluded = false

    package init() {}

    /// On `chat c`.
    fileprivate var condition: SQL { condition(workspaceColumn: "c.workspace_id") }

    func condition(workspaceColumn: StaticString) -> SQL {
        var condition: SQL = includesExcluded ? "TRUE" : "c.is_included = TRUE"
        if let workspace { condition = "\(condition) AND \(raw: workspaceColumn) = \(workspace)" }
        if let from { condition = "\(condition) AND c.created_at >= \(from)" }
        if let to { condition = "\(condition) AND c.created_at < \(to)" }
        return condition
    }
}

/// Where a chat stands among those of all conversations: by workspace, conversation, user, and then in their order. Of a
/// visitor's chat, the conversation is the session, and the embed stands in the place of the user.
package struct ChatPlace: Sendable, Hashable {
    package let workspace: Workspace.ID
    package let conversation: String
    package let user: Int64
    package let id: Chat.ID

    package static let beginning = ChatPlace(workspace: 0, conversation: "", user: -1, id: 0)

    /// Whether both are of one conversation.
    package func isTogether(with other: ChatPlace) -> Bool {
        workspace == other.workspace && conversation == other.conversation && user == other.user
    }
}

extension ChatStore {
    /// Ids after `id`, the oldest first.
    package func ids(_ filter: InstanceChatFilter, after id: Chat.ID, limit: Int) async throws -> [Chat.ID] {
        try await database.read(
            "SELECT c.id AS id FROM chat c WHERE \(filter.condition) AND c.id > \(id) ORDER BY c.id LIMIT \(limit)"
        ) { try $0.integer(0) }
    }

    /// Places behind `place`, conversation by conversation.
    package func places(
        _ filter: InstanceChatFilter, after place: ChatPlace, limit: Int
    ) async throws -> [ChatPlace] {
        try await database.read(
            """
            SELECT c.id AS id, c.workspace_id AS workspace_id, c.conversation_key AS conversation_key,
                c.user_key AS user_key
            FROM chat c
            WHERE \(filter.condition) AND (c.workspace_id, c.conversation_key, c.user_key, c.id)
                > (\(place.workspace), \(place.conversation), \(place.user), \(place.id))
            ORDER BY c.workspace_id, c.conversation_key, c.user_key, c.id LIMIT \(limit)
            """
        ) { row in
            ChatPlace(
                workspace: try row.get("workspace_id"), conversation: try row.get("conversation_key"),
                user: try row.get("user_key"), id: try row.get("id"))
        }
    }

    /// A page of all chats, hidden ones among them, the newest first.
    package func newestIDs(offset: Int, limit: Int) async throws -> [Chat.ID] {
        try await database.read("SELECT id FROM chat ORDER BY id DESC LIMIT \(limit) OFFSET \(offset)") {
            try $0.integer(0)
        }
    }

    package func count() async throws -> Int { try await database.count("SELECT COUNT(*) FROM chat") }

    /// Deletes a chat; `false` where there is none with this id.
    package func delete(_ id: Chat.ID, by caller: Caller, at time: Timestamp) async throws -> Bool {
        try await !database.write([
            EventStore.statement(
                .chatDeleted(id: id), by: caller, at: time, where: "EXISTS (SELECT 1 FROM chat WHERE id = \(id))"),
            "DELETE FROM chat WHERE id = \(id) RETURNING id",
        ]) { try $0.integer(0) }.isEmpty
    }

    /// Deletes every chat there is.
    package func deleteAll(by caller: Caller, at time: Timestamp) async throws {
        try await database.write([
            "DELETE FROM chat", EventStore.statement(.chatDeleted(id: nil), by: caller, at: time),
        ])
    }

    /// Deletes what was asked before `time`, and says how much that was.
    package func delete(before time: Timestamp) async throws -> Int {
        try await database.write("DELETE FROM chat WHERE created_at < \(time) RETURNING id") { try $0.integer(0) }.count
    }
}
