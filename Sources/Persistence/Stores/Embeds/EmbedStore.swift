package import Domain
import OrderedJSON

/// Chat widgets.
package struct EmbedStore: Sendable {
    private let database: any Database

    package init(_ database: any Database) { self.database = database }

    /// An embed, and how many questions it was asked.
    package struct Listed: Sendable {
        package let embed: Embed
        package let chatCount: Int
    }

    package func all() async throws -> [Listed] {
        try await database.read(
            """
            SELECT e.*, (SELECT COUNT(*) FROM embed_chat c WHERE c.embed_id = e.id) AS chat_count
            FROM embed e ORDER BY e.id
            """
        ) { Listed(embed: try Embed($0), chatCount: try $0.get("chat_count")) }
    }

    package func find(uuid: String) async throws -> Embed? {
        try await database.readInline("SELECT * FROM embed WHERE uuid = \(uuid)", Embed.init).first
    }

    package func find(id: Int64) async throws -> Embed? {
        try await database.read("SELECT * FROM embed WHERE id = \(id)", Embed.init).first
    }

    /// - Throws: `DatabaseError.foreignKeyViolation` where the workspace is gone.
    package func insert(
        _ settings: EmbedSettings, uuid: String, by caller: Caller, at time: Timestamp
    ) async throws -> Embed {
        let rows = try await database.write(
            [
                EventStore.statement(.embedCreated(uuid: uuid), by: caller, at: time),
                """
                INSERT INTO embed (
                    uuid, workspace_id, is_enabled, mode, allowed_origins, allowed_models, allows_model_override,
                    allows_temperature_override, allows_prompt_override, shows_sources, maximum_chats_per_day,
                    maximum_chats_per_session, history_limit, \(raw: callerColumns), created_at
                ) VALUES (
                    \(uuid), \(settings.workspaceID), \(settings.isEnabled), \(settings.mode.rawValue),
                    \(settings.storedOrigins), \(settings.storedModels), \(settings.allowsModelOverride), \(settings.allowsTemperatureOverride),
                    \(settings.allowsPromptOverride), \(settings.showsSources), \(settings.maximumChatsPerDay),
                    \(settings.maximumChatsPerSession), \(settings.historyLimit), \(caller: caller), \(time)
                ) RETURNING *
                """,
            ], Embed.init)
        guard let embed = rows.first else { throw DatabaseError.other("no embed was stored") }
        return embed
    }

    /// Stores what differs between two states of an embed, so that what somebody else changes meanwhile stays.
    ///
    /// - Returns: `false` where the embed is gone.
    package func update(
        _ embed: Embed, to settings: EmbedSettings, by caller: Caller, at time: Timestamp
    ) async throws -> Bool {
        let old = embed.settings
        var changes: SQL = "mode = \(settings.mode.rawValue)"
        // As the wire names them.
        var changedFields = old.mode == settings.mode ? [] : ["chat_mode"]
        func set<Column: SQLConvertible & Equatable>(
            _ column: StaticString, _ field: String, _ before: Column, _ after: Column
        ) {
            guard before != after else { return }
            changes = "\(changes), \(raw: column) = \(after)"
            changedFields.append(field)
        }
        set("workspace_id", "workspace_id", old.workspaceID, settings.workspaceID)
        set("is_enabled", "enabled", old.isEnabled, settings.isEnabled)
        set("allowed_origins", "allowlist_domains", old.storedOrigins, settings.storedOrigins)
        set("allowed_models", "allowed_models", old.storedModels, settings.storedModels)
        set("allows_model_override", "allow_model_override", old.allowsModelOverride, settings.allowsModelOverride)
        set(
            "allows_temperature_override", "allow_temperature_override", old.allowsTemperatureOverride,
            settings.allowsTemperatureOverride)
        set("allows_prompt_override", "allow_prompt_override", old.allowsPromptOverride, settings.allowsPromptOverride)
        set("shows_sources", "show_sources", old.showsSources, settings.showsSources)
        set("maximum_chats_per_day", "max_chats_per_day", old.maximumChatsPerDay, settings.maximumChatsPerDay)
        set(
            "maximum_chats_per_session", "max_chats_per_session", old.maximumChatsPerSession,
            settings.maximumChatsPerSession)
        set("history_limit", "message_limit", old.historyLimit, settings.historyLimit)
        return try await !database.write(
            [
                EventStore.statement(
                    .embedUpdated(uuid: embed.uuid, fields: changedFields), by: caller, at: time,
                    where: "\(!changedFields.isEmpty) AND EXISTS (SELECT 1 FROM embed WHERE id = \(embed.id))"),
                "UPDATE embed SET \(changes) WHERE id = \(embed.id) RETURNING id",
            ]
        ) { try $0.integer(0) }.isEmpty
    }

    /// Deletes an embed with all that its visitors asked; `false` where it is gone.
    package func delete(_ embed: Embed, by caller: Caller, at time: Timestamp) async throws -> Bool {
        try await !database.write([
            EventStore.statement(
                .embedDeleted(uuid: embed.uuid), by: caller, at: time,
                where: "EXISTS (SELECT 1 FROM embed WHERE id = \(embed.id))"),
            "DELETE FROM embed WHERE id = \(embed.id) RETURNING id",
        ]) { try $0.integer(0) }.isEmpty
    }
}

extension EmbedSettings {
    fileprivate var storedOrigins: JSON? { allowedOrigins.map { .array($0.map(JSON.string)) } }
    fileprivate var storedModels: JSON? { allowedModels.map { .array($0.map(JSON.string)) } }
}

extension Embed {
    fileprivate init(_ row: any SQLRow) throws {
        var settings = EmbedSettings(workspaceID: try row.get("workspace_id"))
        settings.isEnabled = try row.get("is_enabled")
        settings.mode = ChatMode(rawValue: try row.get("mode", as: String.self)) ?? .query
        settings.allowedOrigins = try row.get("allowed_origins", as: JSON?.self)?.arrayValue?.compactMap(\.stringValue)
        settings.allowedModels = try row.get("allowed_models", as: JSON?.self)?.arrayValue?.compactMap(\.stringValue)
        settings.allowsModelOverride = try row.get("allows_model_override")
        settings.allowsTemperatureOverride = try row.get("allows_temperature_override")
        settings.allowsPromptOverride = try row.get("allows_prompt_override")
        settings.showsSources = try row.get("shows_sources")
        settings.maximumChatsPerDay = try row.get("maximum_chats_per_day")
        settings.maximumChatsPerSession = try row.get("maximum_chats_per_session")
        settings.historyLimit = try row.get("history_limit")
        self.init(
            id: try row.get("id"), uuid: try row.get("uuid"), settings: settings, createdBy: try Caller.Record(row),
            createdAt: try row.get("created_at"))
    }
}
