package import Domain
import OrderedJSON

/// Which embedder new texts are embedded with, and how those are made again whose vectors still serve searches.
///
/// `workspace.embedder` names the one whose vectors serve a workspace; it changes in the transaction that gives all the
/// workspace's documents their new chunks. Nothing is linked under an embedder that is neither this one nor the current.
package struct EmbedderStore: Sendable {
    private let database: any Database

    package init(_ database: any Database) { self.database = database }

    /// Makes an embedder the current one, with the settings that it is made from; for a transaction that also stores
    /// these.
    package static func makingCurrent(
        _ fingerprint: String, settings: [SettingStore.Entry], at time: Timestamp
    ) -> [SQL] {
        [
            "UPDATE embedder SET is_current = FALSE WHERE fingerprint <> \(fingerprint) AND is_current",
            """
            INSERT INTO embedder (fingerprint, settings, is_current, created_at)
            VALUES (\(fingerprint), \(stored(settings)), TRUE, \(time))
            ON CONFLICT (fingerprint) DO UPDATE SET settings = excluded.settings, is_current = excluded.is_current
            """,
        ]
    }

    package func write(_ statements: [SQL]) async throws { try await database.write(statements) }

    /// The fingerprint of the embedder that holds; `nil` before the first start with a usable one.
    package func current() async throws -> String? {
        try await database.readInline("SELECT fingerprint FROM embedder WHERE is_current") { row in
            try row.get("fingerprint", as: String.self)
        }.first
    }

    /// What an embedder was made from; `nil` where nobody remembers.
    package func settings(of fingerprint: String) async throws -> [SettingStore.Entry]? {
        try await database.readInline("SELECT settings FROM embedder WHERE fingerprint = \(fingerprint)") { row in
            Self.entries(try row.get("settings", as: JSON.self))
        }.first
    }

    /// The embedder whose vectors serve the workspace; `nil` where nothing has been put into it yet.
    package func serving(_ workspace: Workspace.ID) async throws -> String? {
        try await database.readInline("SELECT embedder FROM workspace WHERE id = \(workspace)") { row in
            try row.get("embedder", as: String?.self)
        }.first ?? nil
    }

    /// The namespaces that searches look into.
    package func servingNamespaces() async throws -> [Namespace] {
        try await database.read("SELECT id, embedder FROM workspace WHERE embedder IS NOT NULL ORDER BY id") { row in
            Namespace(try row.get("id", as: Workspace.ID.self), embedder: try row.get("embedder"))
        }
    }

    /// Workspaces that another embedder than `fingerprint` serves, or that hold a document which it has not embedded.
    package func outdatedWorkspaces(_ fingerprint: String) async throws -> [Workspace.ID] {
        try await database.read(
            """
            SELECT id FROM workspace WHERE embedder <> \(fingerprint)
            UNION
            SELECT m.workspace_id AS id FROM workspace_document m JOIN chunk_set s ON s.id = m.chunk_set_id
            WHERE s.embedder <> \(fingerprint)
            ORDER BY id
            """
        ) { try $0.get("id") }
    }

    /// How many memberships there are whose chunks another embedder made, and how many tokens their documents have.
    package func outdatedDocuments(_ fingerprint: String) async throws -> (count: Int, tokenCount: Int) {
        try await database.read(
            """
            SELECT COUNT(*) AS documents, CAST(COALESCE(SUM(c.token_count), 0) AS BIGINT) AS tokens
            FROM workspace_document m
            JOIN chunk_set s ON s.id = m.chunk_set_id
            JOIN content c ON c.id = s.content_id
            WHERE s.embedder <> \(fingerprint)
            """
        ) { row in (try row.get("documents", as: Int.self), try row.get("tokens", as: Int.self)) }.first ?? (0, 0)
    }

    /// Removes chunks of embedders that serve nobody any more, and what such embedders were made from.
    package func removeUnused() async throws {
        let unserving: SQL = """
            NOT IN (SELECT embedder FROM workspace WHERE embedder IS NOT NULL)
            """
        try await database.write([
            """
            DELETE FROM chunk_set
            WHERE embedder NOT IN (SELECT fingerprint FROM embedder WHERE is_current) AND embedder \(unserving)
                AND NOT EXISTS (SELECT 1 FROM workspace_document m WHERE m.chunk_set_id = chunk_set.id)
            """,
            "DELETE FROM embedder WHERE NOT is_current AND fingerprint \(unserving)",
        ])
    }

    // MARK: Row codec

    private static func stored(_ settings: [SettingStore.Entry]) -> JSON {
        .array(
            settings.map { entry in
                [
                    "variable": .string(entry.variable), "value": .string(entry.value),
                    "isSecret": .bool(entry.isSecret),
                ]
            })
    }

    private static func entries(_ stored: JSON) -> [SettingStore.Entry] {
        (stored.arrayValue ?? []).compactMap { entry in
            guard let variable = entry["variable"]?.stringValue, let value = entry["value"]?.stringValue else {
                return nil
            }
            return SettingStore.Entry(
                variable: variable, value: value, isSecret: entry["isSecret"] == .bool(true))
        }
    }
}
