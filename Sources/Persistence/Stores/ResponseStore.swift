package import Domain

/// Responses of OpenAI's API. What goes on from another one names it, so that they make chains.
package struct ResponseStore: Sendable {
    private let database: any Database

    package init(_ database: any Database) { self.database = database }

    /// - Throws: `DatabaseError.foreignKeyViolation` where the workspace is gone.
    package func insert(_ response: StoredResponse, by caller: Caller) async throws {
        try await database.write(
            """
            INSERT INTO model_response (
                id, workspace_id, previous_id, \(raw: callerColumns), created_at, body, input
            ) VALUES (
                \(response.id), \(response.workspaceID), \(response.previousID), \(caller: caller),
                \(response.createdAt), \(response.body), \(response.input)
            )
            """)
    }

    /// `nil` where there is none for the caller.
    package func find(id: String, for caller: Caller) async throws -> StoredResponse? {
        try await database.readInline(
            "SELECT r.* FROM model_response r WHERE r.id = \(id) AND \(responseVisibleTo: caller)", StoredResponse.init
        ).first
    }

    /// The response and those that it goes on from, oldest first; empty where there is none for the caller. The chain ends
    /// where one is gone, and where it is too long: the newest are taken.
    ///
    /// - Parameters:
    ///   - count: of responses at most, beside the one that is named.
    ///   - length: of their texts together, in characters; the one that is named is taken whatever its length.
    package func chain(
        endingAt id: String, for caller: Caller, count: Int, length: Int
    ) async throws -> [StoredResponse] {
        let links = try await database.read(
            """
            WITH RECURSIVE chain (id, previous_id, depth) AS (
                SELECT r.id, r.previous_id, 0 FROM model_response r
                WHERE r.id = \(id) AND \(responseVisibleTo: caller)
                UNION ALL
                SELECT r.id, r.previous_id, c.depth + 1 FROM model_response r JOIN chain c ON r.id = c.previous_id
                WHERE c.depth < \(count) AND \(responseVisibleTo: caller)
            )
            SELECT r.id AS id, LENGTH(r.body) + LENGTH(r.input) AS length
            FROM chain c JOIN model_response r ON r.id = c.id ORDER BY c.depth
            """
        ) { row in (id: try row.get("id", as: String.self), length: try row.get("length", as: Int.self)) }
        var room = length
        let ids = links.prefix { link in
            defer { room -= link.length }
            return link.id == id || link.length <= room
        }.map(\.id)
        let found = try await database.read(
            "SELECT r.* FROM model_response r WHERE r.id \(in: ids)", StoredResponse.init)
        let byID = Dictionary(found.map { ($0.id, $0) }) { first, _ in first }
        return ids.reversed().compactMap { byID[$0] }
    }

    /// `false` where there is none for the caller.
    package func delete(id: String, for caller: Caller) async throws -> Bool {
        try await !database.write(
            """
            DELETE FROM model_response WHERE id IN (
                SELECT r.id FROM model_response r WHERE r.id = \(id) AND \(responseVisibleTo: caller)
            )
            RETURNING id
            """
        ) { try $0.get("id", as: String.self) }.isEmpty
    }

    package func delete(before time: Timestamp) async throws {
        try await database.write("DELETE FROM model_response WHERE created_at < \(time)")
    }
}

extension StoredResponse {
    fileprivate init(_ row: any SQLRow) throws {
        self.init(
            id: try row.get("id"), workspaceID: try row.get("workspace_id"), previousID: try row.get("previous_id"),
            createdAt: try row.get("created_at"), body: try row.get("body"), input: try row.get("input"))
    }
}
