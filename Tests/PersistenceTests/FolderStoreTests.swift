import Domain
import OrderedJSON
import Persistence
import TestSupport
import Testing

@Suite struct FolderStoreTests {
    @Test(arguments: DatabaseEngine.allCases)
    func `folders that earlier versions stored are joined where they look alike`(engine: DatabaseEngine) async throws {
        try await engine.withDatabase { database in
            try await Migrator(database, migrations: Schema.migrations.filter { $0.name < "0014" }).migrate()
            try await database.write([
                """
                INSERT INTO content (digest, word_count, token_count, created_at, page_starts, headings, text)
                VALUES ('d', 1, 1, 0, '[]', '[]', 'x')
                """
            ])
            let folders = ["U\u{308}ber", "\u{DC}ber", "a", "a\u{A0}b", "a b", "\u{FB01}n"]
            for (number, folder) in folders.enumerated() {
                try await database.write([
                    "INSERT INTO folder (name, created_at) VALUES (\(folder), 0)",
                    """
                    INSERT INTO document (id, folder, name, content_id, url, title, author, description, source,
                        chunk_source, published, file_extension, attributes, created_at)
                    VALUES (\("id\(number)"), \(folder), \(number < 2 ? "same" : "n\(number)"), 1, '', 'Títle', '', '', '',
                        '', '', '', '{}', 0)
                    """,
                ])
            }
            try await Migrator(database).migrate()
            let documents = DocumentStore(database)
            for _ in 0..<2 {
                try await documents.tidyFolders()
                try await documents.fillSearchTexts()
            }
            let names = try await documents.folders(for: .system)
            #expect(names.map { Array($0.utf8) } == ["a", "a b", "\u{DC}ber", "\u{FB01}n"].map { Array($0.utf8) })
            let joined = try await documents.list(folder: "\u{DC}ber", limit: 9, embedder: "e", for: .system)
            #expect(joined.map(\.document.path.name) == ["id0-same", "same"])
            #expect(try await documents.find(DocumentPath(folder: "fin", name: "n5"), for: .system)?.id == "id5")
            #expect(try await documents.counts(.init(words: "TÍT"), for: .system).map(\.count) == [1, 2, 2, 1])
        }
    }

    @Test(arguments: DatabaseEngine.allCases)
    func `a folder is made once, side by side and in any form`(engine: DatabaseEngine) async throws {
        try await withLibrary(engine) { library in
            let made = try await withThrowingTaskGroup(of: Bool.self) { group in
                for form in ["\u{DC}ber", "U\u{308}ber", "\u{DC}ber ", "\u{DC}be\u{200B}r"] {
                    group.addTask {
                        let name = try FolderName(new: form)
                        return try await library.documents.makeFolder(
                            name, event: .folderCreated(name: name.text), by: .system, at: .now)
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(made.count { $0 } == 1)
            #expect(try await library.documents.folders(for: .system).count == 1)
            let events = try await library.database.count("SELECT COUNT(*) FROM event WHERE name = 'folder_created'")
            #expect(events == 1)
        }
    }

    @Test(arguments: DatabaseEngine.allCases)
    func `a removal takes memberships, chunks and contents that nobody else needs`(
        engine: DatabaseEngine
    ) async throws {
        try await withLibrary(engine) { library in
            let gone = try await library.add("gone", in: "f", chunks: 3)
            try await library.add("kept", in: "g", chunks: 2)
            // One more name for the content that goes with the folder, and so it stays.
            var twin = gone
            (twin.id, twin.path) = ("twin", DocumentPath(folder: "g", name: "twin"))
            try await library.documents.insert([twin], event: .rawTextUploaded, by: .system, at: .now)
            let selection = DocumentStore.Selection.folder("f")
            #expect(try await library.documents.count(of: selection) == 1)
            #expect(try await library.documents.shares(of: selection).map(\.count) == [1])
            let obsolete = try await library.documents.chunks(of: selection, onlyIn: library.workspace)
            #expect(obsolete.map(\.chunks.count) == [3])
            _ = try await library.documents.remove(
                selection, events: [.folderRemoved(name: "f", documents: 1)], by: .system, at: .now)
            #expect(try await library.documents.folders(for: .system) == ["g"])
            try await library.documents.deleteAbandonedContents()
            #expect(try await library.documents.content(id: gone.contentID) != nil)
            let removed = try await library.documents.remove(
                .documents(["twin", "none"]), events: [], by: .system, at: .now)
            #expect(removed == [twin.path])
            try await library.documents.deleteAbandonedContents()
            #expect(try await library.documents.content(id: gone.contentID) == nil)
            #expect(try await library.database.count("SELECT COUNT(*) FROM chunk") == 2)
            #expect(try await library.database.count("SELECT COUNT(*) FROM abandoned_content") == 0)
            #expect(try await library.memberships.count() == 1)
        }
    }

    @Test(arguments: DatabaseEngine.allCases)
    func `moves happen together or not at all`(engine: DatabaseEngine) async throws {
        try await withLibrary(engine) { library in
            let first = try await library.add("a", in: "f")
            let second = try await library.add("b", in: "f")
            try await library.add("c", in: "g")
            await #expect(throws: DatabaseError.uniqueViolation) {
                try await library.documents.move(
                    [(first, DocumentPath(folder: "h", name: "a")), (second, DocumentPath(folder: "g", name: "c"))],
                    event: .documentsMoved(2), by: .system, at: .now)
            }
            #expect(try await library.documents.folders(for: .system) == ["f", "g"])
            try await library.documents.move(
                [(first, DocumentPath(folder: "h", name: "Ä")), (second, DocumentPath(folder: "g", name: "b"))],
                event: .documentsMoved(2), by: .system, at: .now)
            #expect(try await library.documents.find(id: first.id)?.path == DocumentPath(folder: "h", name: "Ä"))
            #expect(try await library.documents.count(folder: "h", .init(words: "ä"), for: .system) == 1)
        }
    }

    /// A page far behind must not read what is in front of it.
    @Test func `a page is found in the index of folders and names`() async throws {
        try await DatabaseEngine.sqlite.withSchema { database in
            let plan = try await database.read(
                DocumentStore.listQuery(
                    folder: "f", .init(), after: nil, offset: 900, limit: 100, embedder: "e", for: .system
                ).behind("EXPLAIN QUERY PLAN")
            ) { try $0.get("detail", as: String.self) }
            #expect(plan.contains { $0.contains("SEARCH d USING COVERING INDEX") }, "\(plan)")
            #expect(
                !plan.contains { $0.contains("SCAN d") || $0.contains("TEMP B-TREE") && $0.contains("DISTINCT") },
                "\(plan)")
        }
    }
}
