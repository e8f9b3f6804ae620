package import Domain

/// Stored exchanges.
package struct ChatStore: Sendable {
    private let database: any Database

    package init(_ database: any Database) { self.database = database }

    package func insert(
        _ conversation: Conversation, prompt: String, response: JSONObject, isIncluded: Bool, at time: Timestamp
    ) async throws -> Exchange.ID {
        let ids = try await database.write(
            """
            INSERT INTO chat (
                workspace_id, thread_id, user_id, session_id, prompt, response, is_included, created_at
            ) VALUES (
                \(conversation.workspaceID), \(conversation.threadID), \(conversation.userID),
                \(conversation.sessionID), \(prompt), \(JSON.object(response)), \(isIncluded), \(time)
            ) RETURNING id
            """
        ) { try $0.get("id", as: Int64.self) }
        guard let id = ids.first else { throw DatabaseError.other("no chat was stored") }
        return id
    }

    /// The newest exchanges that are part of the history, oldest first.
    package func history(of conversation: Conversation, limit: Int) async throws -> [Exchange] {
        try await database.read(
            """
            SELECT * FROM chat
            WHERE workspace_id = \(conversation.workspaceID)
                AND thread_id IS NOT DISTINCT FROM \(conversation.threadID)
                AND session_id IS NOT DISTINCT FROM \(conversation.sessionID)
                AND user_id IS NOT DISTINCT FROM \(conversation.userID)
                AND is_included
            ORDER BY id DESC LIMIT \(limit)
            """, Exchange.init
        ).reversed()
    }

    /// Takes every exchange of exactly this conversation out of the history; the rows stay.
    package func reset(_ conversation: Conversation) async throws {
        try await database.write(
            """
            UPDATE chat SET is_included = FALSE
            WHERE workspace_id = \(conversation.workspaceID)
                AND thread_id IS NOT DISTINCT FROM \(conversation.threadID)
                AND session_id IS NOT DISTINCT FROM \(conversation.sessionID)
                AND user_id IS NOT DISTINCT FROM \(conversation.userID)
            """)
    }
}

extension Exchange {
    fileprivate init(_ row: any SQLRow) throws {
        let conversation = Conversation(
            workspaceID: try row.get("workspace_id"), threadID: try row.get("thread_id"),
            userID: try row.get("user_id"), sessionID: try row.get("session_id"))
        self.init(
            id: try row.get("id"), conversation: conversation, prompt: try row.get("prompt"),
            response: try row.get("response", as: JSON.self).objectValue ?? JSONObject(),
            isIncluded: try row.get("is_included"), feedbackScore: try row.get("feedback_score"),
            createdAt: try row.get("created_at"))
    }
}
