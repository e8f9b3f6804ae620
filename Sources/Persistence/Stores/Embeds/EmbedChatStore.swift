package import Domain
import OrderedJSON

/// What visitors asked, and what they were answered.
package struct EmbedChatStore: Sendable {
    let database: any Database

    package init(_ database: any Database) { self.database = database }

    package enum Reservation: Sendable {
        case reserved(id: Int64)
        /// The embed has no more, until its oldest question of the day is a day old.
        case dayIsFull(until: Timestamp)
        /// The session has no more.
        case sessionIsFull(until: Timestamp)
    }

    /// Takes one of the questions that an embed may be asked within 24 hours. Of two who come for the last one at once, one
    /// gets it.
    package func reserve(
        _ embed: Embed, session: String, prompt: String, visitor: EmbedVisitor, at time: Timestamp
    ) async throws -> Reservation {
        let since = time - .seconds(86_400)
        let day: SQL = """
            SELECT COUNT(*) FROM embed_chat WHERE embed_id = \(embed.id) AND created_at > \(since)
            """
        let ofSession: SQL = """
            SELECT COUNT(*) FROM embed_chat
            WHERE embed_id = \(embed.id) AND session_id = \(session) AND created_at > \(since)
            """
        let dayLimit = embed.settings.maximumChatsPerDay ?? .max
        let sessionLimit = embed.settings.maximumChatsPerSession ?? .max
        let ids = try await database.write(
            """
            INSERT INTO embed_chat (
                embed_id, session_id, is_included, is_reset, created_at, origin, address, visitor_name, mode, metrics, prompt,
                answer, sources
            )
            SELECT \(embed.id), \(session), FALSE, FALSE, \(time), \(visitor.origin), \(visitor.address), \(visitor.name),
                \(embed.settings.mode.rawValue), \(JSON.object([:])), \(prompt), '', \(JSON.array([]))
            WHERE (\(day)) < \(dayLimit) AND (\(ofSession)) < \(sessionLimit)
            RETURNING id
            """
        ) { try $0.integer(0) }
        if let id = ids.first { return .reserved(id: id) }
        let isDayFull = try await database.count(day) >= dayLimit
        let ofSubject: SQL = isDayFull ? "TRUE" : "session_id = \(session)"
        let oldest = try await database.read(
            """
            SELECT created_at FROM embed_chat WHERE embed_id = \(embed.id) AND \(ofSubject) AND created_at > \(since)
            ORDER BY created_at LIMIT 1
            """
        ) { Timestamp(milliseconds: try $0.integer(0)) }.first
        let end = (oldest ?? time) + .seconds(86_400)
        return isDayFull ? .dayIsFull(until: end) : .sessionIsFull(until: end)
    }

    /// Stores the answer to a question.
    package func complete(
        _ id: Int64, answer: String, mode: String, sources: [Source], metrics: ChatMetrics?, isIncluded: Bool
    ) async throws {
        try await database.write(
            """
            UPDATE embed_chat SET answer = \(answer), mode = \(mode), sources = \(JSON.array(sources.map(\.stored))),
                metrics = \(JSON.object(metrics?.stored.objectValue ?? [:])), is_included = (\(isIncluded) AND NOT is_reset)
            WHERE id = \(id)
            """)
    }

    /// Gives a question back that cost nothing.
    package func release(_ id: Int64) async throws {
        try await database.write("DELETE FROM embed_chat WHERE id = \(id)")
    }

    /// The newest chats of a session that are part of its conversation, oldest first.
    package func history(of embed: Int64, session: String, limit: Int) async throws -> [EmbedChat] {
        try await database.read(
            """
            SELECT * FROM embed_chat
            WHERE embed_id = \(embed) AND session_id = \(session) AND is_included = TRUE
            ORDER BY created_at DESC, id DESC LIMIT \(limit)
            """, EmbedChat.init
        ).reversed()
    }

    /// Takes a session's chats out of its conversation, also one that is being answered; they count all the same.
    package func reset(_ embed: Int64, session: String) async throws {
        try await database.write(
            "UPDATE embed_chat SET is_included = FALSE, is_reset = TRUE WHERE embed_id = \(embed) AND session_id = \(session)"
        )
    }

    /// Chats of an embed, hidden ones among them, in their order.
    ///
    /// - Parameter session: `nil` for those of all sessions.
    package func all(of embed: Int64, session: String? = nil, offset: Int, limit: Int) async throws -> [EmbedChat] {
        let ofSession: SQL = session.map { "session_id = \($0)" } ?? "TRUE"
        return try await database.read(
            """
            SELECT * FROM embed_chat WHERE embed_id = \(embed) AND \(ofSession)
            ORDER BY id LIMIT \(limit) OFFSET \(offset)
            """, EmbedChat.init)
    }

    /// Deletes what was asked before `time`.
    package func delete(before time: Timestamp) async throws -> Int {
        try await database.write("DELETE FROM embed_chat WHERE created_at < \(time) RETURNING id") {
            try $0.integer(0)
        }.count
    }
}

extension EmbedChat {
    init(_ row: any SQLRow) throws {
        self.init(
            id: try row.get("id"), embedID: try row.get("embed_id"), sessionID: try row.get("session_id"),
            prompt: try row.get("prompt"), answer: try row.get("answer"), mode: try row.get("mode"),
            sources: (try row.get("sources", as: JSON.self).arrayValue ?? []).compactMap(Source.init(stored:)),
            metrics: ChatMetrics(stored: try row.get("metrics")), isIncluded: try row.get("is_included"),
            visitor: EmbedVisitor(
                origin: try row.get("origin"), address: try row.get("address"), name: try row.get("visitor_name")),
            createdAt: try row.get("created_at"))
    }
}
