package import Domain

/// API keys; only their hashes are stored.
package struct APIKeyStore: Sendable {
    package struct Entry: Sendable, Equatable {
        package let id: Int64
        package let name: String?
        /// The first characters of the key, to recognise it by.
        package let prefix: String
        package let createdAt: Timestamp
    }

    private let database: any Database

    package init(_ database: any Database) { self.database = database }

    package func insert(hash: String, prefix: String, name: String?, at time: Timestamp) async throws -> Entry {
        let rows = try await database.write(
            """
            INSERT INTO api_key (name, hash, prefix, created_at) VALUES (\(name), \(hash), \(prefix), \(time))
            RETURNING id, name, prefix, created_at
            """, Entry.init)
        guard let entry = rows.first else { throw DatabaseError.other("no API key was stored") }
        return entry
    }

    package func all() async throws -> [Entry] {
        try await database.read("SELECT id, name, prefix, created_at FROM api_key ORDER BY id", Entry.init)
    }

    package func find(hash: String) async throws -> Entry? {
        try await database.readInline(
            "SELECT id, name, prefix, created_at FROM api_key WHERE hash = \(hash)", Entry.init
        ).first
    }

    /// `nil` where there is no such key.
    package func delete(id: Int64) async throws -> Entry? {
        try await database.write(
            "DELETE FROM api_key WHERE id = \(id) RETURNING id, name, prefix, created_at", Entry.init
        ).first
    }
}

extension APIKeyStore.Entry {
    fileprivate init(_ row: any SQLRow) throws {
        id = try row.get("id")
        name = try row.get("name")
        prefix = try row.get("prefix")
        createdAt = try row.get("created_at")
    }
}
