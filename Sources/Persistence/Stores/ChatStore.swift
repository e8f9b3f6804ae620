package import Domain
import OrderedJSON

/// Stored chats.
package struct ChatStore: Sendable {
    let database: any Database

    package init(_ database: any Database) { self.database = database }

    /// Stores a chat, and what the event log is to say of it.
    package func insert(
        _ chat: Chat, event: Event, by caller: Caller, at time: Timestamp
    ) async throws -> Chat.ID {
        let conversation = chat.conversation
        let insertion: SQL = """
            INSERT INTO chat (
                workspace_id, thread_id, user_id, session_id, prompt, answer, mode, sources, attachments, metrics,
                tool_uses, is_included, \(raw: callerColumns), created_at
            ) VALUES (
                \(conversation.workspaceID), \(conversation.threadID), \(conversation.userID),
                \(conversation.sessionID), \(chat.prompt), \(chat.answer), \(chat.mode),
                \(JSON.array(chat.sources.map(\.stored))), \(JSON.array(chat.attachments.map(\.stored))),
                \(chat.metrics?.stored ?? [:]), \(JSON.array(chat.toolUses.map(\.stored))),
                \(chat.isIncluded), \(caller: caller), \(time)
            ) RETURNING id
            """
        let log = EventStore.statement(event, by: caller, at: time)
        let ids = try await database.write([log, insertion]) { row in
            try row.get("id", as: Int64.self)
        }
        guard let id = ids.first else { throw DatabaseError.other("no chat was stored") }
        return id
    }

    /// The newest chats that are part of the history, oldest first.
    package func history(of conversation: Conversation, limit: Int) async throws -> [PastChat] {
        let rows = try await database.rows(of: limit, Self.historyQuery(conversation, limit: limit)) { row in
            let attachments = try row.get("attachments", as: JSON?.self)
            let chat = PastChat(
                id: try row.get("id"), prompt: try row.get("prompt"), answer: try row.get("answer"),
                attachments: attachments?.attachments ?? [])
            return (chat: chat, isComplete: attachments != nil)
        }
        let pictures = try await attachments(of: rows.filter { !$0.isComplete }.map(\.chat.id))
        return rows.reversed().map { row in
            var chat = row.chat
            chat.attachments = pictures[chat.id] ?? chat.attachments
            return chat
        }
    }

    /// Attachments with pictures, off the threads that serve all requests: they are megabytes.
    private func attachments(of chats: [Chat.ID]) async throws -> [Chat.ID: [MediaAttachment]] {
        guard !chats.isEmpty else { return [:] }
        let rows = try await database.read("SELECT id, attachments FROM chat WHERE id \(in: chats)") { row in
            (try row.get("id", as: Chat.ID.self), try row.get("attachments", as: JSON.self).attachments)
        }
        return Dictionary(uniqueKeysWithValues: rows)
    }

    /// Characters up to which a chat's attachments are read together with it.
    private static let smallAttachments = 16 << 10

    /// Its plan must be a search of one index by every condition, with nothing to sort: each chat asks it.
    package static func historyQuery(_ conversation: Conversation, limit: Int) -> SQL {
        """
        SELECT id, prompt, answer, CASE WHEN LENGTH(attachments) <= \(smallAttachments) THEN attachments END AS attachments
        FROM chat
        WHERE workspace_id = \(conversation.workspaceID)
            AND conversation_key = \(conversation.key) AND user_key = \(conversation.userKey)
            AND is_included = TRUE
        ORDER BY id DESC LIMIT \(limit)
        """
    }

    /// The sources of these chats, those of the newest first.
    package func sources(of chats: [Chat.ID]) async throws -> [Source] {
        let query: SQL = "SELECT sources FROM chat WHERE id \(in: chats) ORDER BY id DESC"
        return try await database.rows(of: chats.count, query) { row in
            (try row.get("sources", as: JSON.self).arrayValue ?? []).compactMap(Source.init(stored:))
        }.flatMap(\.self)
    }

    /// Takes every chat of exactly this conversation out of the history; the rows stay.
    package func reset(
        _ conversation: Conversation, event: Event?, by caller: Caller, at time: Timestamp
    ) async throws {
        let log = event.map { EventStore.statement($0, by: caller, at: time) }
        try await database.write([log, Self.resetStatement(conversation)].compactMap(\.self))
    }

    /// As `historyQuery`, it passes by what was reset before.
    package static func resetStatement(_ conversation: Conversation) -> SQL {
        """
        UPDATE chat SET is_included = FALSE
        WHERE workspace_id = \(conversation.workspaceID)
            AND conversation_key = \(conversation.key) AND user_key = \(conversation.userKey)
            AND is_included = TRUE
        """
    }
}

extension Conversation {
    /// Of its thread and session, as the generated column `chat.conversation_key` has it.
    package var key: String { "\(threadID ?? 0)" + (sessionID.map { "/" + $0 } ?? "") }

    /// As the generated column `chat.user_key` has it.
    package var userKey: Int64 { userID ?? 0 }
}

extension JSON {
    fileprivate var attachments: [MediaAttachment] { (arrayValue ?? []).compactMap(MediaAttachment.init(stored:)) }
}
