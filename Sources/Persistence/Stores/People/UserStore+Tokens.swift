package import Domain

/// Recovery codes, and tokens that work once.
extension UserStore {
    package func setRecoveryCodes(_ hashes: [String], of user: User.ID) async throws {
        try await database.write(
            ["DELETE FROM recovery_code WHERE user_id = \(user)"]
                + hashes.map { "INSERT INTO recovery_code (user_id, hash) VALUES (\(user), \($0))" }
                + ["UPDATE user_account SET has_seen_recovery_codes = TRUE WHERE id = \(user)"])
    }

    package func recoveryCodes(of user: User.ID) async throws -> [String] {
        try await database.read("SELECT hash FROM recovery_code WHERE user_id = \(user) ORDER BY id") {
            try $0.get("hash", as: String.self)
        }
    }

    package enum TokenPurpose: String, Sendable { case signIn = "sign-in", passwordReset = "password-reset" }

    /// Stores a token in place of the user's earlier ones for the same purpose.
    package func insertToken(
        hash: String, for purpose: TokenPurpose, of user: User.ID, expiresAt: Timestamp, event: Event? = nil,
        by caller: Caller, at time: Timestamp
    ) async throws {
        try await database.write(
            [
                "DELETE FROM one_time_token WHERE user_id = \(user) AND purpose = \(purpose.rawValue)",
                """
                INSERT INTO one_time_token (hash, purpose, user_id, expires_at)
                VALUES (\(hash), \(purpose.rawValue), \(user), \(expiresAt))
                """,
            ] + (event.map { [EventStore.statement($0, by: caller, at: time)] } ?? []))
    }

    package func hasToken(hash: String, for purpose: TokenPurpose) async throws -> Bool {
        try await !database.readInline(
            "SELECT 1 AS found FROM one_time_token WHERE hash = \(hash) AND purpose = \(purpose.rawValue)"
        ) { try $0.integer(0) }.isEmpty
    }

    /// Takes a token away: of two who come with the same one, one gets it.
    package func takeToken(hash: String, for purpose: TokenPurpose) async throws -> (
        user: User.ID, expiresAt: Timestamp
    )? {
        try await database.write(
            """
            DELETE FROM one_time_token WHERE hash = \(hash) AND purpose = \(purpose.rawValue)
            RETURNING user_id, expires_at
            """
        ) { (try $0.get("user_id", as: Int64.self), try $0.get("expires_at", as: Timestamp.self)) }.first
    }

    /// Stores a new password, ends every session, and makes room for new recovery codes.
    package func resetPassword(of user: User.ID, hash: String, event: Event, at time: Timestamp) async throws {
        try await database.write([
            "DELETE FROM one_time_token WHERE user_id = \(user)",
            "DELETE FROM recovery_code WHERE user_id = \(user)",
            """
            UPDATE user_account SET password_hash = \(hash), has_seen_recovery_codes = FALSE,
                session_version = session_version + 1, last_updated_at = \(time)
            WHERE id = \(user)
            """,
            EventStore.statement(event, by: .nobody, at: time),
        ])
    }

    /// Ends every session of a user.
    package func endSessions(
        of user: User.ID, event: Event, by caller: Caller, at time: Timestamp
    ) async throws {
        try await database.write([
            "DELETE FROM one_time_token WHERE user_id = \(user)",
            "UPDATE user_account SET session_version = session_version + 1 WHERE id = \(user)",
            EventStore.statement(event, by: caller, at: time),
        ])
    }
}
