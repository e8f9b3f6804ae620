package import Domain

package struct WorkspaceStore: Sendable {
    private let database: any Database

    package init(_ database: any Database) { self.database = database }

    /// Creates a workspace under `slug`; `nil` where the slug is taken.
    package func create(_ settings: WorkspaceSettings, slug: String, at time: Timestamp) async throws -> Workspace? {
        try await database.write(
            """
            INSERT INTO workspace (
                name, slug, created_at, last_updated_at, temperature, history_limit, system_prompt,
                similarity_threshold, result_limit, chat_mode, chat_provider, chat_model, agent_provider, agent_model,
                query_refusal_response, vector_search_mode, router_id
            ) VALUES (
                \(settings.name), \(slug), \(time), \(time), \(settings.temperature), \(settings.historyLimit),
                \(settings.systemPrompt), \(settings.similarityThreshold), \(settings.resultLimit),
                \(settings.chatMode.rawValue), \(settings.chatProvider), \(settings.chatModel),
                \(settings.agentProvider), \(settings.agentModel), \(settings.queryRefusalResponse),
                \(settings.vectorSearchMode.rawValue), \(settings.routerID)
            ) ON CONFLICT (slug) DO NOTHING
            RETURNING *
            """, Workspace.init
        ).first
    }

    package func all() async throws -> [Workspace] {
        try await database.read("SELECT * FROM workspace ORDER BY id", Workspace.init)
    }

    package func find(slug: String) async throws -> Workspace? {
        try await database.readInline("SELECT * FROM workspace WHERE slug = \(slug)", Workspace.init).first
    }

    package func find(id: Workspace.ID) async throws -> Workspace? {
        try await database.readInline("SELECT * FROM workspace WHERE id = \(id)", Workspace.init).first
    }

    /// Those of `slugs` that exist, in the order in which they were made.
    package func find(slugs: [String]) async throws -> [Workspace] {
        try await database.read("SELECT * FROM workspace WHERE slug \(in: slugs) ORDER BY id", Workspace.init)
    }

    /// Stores the settings; `nil` where the workspace is gone.
    package func update(_ id: Workspace.ID, to settings: WorkspaceSettings, at time: Timestamp) async throws
        -> Workspace?
    {
        try await database.write(
            """
            UPDATE workspace SET
                name = \(settings.name), last_updated_at = \(time), temperature = \(settings.temperature),
                history_limit = \(settings.historyLimit), system_prompt = \(settings.systemPrompt),
                similarity_threshold = \(settings.similarityThreshold), result_limit = \(settings.resultLimit),
                chat_mode = \(settings.chatMode.rawValue), chat_provider = \(settings.chatProvider),
                chat_model = \(settings.chatModel), agent_provider = \(settings.agentProvider),
                agent_model = \(settings.agentModel), query_refusal_response = \(settings.queryRefusalResponse),
                vector_search_mode = \(settings.vectorSearchMode.rawValue), router_id = \(settings.routerID)
            WHERE id = \(id)
            RETURNING *
            """, Workspace.init
        ).first
    }

    /// Deletes the workspace with its threads, the chats of all users and sessions, and its memberships of documents;
    /// `nil` where the slug is unknown. The tables' foreign keys take the rest along, in the same transaction.
    package func delete(slug: String) async throws -> Workspace? {
        try await database.write("DELETE FROM workspace WHERE slug = \(slug) RETURNING *", Workspace.init).first
    }
}

extension Workspace {
    fileprivate init(_ row: any SQLRow) throws {
        var settings = WorkspaceSettings(name: try row.get("name"))
        settings.temperature = try row.get("temperature")
        settings.historyLimit = try row.get("history_limit")
        settings.systemPrompt = try row.get("system_prompt")
        settings.similarityThreshold = try row.get("similarity_threshold")
        settings.resultLimit = try row.get("result_limit")
        settings.chatMode = ChatMode(rawValue: try row.get("chat_mode")) ?? .automatic
        settings.chatProvider = try row.get("chat_provider")
        settings.chatModel = try row.get("chat_model")
        settings.agentProvider = try row.get("agent_provider")
        settings.agentModel = try row.get("agent_model")
        settings.queryRefusalResponse = try row.get("query_refusal_response")
        settings.vectorSearchMode = VectorSearchMode(rawValue: try row.get("vector_search_mode")) ?? .default
        settings.routerID = try row.get("router_id")
        self.init(
            id: try row.get("id"), slug: try row.get("slug"), createdAt: try row.get("created_at"),
            lastUpdatedAt: try row.get("last_updated_at"), settings: settings)
    }
}
