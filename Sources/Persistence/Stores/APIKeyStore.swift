package import Domain

/// API keys; only their hashes are stored.
package struct APIKeyStore: Sendable {
    package struct Entry: Sendable, Equatable {
        package internal(set) var key: Caller.APIKey
        /// The first characters of the key, to recognise it by.
        package let prefix: String
        package let createdBy: Caller.Record
        package let createdAt: Timestamp
        package let lastUsedAt: Timestamp?
        package let expiresAt: Timestamp?
        /// Whether a user made it who is gone, suspended or no administrator any more.
        package let isOrphaned: Bool

        /// Whether whoever shows the key is let in.
        package func isValid(at time: Timestamp) -> Bool { !isOrphaned && expiresAt.map { $0 > time } ?? true }
    }

    /// What a new key is made with.
    package struct NewKey: Sendable {
        package var name: String?
        package var scopes: Set<Caller.Scope> = []
        package var workspaces = WorkspaceReach.all
        package var limits = Caller.APIKey.Limits()
        package var expiresAt: Timestamp?

        package init(name: String?) { self.name = name }
    }

    private let database: any Database

    package init(_ database: any Database) { self.database = database }

    package func insert(
        _ new: NewKey, hash: String, prefix: String, by caller: Caller, at time: Timestamp
    ) async throws -> Entry {
        var statements: [SQL] = [
            """
            INSERT INTO api_key (
                name, hash, prefix, scopes, is_confined, requests_per_minute, messages_per_day, tokens_per_month,
                \(raw: callerColumns), created_at, expires_at
            ) VALUES (
                \(new.name), \(hash), \(prefix), \(new.scopes.map(\.rawValue).sorted().joined(separator: ",")),
                \(new.workspaces != .all), \(new.limits.requestsPerMinute), \(new.limits.messagesPerDay),
                \(new.limits.tokensPerMonth), \(caller: caller), \(time), \(new.expiresAt)
            )
            """
        ]
        if case .only(let some) = new.workspaces {
            statements += some.sorted().map { workspace -> SQL in
                """
                INSERT INTO api_key_workspace (api_key_id, workspace_id)
                SELECT id, \(workspace) FROM api_key WHERE hash = \(hash)
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

    // MARK: Use

    package func recordUse(_ uses: [(id: Int64, time: Timestamp)]) async throws {
        guard !uses.isEmpty else { return }
        try await database.write(
            uses.map { "UPDATE api_key SET last_used_at = \($0.time) WHERE id = \($0.id)" })
    }

    /// Counts one question on a day, unless there are as many as `limit` already; `false` then.
    package func countMessage(of key: Int64, on day: Int64, limit: Int) async throws -> Bool {
        let rows = try await database.write(
            """
            INSERT INTO api_key_usage (api_key_id, day, messages, tokens) VALUES (\(key), \(day), 1, 0)
            ON CONFLICT (api_key_id, day) DO UPDATE SET messages = api_key_usage.messages + 1
            WHERE api_key_usage.messages < \(limit) RETURNING messages
            """
        ) { try $0.integer(0) }
        return !rows.isEmpty
    }

    package func addTokens(_ tokens: Int, of key: Int64, on day: Int64) async throws {
        try await database.write(
            """
            INSERT INTO api_key_usage (api_key_id, day, messages, tokens) VALUES (\(key), \(day), 0, \(tokens))
            ON CONFLICT (api_key_id, day) DO UPDATE SET tokens = api_key_usage.tokens + excluded.tokens
            """)
    }

    /// Tokens of the days from `day` on.
    package func tokens(of key: Int64, since day: Int64) async throws -> Int {
        try await database.readInline(
            "SELECT tokens FROM api_key_usage WHERE api_key_id = \(key) AND day >= \(day)"
        ) { Int(try $0.integer(0)) }.reduce(0, +)
    }

    // MARK: Rows

    private static let selection: StaticString = """
        SELECT k.*, w.workspace_id AS workspace_id,
            k.caller_kind = 'user' AND NOT EXISTS (
                SELECT 1 FROM user_account u
                WHERE u.id = k.caller_id AND NOT u.is_suspended AND u.role = 'admin'
            ) AS is_orphaned
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
                    workspaces: isConfined ? .only([]) : .all,
                    limits: .init(
                        requestsPerMinute: try row.get("requests_per_minute"),
                        messagesPerDay: try row.get("messages_per_day"),
                        tokensPerMonth: try row.get("tokens_per_month"))),
                prefix: try row.get("prefix"), createdBy: try Caller.Record(row),
                createdAt: try row.get("created_at"), lastUsedAt: try row.get("last_used_at"),
                expiresAt: try row.get("expires_at"), isOrphaned: try row.get("is_orphaned", as: Bool?.self) ?? false)
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
            guard var entry = rows.first?.entry else { return nil }
            if entry.key.workspaces != .all { entry.key.workspaces = .only(Set(rows.compactMap(\.workspace))) }
            return entry
        }.sorted { $0.key.id < $1.key.id }
    }
}
