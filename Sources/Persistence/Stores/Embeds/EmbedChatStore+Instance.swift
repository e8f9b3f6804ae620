package import Domain

/// What the visitors of all embeds asked.
extension EmbedChatStore {
    /// A page of all chats, hidden ones among them, the newest first.
    package func newest(offset: Int, limit: Int) async throws -> [EmbedChat] {
        try await database.read(
            "SELECT * FROM embed_chat ORDER BY id DESC LIMIT \(limit) OFFSET \(offset)", EmbedChat.init)
    }

    package func count() async throws -> Int { try await database.count("SELECT COUNT(*) FROM embed_chat") }

    /// Deletes a chat, which counts no longer; `false` where there is none with this id.
    package func delete(_ id: Int64, by caller: Caller, at time: Timestamp) async throws -> Bool {
        try await !database.write([
            EventStore.statement(
                .embedChatDeleted(id: id), by: caller, at: time,
                where: "EXISTS (SELECT 1 FROM embed_chat WHERE id = \(id))"),
            "DELETE FROM embed_chat WHERE id = \(id) RETURNING id",
        ]) { try $0.integer(0) }.isEmpty
    }

    // MARK: Exports

    /// A chat with the workspace that its embed asks.
    package struct Placed: Sendable {
        package let chat: EmbedChat
        package let workspace: Workspace.ID
    }

    /// Ids after `id`, the oldest first.
    package func ids(_ filter: InstanceChatFilter, after id: Int64, limit: Int) async throws -> [Int64] {
        try await database.read(
            """
            SELECT c.id AS id FROM embed_chat c JOIN embed e ON e.id = c.embed_id
            WHERE \(filter.condition(workspaceColumn: "e.workspace_id")) AND c.id > \(id) ORDER BY c.id LIMIT \(limit)
            """
        ) { try $0.integer(0) }
    }

    /// Places behind `place`, session by session.
    package func places(
        _ filter: InstanceChatFilter, after place: ChatPlace, limit: Int
    ) async throws -> [ChatPlace] {
        try await database.read(
            """
            SELECT c.id AS id, c.embed_id AS embed_id, c.session_id AS session_id, e.workspace_id AS workspace_id
            FROM embed_chat c JOIN embed e ON e.id = c.embed_id
            WHERE \(filter.condition(workspaceColumn: "e.workspace_id"))
                AND (c.embed_id, c.session_id, c.id) > (\(place.user), \(place.conversation), \(place.id))
            ORDER BY c.embed_id, c.session_id, c.id LIMIT \(limit)
            """
        ) { row in
            ChatPlace(
                workspace: try row.get("workspace_id"), conversation: try row.get("session_id"),
                user: try row.get("embed_id"), id: try row.get("id"))
        }
    }

    /// The chats of these ids, in their order. Those that are gone are left out.
    package func find(_ ids: [Int64]) async throws -> [Placed] {
        let found = try await database.read(
            """
            SELECT c.*, e.workspace_id AS workspace_id FROM embed_chat c JOIN embed e ON e.id = c.embed_id
            WHERE c.id \(in: ids)
            """
        ) { Placed(chat: try EmbedChat($0), workspace: try $0.get("workspace_id")) }
        let byID = Dictionary(found.map { ($0.chat.id, $0) }) { first, _ in first }
        return ids.compactMap { byID[$0] }
    }
}
