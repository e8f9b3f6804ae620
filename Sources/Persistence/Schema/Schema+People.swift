/// Users, what they belong to, how they come in, and what an operator decides for all of them.
extension Schema {
    static func people(_ dialect: Dialect) -> [String] { accounts(dialect) + waysIn(dialect) + limits(dialect) }

    private static func accounts(_ dialect: Dialect) -> [String] {
        [
            // Without a password hash, a user signs in through an identity provider only.
            """
            CREATE TABLE user_account (
                id \(dialect.identityColumn),
                name \(dialect.text) NOT NULL UNIQUE,
                password_hash \(dialect.text),
                role \(dialect.text) NOT NULL,
                is_suspended BOOLEAN NOT NULL,
                daily_message_limit BIGINT,
                bio \(dialect.text) NOT NULL,
                has_seen_recovery_codes BOOLEAN NOT NULL,
                session_version BIGINT NOT NULL,
                issuer \(dialect.text),
                subject \(dialect.text),
                created_at BIGINT NOT NULL,
                last_updated_at BIGINT NOT NULL,
                UNIQUE (issuer, subject)
            )
            """,
            """
            CREATE TABLE workspace_user (
                workspace_id BIGINT NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
                user_id BIGINT NOT NULL REFERENCES user_account (id) ON DELETE CASCADE,
                created_at BIGINT NOT NULL,
                PRIMARY KEY (workspace_id, user_id)
            )
            """,
            "CREATE INDEX workspace_of_user ON workspace_user (user_id)",
            // For daily limits, and for the deletion of a user.
            "CREATE INDEX chat_of_user ON chat (user_id, created_at) WHERE user_id IS NOT NULL",
            "CREATE INDEX thread_of_user ON thread (user_id) WHERE user_id IS NOT NULL",
            """
            CREATE TABLE preference (
                name \(dialect.text) PRIMARY KEY,
                value \(dialect.text) NOT NULL,
                updated_at BIGINT NOT NULL
            )
            """,
        ]
    }

    /// Whatever lets somebody in is kept as a hash, or encrypted where it has to be shown again.
    private static func waysIn(_ dialect: Dialect) -> [String] {
        [
            """
            CREATE TABLE recovery_code (
                id \(dialect.identityColumn),
                user_id BIGINT NOT NULL REFERENCES user_account (id) ON DELETE CASCADE,
                hash \(dialect.text) NOT NULL
            )
            """,
            "CREATE INDEX recovery_code_of_user ON recovery_code (user_id)",
            """
            CREATE TABLE one_time_token (
                hash \(dialect.text) PRIMARY KEY,
                purpose \(dialect.text) NOT NULL,
                user_id BIGINT NOT NULL REFERENCES user_account (id) ON DELETE CASCADE,
                expires_at BIGINT NOT NULL
            )
            """,
            "CREATE INDEX one_time_token_of_user ON one_time_token (user_id)",
            // `claim` tells the one request that has claimed the invite from those which came too late.
            """
            CREATE TABLE invite (
                id \(dialect.identityColumn),
                hash \(dialect.text) NOT NULL UNIQUE,
                sealed_code \(dialect.text) NOT NULL,
                status \(dialect.text) NOT NULL,
                workspaces \(dialect.text) NOT NULL,
                claim \(dialect.text) UNIQUE,
                claimed_by BIGINT,
                caller_kind \(dialect.text),
                caller_id BIGINT,
                caller_name \(dialect.text),
                created_at BIGINT NOT NULL,
                last_updated_at BIGINT NOT NULL,
                expires_at BIGINT
            )
            """,
        ]
    }

    private static func limits(_ dialect: Dialect) -> [String] {
        [
            "ALTER TABLE api_key ADD COLUMN caller_kind \(dialect.text)",
            "ALTER TABLE api_key ADD COLUMN caller_id BIGINT",
            "ALTER TABLE api_key ADD COLUMN caller_name \(dialect.text)",
            "ALTER TABLE api_key ADD COLUMN last_used_at BIGINT",
            "ALTER TABLE api_key ADD COLUMN expires_at BIGINT",
            "ALTER TABLE api_key ADD COLUMN requests_per_minute BIGINT",
            "ALTER TABLE api_key ADD COLUMN messages_per_day BIGINT",
            "ALTER TABLE api_key ADD COLUMN tokens_per_month BIGINT",
            // Days are counted from 1970, in UTC.
            """
            CREATE TABLE api_key_usage (
                api_key_id BIGINT NOT NULL REFERENCES api_key (id) ON DELETE CASCADE,
                day BIGINT NOT NULL,
                messages BIGINT NOT NULL,
                tokens BIGINT NOT NULL,
                PRIMARY KEY (api_key_id, day)
            )
            """,
            "ALTER TABLE event ADD COLUMN address \(dialect.text)",
            "CREATE INDEX event_by_name ON event (name, id)",
            "CREATE INDEX event_by_time ON event (occurred_at)",
        ]
    }

    /// What daily limits count: a question that was asked counts also where its thread, or the chat, has been deleted since.
    static let userQuestions = [
        """
        CREATE TABLE user_question (
            user_id BIGINT NOT NULL REFERENCES user_account (id) ON DELETE CASCADE,
            asked_at BIGINT NOT NULL
        )
        """,
        "CREATE INDEX question_of_user ON user_question (user_id, asked_at)",
        """
        INSERT INTO user_question (user_id, asked_at)
        SELECT c.user_id, c.created_at FROM chat c JOIN user_account u ON u.id = c.user_id
        """,
    ]

    /// Invites may let several people in.
    static let inviteUses = [
        "ALTER TABLE invite ADD COLUMN maximum_uses BIGINT NOT NULL DEFAULT 1",
        "ALTER TABLE invite ADD COLUMN uses BIGINT NOT NULL DEFAULT 0",
        "UPDATE invite SET uses = 1 WHERE claimed_by IS NOT NULL",
    ]
}
