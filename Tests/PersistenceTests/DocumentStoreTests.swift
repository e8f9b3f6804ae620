import Domain
import OrderedJSON
import Persistence
import TestSupport
import Testing

@Suite struct DocumentStoreTests {
    @Test(arguments: DatabaseEngine.allCases)
    func `documents are listed by folder and name, as their code points stand`(engine: DatabaseEngine) async throws {
        try await withLibrary(engine) { library in
            for (folder, name) in [
                ("b", "z"), ("b", "É"), ("B", "x"), ("a", "y"), ("b", "Z"), ("b", "a b"), ("b", "ab"),
            ] {
                try await library.add(name, in: folder)
            }
            let list = { (folder: String, offset: Int, limit: Int, embedder: String) in
                try await library.documents.list(
                    folder: folder, offset: offset, limit: limit, embedder: embedder, for: .system)
            }
            let all = try await list("b", 0, 100, StoredLibrary.embedder)
            #expect(all.map(\.document.path.name) == ["Z", "a b", "ab", "z", "É"])
            let part = try await list("b", 1, 3, StoredLibrary.embedder)
            #expect(part.map(\.document.path.name) == ["a b", "ab", "z"])
            #expect(part.allSatisfy { $0.isEmbedded })
            #expect(try await list("b", 0, 100, "other").allSatisfy { !$0.isEmbedded })
            #expect(try await library.documents.folders(for: .system) == ["B", "a", "b"])
            #expect(try await library.documents.count(folder: "b", for: .system) == 5)
        }
    }

    @Test(arguments: DatabaseEngine.allCases)
    func `a document is found by each of its names, with what a client said of it`(engine: DatabaseEngine) async throws
    {
        try await withLibrary(engine) { library in
            let attributes: JSONObject = ["z": "x", "a": 2.5, "flag": true]
            let stored = try await library.add("n", publishedAt: Timestamp(milliseconds: 5), attributes: attributes)
            #expect(try await library.documents.find(id: stored.id) == stored)
            #expect(try await library.documents.find(stored.path, for: .system) == stored)
            #expect(try await library.documents.find(name: "n", for: .system) == stored)
            #expect(try await library.documents.find(name: "N", for: .system) == nil)
            // Again, as a job that runs a second time does.
            try await library.documents.insert([stored], event: .rawTextUploaded, by: .system, at: .now)
            #expect(try await library.documents.count(folder: "f", for: .system) == 1)
        }
    }

    @Test(arguments: DatabaseEngine.allCases)
    func `the beginning of a text is cut by characters`(engine: DatabaseEngine) async throws {
        try await withLibrary(engine) { library in
            let content = try await library.documents.insertContents(
                digest: "d", [.init(ParsedDocument(text: "aé👩‍👩‍👧z"), wordCount: 1, tokenCount: 1)], at: .now)[0]
            #expect(try await library.documents.beginning(of: content.id, limit: 2)?.text == "aé")
            #expect(try await library.documents.beginning(of: content.id, limit: 99)?.text == "aé👩‍👩‍👧z")
            #expect(try await library.documents.beginning(of: content.id + 1, limit: 2) == nil)
            let again = try await library.documents.insertContents(
                digest: "d", [.init(ParsedDocument(text: "other"), wordCount: 1, tokenCount: 1)], at: .now)[0]
            #expect(again.id == content.id)
        }
    }

    @Test(arguments: DatabaseEngine.allCases)
    func `the contents of one file come back whole and in its order`(engine: DatabaseEngine) async throws {
        try await withLibrary(engine) { library in
            let parsed = (1...12).map { number in
                ParsedDocument(
                    text: "rows of \(number)", divisions: Divisions(.row, firstNumber: number, starts: [0, 4]),
                    columnNames: "a,b", member: .sheet("S\(number)"), warnings: number == 3 ? ["no chart"] : [])
            }
            let new = parsed.map { DocumentStore.NewContent($0, wordCount: 1, tokenCount: 1) }
            #expect(try await library.documents.contents(digest: "d").isEmpty)
            let stored = try await library.documents.insertContents(digest: "d", new, at: .now)
            #expect(stored.map(\.parsed) == parsed)
            #expect(try await library.documents.contents(digest: "d").map(\.id) == stored.map(\.id))
            // A digest that begins alike is another file's.
            #expect(try await library.documents.contents(digest: "").isEmpty)
        }
    }

    @Test(arguments: DatabaseEngine.allCases)
    func `pinned documents come in the order in which they came in`(engine: DatabaseEngine) async throws {
        try await withLibrary(engine) { library in
            for name in ["b", "a", "c"] { try await library.add(name) }
            for name in ["a", "b"] {
                let path = DocumentPath(folder: "f", name: name)
                let isPinned = try await library.memberships.setPinned(true, path, in: library.workspace, at: .now)
                #expect(isPinned)
            }
            let pinned = try await library.memberships.pinned(in: library.workspace)
            #expect(pinned.map(\.document.path.name) == ["b", "a"])
            #expect(pinned.allSatisfy { $0.isPinned && !$0.isWatched })
            let listed = try await library.documents.list(
                folder: "f", limit: 9, embedder: StoredLibrary.embedder, for: .system)
            #expect(listed.map(\.pinningWorkspaces) == [[library.workspace], [library.workspace], []])
            #expect(try await library.memberships.counts() == [library.workspace: 3])
            let unlinked = try await library.memberships.unlink(
                DocumentPath(folder: "f", name: "a"), from: library.workspace)
            #expect(unlinked != nil)
            #expect(try await library.memberships.outdated(in: library.workspace, embedder: "other").count == 2)
        }
    }
}

func withLibrary(_ engine: DatabaseEngine, _ body: (StoredLibrary) async throws -> Void) async throws {
    try await engine.withSchema { database in try await body(StoredLibrary(database)) }
}
