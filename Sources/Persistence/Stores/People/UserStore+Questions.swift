package import Domain

/// Questions that users have asked within the time that daily limits look back on.
extension UserStore {
    /// The time that daily limits look back on.
    private static let window = Duration.seconds(86_400)

    /// Counts a question before it is answered.
    ///
    /// - Parameter limit: of questions within 24 hours; `nil` for any number.
    /// - Returns: `false` where the user has no more; nothing is counted then.
    package func countQuestion(of user: User.ID, limit: Int?, at time: Timestamp) async throws -> Bool {
        let counted = try await database.write([
            // Questions that are asked side by side are counted one after the other: the row is locked until the end.
            "UPDATE user_account SET session_version = session_version WHERE id = \(user)",
            "DELETE FROM user_question WHERE user_id = \(user) AND asked_at <= \(time - Self.window)",
            """
            INSERT INTO user_question (user_id, asked_at)
            SELECT id, \(time) FROM user_account
            WHERE id = \(user)
                AND (SELECT COUNT(*) FROM user_question WHERE user_id = \(user)) < \(Int64(limit ?? .max))
            RETURNING user_id
            """,
        ]) { try $0.integer(0) }
        return !counted.isEmpty
    }

    /// When the oldest question that counts at `time` counts no longer; `nil` where none does.
    package func nextFreeQuestion(of user: User.ID, at time: Timestamp) async throws -> Timestamp? {
        try await database.read(
            """
            SELECT asked_at FROM user_question WHERE user_id = \(user) AND asked_at > \(time - Self.window)
            ORDER BY asked_at LIMIT 1
            """
        ) { Timestamp(milliseconds: try $0.integer(0)) + Self.window }.first
    }
}
