extension ChatStore {
    /// Whether an answer, or what was done for it, names `name` in a chat that people still see. Reads all chats.
    package func mentions(_ name: String) async throws -> Bool {
        let pattern = "%\(name)%"
        return try await database.count(
            """
            SELECT COUNT(*) FROM (
                SELECT 1 FROM chat WHERE is_included AND (answer LIKE \(pattern) OR tool_uses LIKE \(pattern)) LIMIT 1
            ) c
            """) > 0
    }
}
