import Domain
import OrderedJSON
import Persistence
import Synchronization
import TestSupport
import Testing

@Suite struct ChunkStoreTests {
    @Test(arguments: DatabaseEngine.allCases)
    func `chunks, vectors and neighbours are found by their ids`(engine: DatabaseEngine) async throws {
        try await withLibrary(engine) { library in
            try await library.add("a", chunks: 5)
            try await library.add("b", chunks: 2)
            let set = try #require(try await library.chunks.chunkSet(fingerprint: "a"))
            #expect(set.isComplete)
            #expect(try await library.chunks.count(in: set.id) == 5)
            #expect(try await library.chunks.pending(in: set.id).isEmpty)
            let vectors = try await library.chunks.vectors(in: set.id)
            #expect(vectors.map(\.embedding) == (0..<5).map { Embedding([Float($0), 1]) })

            let ids = vectors.map(\.id)
            let neighbors = try await library.chunks.neighbors(of: [ids[1], ids[4]], distance: 1)
            #expect(neighbors.map(\.id) == [ids[0], ids[2], ids[3]])
            let found = try await library.chunks.chunks([ids[0], Chunk.ID(rawValue: .max)], in: library.workspace)
            #expect(found.map(\.chunk.text) == ["a 0"])
            #expect(try await library.chunks.chunks(ids, in: library.workspace + 1).isEmpty)
            // As many as are read elsewhere than on the caller's thread.
            let many = ids + (1...200).map { Chunk.ID(rawValue: Int64.max - $0) }
            #expect(try await library.chunks.chunks(many, in: library.workspace).count == 5)

            #expect(try await library.chunks.vectorCount() == 7)
            #expect(try await library.chunks.vectorCounts() == [library.workspace: 7])
            #expect(try await library.chunks.hasVectors(in: library.workspace, embedder: nil))
            #expect(try await library.chunks.hasVectors(in: library.workspace, embedder: StoredLibrary.embedder))
            #expect(try await !library.chunks.hasVectors(in: library.workspace, embedder: "other"))
        }
    }

    @Test(arguments: DatabaseEngine.allCases)
    func `a set that no workspace uses is removed with its chunks`(engine: DatabaseEngine) async throws {
        try await withLibrary(engine) { library in
            try await library.add("a")
            try await library.add("b")
            _ = try await library.memberships.unlink(DocumentPath(folder: "f", name: "b"), from: library.workspace)
            let store = EmbedderStore(library.database)
            try await store.removeUnused()
            #expect(try await library.chunks.chunkSet(fingerprint: "b") != nil, "its embedder still serves")
            try await store.write(EmbedderStore.makingCurrent("other", settings: [], at: .now))
            try await library.database.write("UPDATE workspace SET embedder = 'other'")
            try await store.removeUnused()
            #expect(try await library.chunks.chunkSet(fingerprint: "b") == nil)
            #expect(try await library.database.count("SELECT COUNT(*) FROM chunk") == 3)
            #expect(try await library.database.count("SELECT COUNT(*) FROM chunk_embedding") == 3)
        }
    }

    @Test(arguments: DatabaseEngine.allCases)
    func `terms are kept by their version, and go with their chunks`(engine: DatabaseEngine) async throws {
        try await withLibrary(engine) { library in
            try await library.add("a")
            let namespace = Namespace(library.workspace, embedder: StoredLibrary.embedder)
            let set = try #require(try await library.chunks.setsWithoutTerms(in: namespace, version: 1).first)
            let raw = try #require(try await library.chunks.unanalyzed(set, version: 1))
            #expect(raw.chunks.map(\.text) == ["a 0", "a 1", "a 2"])
            let terms = raw.chunks.map { ChunkTerms(id: $0.id, language: "en", terms: $0.text) }
            try await library.chunks.store(terms, of: set, version: 1)
            #expect(try await library.chunks.terms(in: set) == terms)
            #expect(try await library.chunks.setsWithoutTerms(in: namespace, version: 1) == [])
            #expect(try await library.chunks.unanalyzed(set, version: 1) == nil)

            let found = Mutex<[ChunkTerms]>([])
            try await library.chunks.forEachTerms(in: namespace) { chunk in found.withLock { $0.append(chunk) } }
            #expect(found.withLock { $0 } == terms)
            try await library.chunks.forEachTerms(
                in: Namespace(library.workspace + 1, embedder: StoredLibrary.embedder)
            ) { _ in Issue.record("Another workspace's chunk") }

            // Another version of the analysis takes their place.
            #expect(try await library.chunks.setsWithoutTerms(in: namespace, version: 2) == [set])
            let newer = terms.map { ChunkTerms(id: $0.id, language: "de", terms: "x") }
            try await library.chunks.store(newer, of: set, version: 2)
            #expect(try await library.chunks.terms(in: set) == newer)

            try await library.database.write("DELETE FROM workspace_document")
            try await library.database.write("DELETE FROM chunk_set")
            #expect(try await library.database.count("SELECT COUNT(*) FROM chunk_terms") == 0)
            try await library.chunks.store(newer, of: set, version: 2)
            #expect(try await library.database.count("SELECT COUNT(*) FROM chunk_terms") == 0)
        }
    }

