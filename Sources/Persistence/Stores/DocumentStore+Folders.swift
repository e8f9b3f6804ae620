package import Domain

/// Folders, which are there with documents and without.
extension DocumentStore {
    /// Makes a folder where there is none whose name looks alike.
    static func folder(_ name: FolderName, at time: Timestamp) -> SQL {
        """
        INSERT INTO folder (name, lookalike_key, created_at) VALUES (\(name.text), \(name.key), \(time))
        ON CONFLICT DO NOTHING
        """
    }

    /// Makes a folder, unless the caller knows of it already.
    ///
    /// A caller that is confined to some workspaces may make a folder that is there without its knowing: from then on it
    /// sees it, with the documents that it may see.
    ///
    /// - Returns: whether it is new to the caller.
    package func makeFolder(
        _ name: FolderName, event: Event, by caller: Caller, at time: Timestamp
    ) async throws -> Bool {
        let isNew: SQL = "NOT EXISTS (SELECT 1 FROM folder o WHERE o.lookalike_key = \(name.key))"
        let log = EventStore.statement(event, by: caller, at: time, where: isNew)
        guard caller.workspaces != .all, let id = caller.id else {
            let made: SQL = "\(Self.folder(name, at: time)) RETURNING name"
            return try await !database.write([log, made]) { _ in }.isEmpty
        }
        guard try await folder(name, for: caller) == nil else { return false }
        let maker: SQL = """
            INSERT INTO folder_maker (folder, caller_kind, caller_id)
            SELECT name, \(caller.kind), \(id) FROM folder WHERE lookalike_key = \(name.key)
            ON CONFLICT DO NOTHING RETURNING folder
            """
        return try await !database.write([log, Self.folder(name, at: time), maker]) { _ in }.isEmpty
    }

    /// The folder of this name as it is written; `nil` where the caller knows of none.
    package func folder(_ name: FolderName, for caller: Caller) async throws -> String? {
        try await database.read(
            "SELECT g.name AS name FROM folder g WHERE g.lookalike_key = \(name.key) AND \(folderVisibleTo: caller)"
        ) { try $0.get("name", as: String.self) }.first
    }

    /// The names of all folders that the caller knows of, in the order of their code points.
    package func folders(for caller: Caller) async throws -> [String] {
        try await database.read(
            "SELECT g.name AS name FROM folder g WHERE \(folderVisibleTo: caller) ORDER BY g.name"
        ) { try $0.get("name") }
    }

    /// Removes a folder without documents that was made at `time` or later.
    package func removeFolder(_ name: FolderName, emptySince time: Timestamp) async throws {
        let made: SQL = "SELECT name FROM folder WHERE lookalike_key = \(name.key) AND created_at >= \(time)"
        let isEmpty: SQL = "NOT EXISTS (SELECT 1 FROM document d WHERE d.folder = folder.name)"
        try await database.write([
            "DELETE FROM folder_maker WHERE folder IN (\(made) AND \(isEmpty))",
            "DELETE FROM folder WHERE lookalike_key = \(name.key) AND created_at >= \(time) AND \(isEmpty)",
        ])
    }

    // MARK: What earlier versions stored

    /// Brings the names of folders that were stored in another form into the composed one, and joins folders whose names
    /// look alike. To be called at the start.
    package func tidyFolders() async throws {
        let names = try await database.read(
            "SELECT name FROM folder WHERE lookalike_key IS NULL ORDER BY name"
        ) { try $0.get("name", as: String.self) }
        // Strings that look alike are equal; their bytes are not. What need not be renamed keeps its name.
        let isComposed = { (name: String) in name.utf8.elementsEqual(name.composed.utf8) }
        for name in names.filter(isComposed) + names.filter({ !isComposed($0) }) {
            let (text, key) = (name.composed, name.lookalikeKey)
            guard try await database.count("SELECT COUNT(*) FROM folder WHERE lookalike_key = \(key)") > 0 else {
                try await database.write(
                    "UPDATE folder SET name = \(text), lookalike_key = \(key) WHERE name = \(name)")
                continue
            }
            try await database.write([
                // Names hold the ids of their documents, so that two are alike only where somebody made them so.
                """
                UPDATE document SET name = id || '-' || name WHERE folder = \(name) AND name IN (
                    SELECT o.name FROM document o WHERE o.folder = \(folderLike: key)
                )
                """,
                "UPDATE document SET folder = \(folderLike: key) WHERE folder = \(name)",
                "DELETE FROM folder WHERE name = \(name)",
            ])
        }
    }

    /// Documents whose search text is computed in one transaction.
    private static let batch = 1000

    /// Makes documents findable that an earlier version stored. To be called at the start.
    package func fillSearchTexts() async throws {
        while true {
            let updates = try await database.read(
                "SELECT id, title, name FROM document WHERE search_text = '' LIMIT \(Self.batch)"
            ) { row -> SQL in
                let text = Document.searchText(
                    title: try row.get("title", as: String.self), name: try row.get("name", as: String.self))
                return "UPDATE document SET search_text = \(text) WHERE id = \(try row.get("id", as: String.self))"
            }
            guard !updates.isEmpty else { return }
            try await database.write(updates)
        }
    }
}

extension Document {
    /// What a search among documents looks at. Never empty.
    var searchText: String { Self.searchText(title: title, name: path.name) }

    static func searchText(title: String, name: String) -> String { "\(title)\n\(name)".caseFolded }
}

extension SQL.StringInterpolation {
    /// A condition on a folder `g`: whether the caller may know of it.
    fileprivate mutating func appendInterpolation(folderVisibleTo caller: Caller) {
        guard caller.workspaces != .all else { return appendLiteral("TRUE") }
        appendLiteral("(EXISTS (SELECT 1 FROM document d WHERE d.folder = g.name AND ")
        appendInterpolation(documentVisibleTo: caller)
        appendLiteral(")")
        if let id = caller.id {
            appendLiteral(" OR EXISTS (SELECT 1 FROM folder_maker m WHERE m.folder = g.name AND m.caller_kind = ")
            appendInterpolation(caller.kind)
            appendLiteral(" AND m.caller_id = ")
            appendInterpolation(id)
            appendLiteral(")")
        }
        appendLiteral(")")
    }
}
