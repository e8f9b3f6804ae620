/// Model routers, and which model a conversation is with.
extension Schema {
    static func modelRouters(_ dialect: Dialect) -> [String] {
        [
            """
            CREATE TABLE model_router (
                id \(dialect.identityColumn),
                name \(dialect.text) NOT NULL,
                description \(dialect.text),
                fallback_provider \(dialect.text) NOT NULL,
                fallback_model \(dialect.text),
                cooldown_seconds BIGINT NOT NULL,
                rules \(dialect.text) NOT NULL,
                created_at BIGINT NOT NULL,
                last_updated_at BIGINT NOT NULL
            )
            """,
            // Of each conversation the route that a rule has chosen last, and the last judgement of its questions.
            """
            CREATE TABLE model_route (
                router_id BIGINT NOT NULL REFERENCES model_router (id) ON DELETE CASCADE,
                workspace_id BIGINT NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
                conversation \(dialect.text) NOT NULL,
                provider \(dialect.text),
                model \(dialect.text),
                route_ends_at BIGINT,
                judged_rule BIGINT,
                judgement_ends_at BIGINT,
                PRIMARY KEY (router_id, workspace_id, conversation)
            )
            """,
            "CREATE INDEX model_route_of_workspace ON model_route (workspace_id)",
        ]
    }
}
