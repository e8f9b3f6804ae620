import Domain
import Persistence
import TestSupport
import Testing

@Suite struct EmbedderStoreTests {
    @Test(arguments: DatabaseEngine.allCases)
    func `an embedder is kept with what it is made from, and one is the current one`(
        engine: DatabaseEngine
    ) async throws {
        try await engine.withSchema { database in
            let store = EmbedderStore(database)
            #expect(try await store.current() == nil)
            let settings = [SettingStore.Entry(variable: "OPEN_AI_KEY", value: "sealed", isSecret: true)]
            try await store.write(EmbedderStore.makingCurrent("a", settings: settings, at: .now))
            try await store.write(EmbedderStore.makingCurrent("b", settings: [], at: .now))
            #expect(try await store.current() == "b")
            #expect(try await store.settings(of: "a") == settings)
            try await store.removeUnused()
            #expect(try await store.settings(of: "a") == nil)
            #expect(try await store.settings(of: "b") == [])
        }
    }

    @Test(arguments: DatabaseEngine.allCases)
    func `a document is linked under the embedder that serves or the current one, and under no other`(
        engine: DatabaseEngine
    ) async throws {
        try await withLibrary(engine) { library in
            let document = try await library.add("a")
            let store = EmbedderStore(library.database)
            #expect(try await store.serving(library.workspace) == StoredLibrary.embedder)
            try await store.write(EmbedderStore.makingCurrent("new", settings: [], at: .now))
            let set = try #require(try await library.chunks.chunkSet(fingerprint: "a")).id
            for (embedder, isLinked) in [(StoredLibrary.embedder, true), ("new", true), ("third", false)] {
                let result = try await library.memberships.link(
                    document.id, to: library.workspace, chunkSet: set, embedder: embedder, docID: "x", at: .now)
                #expect(result == isLinked, "\(embedder)")
            }
            // Neither has changed whose vectors serve.
            #expect(try await store.serving(library.workspace) == StoredLibrary.embedder)
            #expect(try await store.servingNamespaces() == [Namespace(library.workspace, embedder: "e")])
        }
    }

    @Test(arguments: DatabaseEngine.allCases)
    func `a workspace moves with all its documents, and to the current embedder alone`(
        engine: DatabaseEngine
    ) async throws {
        try await withLibrary(engine) { library in
            let document = try await library.add("a")
            let store = EmbedderStore(library.database)
            try await store.write(EmbedderStore.makingCurrent("new", settings: [], at: .now))
            #expect(try await store.outdatedWorkspaces("new") == [library.workspace])
            try await library.chunks.insertSet(
                fingerprint: "a2", content: document.contentID, embedder: "new", header: "",
                chunks: [Chunk(ordinal: 0, text: "a", range: 0..<1)], at: .now)
            let set = try #require(try await library.chunks.chunkSet(fingerprint: "a2")).id
            let outdated = try await library.memberships.outdated(in: library.workspace, embedder: "new")
            let sets = Dictionary(uniqueKeysWithValues: outdated.map { ($0.id, set) })
            #expect(sets.count == 1)
            #expect(try await !library.memberships.move(sets, in: library.workspace, to: "third"))
            #expect(try await store.serving(library.workspace) == StoredLibrary.embedder)
            #expect(try await library.memberships.move(sets, in: library.workspace, to: "new"))
            #expect(try await store.serving(library.workspace) == "new")
            #expect(try await store.outdatedWorkspaces("new").isEmpty)
        }
    }
}
