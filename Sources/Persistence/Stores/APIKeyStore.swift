package import Domain

/// API keys; only their hashes are stored.
package struct APIKeyStore: Sendable {
    package struct Entry: Sendable, Equatable {
        package let key: Caller.APIKey
        /// The first characters of the key, to recognise it by.
        package let prefix: String
        package let createdAt: Timestamp
    }

    private let database: any Database

    package init(_ database: any Database) { self.database = database }

    package func insert(
        hash: String, prefix: String, name: String?, scopes: Set<Caller.Scope>, workspaces: WorkspaceReach,
        at time: Timestamp
    ) async throws -> Entry {
        var statements: [SQL] = [
            """
            INSERT INTO api_key (name, hash, prefix, scopes, is_confined, created_at) VALUES (
                \(name), \(hash), \(prefix), \(scopes.map(\.rawValue).sorted().joined(separator: ",")),
                \(workspaces != .all), \(time)
            )
            """
        ]
        if case .only(let some) = workspaces {
            statements += some.sorted().map { workspace -> SQL in
                """
                INSERT INTO api_key_workspace (api_key_id, workspace_id)
                SELECT id, CAST(\(workspace) AS BIGINT) FROM api_key WHERE hash = \(hash)
                """
            }
        }
        try await database.write(statements)
        guard let entry = try await find(hash: hash) else { throw DatabaseError.other("no API key was stored") }
        return entry
    }

    package func all() async throws -> [Entry] {
        Self.entries(try await database.read("\(raw: Self.selection) ORDER BY k.id", Row.init))
    }

    package func find(hash: String) async throws -> Entry? {
        Self.entries(try await database.readInline("\(raw: Self.selection) WHERE k.hash = \(hash)", Row.init)).first
    }

    package func find(ids: [Int64]) async throws -> [Entry] {
        Self.entries(
            try await database.rows(
                of: ids.count, "\(raw: Self.selection) WHERE k.id \(in: ids) ORDER BY k.id", Row.init))
    }

    /// `nil` where there is no such key.
    package func delete(id: Int64) async throws -> Entry? {
        guard let entry = try await find(ids: [id]).first else { return nil }
        let deleted = try await database.write("DELETE FROM api_key WHERE id = \(id) RETURNING id") {
            try $0.integer(0)
        }
        return deleted.isEmpty ? nil : entry
    }

    // MARK: Rows

    private static let selection: StaticString = """
        SELECT k.id AS id, k.name AS name, k.prefix AS prefix, k.scopes AS scopes, k.is_confined AS is_confined,
            k.created_at AS created_at, w.workspace_id AS workspace_id
        FROM api_key k LEFT JOIN api_key_workspace w ON w.api_key_id = k.id
        """

    /// A key with one of its workspaces, if it has any.
    private struct Row: Sendable {
        var entry: Entry
        let workspace: Workspace.ID?

        init(_ row: any SQLRow) throws {
            workspace = try row.get("workspace_id")
            let scopes = try row.get("scopes", as: String.self).split(separator: ",")
            let isConfined = try row.get("is_confined", as: Bool.self)
            entry = Entry(
                key: Caller.APIKey(
                    id: try row.get("id"), name: try row.get("name"),
                    scopes: Set(try scopes.map { try Self.scope(String($0)) }),
                    workspaces: isConfined ? .only([]) : .all),
                prefix: try row.get("prefix"), createdAt: try row.get("created_at"))
        }

        /// One that is unknown, of a later version, must not make a key that may do everything.
        private static func scope(_ name: String) throws -> Caller.Scope {
            guard let scope = Caller.Scope(rawValue: name) else {
                throw DatabaseError.other("an API key has the unknown scope \(name)")
            }
            return scope
        }
    }

    private static func entries(_ rows: [Row]) -> [Entry] {
        let byKey = Dictionary(grouping: rows, by: \.entry.key.id)
        return byKey.values.compactMap { rows in
            guard let entry = rows.first?.entry, entry.key.workspaces != .all else { return rows.first?.entry }
            var key = entry.key
            key.workspaces = .only(Set(rows.compactMap(\.workspace)))
            return Entry(key: key, prefix: entry.prefix, createdAt: entry.createdAt)
        }.sorted { $0.key.id < $1.key.id }
    }
}