    /// What each condition finds among the documents of `Self.fill`.
    private static let conditions: [(MetadataFilter, String)] = [
        (.compare(.text(.title), .equal, .text("Änderung")), "a"),
        (.compare(.text(.title), .greater, .text("Z")), "abc"), (.compare(.text(.title), .less, .text("z")), "cd"),
        (.oneOf(.text(.title), [.text("plan"), .text("'"), .text("Plan")]), "cd"), (.oneOf(.text(.title), []), ""),
        (.compare(.number(.wordCount), .greaterOrEqual, .number(2)), "bcd"),
        (.compare(.number(.wordCount), .less, .number(2.5)), "ab"), (.oneOf(.number(.wordCount), [.number(3)]), "c"),
        (.compare(.published, .greater, .number(1000)), "b"),
        (.not(.compare(.published, .greater, .number(1000))), "acd"),
        (.compare(.attribute("rank"), .equal, .number(1)), "a"),
        (.compare(.attribute("rank"), .less, .number(1.5)), "a"),
        (.compare(.attribute("rank"), .equal, .text("1")), "b"),
        (.oneOf(.attribute("rank"), [.text("1"), .number(1), .bool(true)]), "abc"),
        (.oneOf(.attribute("rank"), [.bool(true), .bool(false)]), "cd"),
        (.oneOf(.attribute("rank"), []), ""), (.compare(.attribute("no"), .equal, .text("1")), ""),
        (.compare(.text(.location), .equal, .text("f/c")), "c"), (.compare(.text(.docID), .equal, .text("m-d")), "d"),
        (.all([]), "abcd"), (.any([]), ""),
        (
            .any([.oneOf(.text(.title), [.text("plan")]), .not(.compare(.number(.tokenCount), .greater, .number(1)))]),
            "ac"
        ),
        (
            .all([.compare(.attribute("rank"), .equal, .bool(false)), .compare(.text(.folder), .equal, .text("f"))]),
            "d"
        ),
    ]

    @Test(arguments: DatabaseEngine.allCases)
    func `a filter finds the same on every engine`(engine: DatabaseEngine) async throws {
        try await withLibrary(engine) { library in
            try await library.add("a", chunks: 1, title: "Änderung", attributes: ["rank": 1])
            try await library.add(
                "b", chunks: 2, title: "é", publishedAt: Timestamp(milliseconds: 2000), attributes: ["rank": "1"])
            try await library.add("c", chunks: 3, title: "plan", attributes: ["rank": true])
            try await library.add(
                "d", chunks: 4, title: "'", publishedAt: Timestamp(milliseconds: 1000), attributes: ["rank": false])
            for (filter, names) in Self.conditions {
                let texts = try await library.texts(matching: filter)
                #expect(Set(texts.compactMap(\.first)) == Set(names), "\(filter)")
                let count = try await library.chunks.vectorCount(
                    in: library.workspace, embedder: StoredLibrary.embedder, matching: filter)
                #expect(count == texts.count, "\(filter)")
            }
        }
    }

    @Test(arguments: DatabaseEngine.allCases)
    func `a vector source gives every vector once, in the order of the ids`(engine: DatabaseEngine) async throws {
        try await withLibrary(engine) { library in
            for name in ["a", "b"] { try await library.add(name, chunks: 20) }
            let source = ChunkVectorSource(library.database)
            let seen = Observed<[Chunk.ID]>([])
            try await source.forEachVector(in: Namespace(library.workspace, embedder: StoredLibrary.embedder)) {
                id, vector in
                seen.change { $0.append(id) }
                #expect(vector.count == 2 && vector[1] == 1)
            }
            #expect(seen.value.count == 40)
            #expect(seen.value == seen.value.sorted())
            #expect(try await source.vectors(of: Array(seen.value.prefix(3))).count == 3)
        }
    }

    @Test(arguments: DatabaseEngine.allCases)
    func `chunks whose text is the same take over the embeddings of another set`(engine: DatabaseEngine) async throws {
        try await withLibrary(engine) { library in
            try await library.add("a", chunks: 3)
            let old = try #require(try await library.chunks.chunkSet(fingerprint: "a"))
            let content = try #require(try await library.documents.contents(digest: "a").first)
            let texts = ["new", "a 2", "a 0", "a 2", ""]
            try await library.chunks.insertSet(
                fingerprint: "b", content: content.id, embedder: StoredLibrary.embedder, header: "h",
                chunks: texts.enumerated().map { Chunk(ordinal: $0, text: $1, range: 0..<1) }, at: .now)
            let set = try #require(try await library.chunks.chunkSet(fingerprint: "b"))
            for _ in 0..<2 { try await library.chunks.copyEmbeddings(from: old.id, to: set.id) }
            #expect(try await library.chunks.pending(in: set.id).map(\.text) == ["new", ""])
            let vectors = try await library.chunks.vectors(in: set.id).map(\.embedding)
            #expect(vectors == [2, 0, 2].map { Embedding([Float($0), 1]) })
            #expect(try await library.chunks.vectors(in: old.id).count == 3)
            #expect(try await library.chunks.header(of: set.id) == "h")
        }
    }
}
