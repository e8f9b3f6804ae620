import Domain
import Persistence
import TestSupport
import Testing

@Suite struct LinkStoreTests {
    private func link(_ id: String, dueAt time: Int64? = nil) throws -> StoredLink {
        let address = try #require(LinkAddress("https://example.org/\(id)/?q#f"))
        var metadata = DocumentMetadata()
        metadata.title = "T"
        var link = StoredLink(
            id: id, address: address, metadata: metadata, sealedHeaders: "sealed", obeysRobots: true,
            validators: LinkValidators(address: address, entityTag: "\"x\"", lastModified: nil), caller: .owner,
            createdAt: Timestamp(milliseconds: 5))
        link.nextCheckAt = time.map(Timestamp.init(milliseconds:))
        return link
    }

    private func withStore(
        _ engine: DatabaseEngine, _ body: (LinkStore, any Database) async throws -> Void
    ) async throws {
        try await engine.withDatabase { database in
            try await Migrator(database).migrate()
            try await body(LinkStore(database), database)
        }
    }

    private func events(_ database: any Database) async throws -> Int {
        try await database.count("SELECT COUNT(*) FROM event WHERE name = 'link_unwatched'")
    }

    @Test(arguments: DatabaseEngine.allCases)
    func `a link is read as it was stored, and stays as it is when a job runs again`(
        engine: DatabaseEngine
    ) async throws {
        try await withStore(engine) { store, _ in
            var bare = try link("bare")
            (bare.metadata, bare.sealedHeaders, bare.validators) = (nil, nil, nil)
            for link in [try link("a", dueAt: 7), bare] {
                try await store.insert(link)
                #expect(try await store.find(id: link.id) == link)
            }
            var other = try link("a")
            other.obeysRobots = false
            try await store.insert(other)
            #expect(try await store.find(id: "a") == (try link("a", dueAt: 7)))
        }
    }

    @Test(arguments: DatabaseEngine.allCases)
    func `of nodes that find a link due at once one records a job`(engine: DatabaseEngine) async throws {
        try await withStore(engine) { store, database in
            for (id, time) in [("late", 10), ("later", 20), ("not-yet", 40)] as [(String, Int64)] {
                try await store.insert(try link(id, dueAt: time))
            }
            try await store.insert(try link("unwatched"))
            let due = try await store.due(at: Timestamp(milliseconds: 30), limit: 9)
            #expect(due.map(\.id) == ["late", "later"])
            let recorded = try await withThrowingTaskGroup(of: Bool.self) { group in
                for _ in 0..<8 {
                    group.addTask {
                        try await store.schedule(
                            due[0], job: Job(.refresh(LinkRefresh(links: [due[0].id])), by: .system),
                            next: Timestamp(milliseconds: 99))
                    }
                }
                return try await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
            }
            #expect(recorded == 1)
            let jobs = try await JobStore(database).unfinished()
            #expect(jobs.map(\.work) == [.refresh(LinkRefresh(links: ["late"]))])
            #expect(try await store.due(at: Timestamp(milliseconds: 30), limit: 9).map(\.id) == ["later"])
            #expect(try await store.find(id: "late")?.nextCheckAt?.milliseconds == 99)
        }
    }

    @Test(arguments: DatabaseEngine.allCases)
    func `failures in a row end the watch, with the reason; others do not`(engine: DatabaseEngine) async throws {
        try await withStore(engine) { store, database in
            let watched = try link("a", dueAt: 10)
            try await store.insert(watched)
            let now = Timestamp(milliseconds: 50)
            func fail(counts: Bool = true) async throws -> StoredLink? {
                try await store.record(
                    .failed("HTTP 500", counts: counts, limit: 2, retry: Timestamp(milliseconds: 60)), of: watched,
                    next: Timestamp(milliseconds: 90), at: now)
                return try await store.find(id: "a")
            }
            var stored = try await fail(counts: false)
            #expect(stored?.failureCount == 0 && stored?.lastError == "HTTP 500")
            #expect(stored?.nextCheckAt?.milliseconds == 60 && stored?.lastCheckedAt == now)
            stored = try await fail()
            #expect(stored?.failureCount == 1 && stored?.isWatched == true)
            // A success in between begins the count anew.
            try await store.record(.unchanged(nil), of: watched, next: Timestamp(milliseconds: 90), at: now)
            stored = try await store.find(id: "a")
            #expect(stored?.failureCount == 0 && stored?.lastError == nil && stored?.validators == nil)
            #expect(stored?.nextCheckAt?.milliseconds == 90 && stored?.lastChangedAt == nil)
            for _ in 0..<2 { stored = try await fail() }
            #expect(stored?.isWatched == false && stored?.lastError == "HTTP 500")
            #expect(try await events(database) == 1)
            // One that nobody watches fails without a word.
            _ = try await fail()
            #expect(try await events(database) == 1)
            let event = Event.documentsWatched(true, paths: ["f/a.json"])
            try await store.setWatched(
                true, ["a"], headers: ["a": nil], next: Timestamp(milliseconds: 70), event: event, by: .system, at: now)
            stored = try await store.find(id: "a")
            #expect(stored?.nextCheckAt?.milliseconds == 70 && stored?.failureCount == 0)
            #expect(stored?.sealedHeaders == nil && stored?.caller == .system)
            try await store.record(
                .changed(watched.validators), of: watched, next: Timestamp(milliseconds: 90), at: now)
            stored = try await store.find(id: "a")
            #expect(stored?.lastChangedAt == now && stored?.validators == watched.validators)
        }
    }

    @Test(arguments: DatabaseEngine.allCases)
    func `a link goes with the last of its documents`(engine: DatabaseEngine) async throws {
        try await withLibrary(engine) { library in
            let store = LinkStore(library.database)
            for id in ["used", "unused"] { try await store.insert(try link(id)) }
            let document = try await library.add("n")
            try await library.database.write("UPDATE document SET link_id = 'used' WHERE id = \(document.id)")
            #expect(try await library.documents.find(ofLink: "used").map(\.id) == [document.id])
            try await store.removeUnused(before: Timestamp(milliseconds: 5))
            #expect(try await store.find(ids: ["used", "unused"]).count == 2)
            try await store.removeUnused(before: .now)
            #expect(try await store.find(ids: ["used", "unused"]).map(\.id) == ["used"])
            _ = try await library.documents.remove(.documents([document.id]), events: [], by: .system, at: .now)
            try await store.removeIfUnused("used")
            #expect(try await store.find(id: "used") == nil)
        }
    }

    @Test(arguments: DatabaseEngine.allCases)
    func `what was fetched before links were kept can be watched, too`(engine: DatabaseEngine) async throws {
        try await engine.withDatabase { database in
            try await Migrator(database, migrations: Schema.migrations.filter { $0.name < "0019" }).migrate()
            try await database.write([
                """
                INSERT INTO content (digest, word_count, token_count, created_at, divisions, headings, text)
                VALUES ('d', 1, 1, 0, '[]', '[]', 'x')
                """,
                "INSERT INTO folder (name, created_at, lookalike_key) VALUES ('f', 0, 'f')",
            ])
            for (id, source) in [("page", "link://https://example.org/a"), ("file", "a.txt"), ("odd", "link://x")] {
                try await database.write(
                    """
                    INSERT INTO document (id, folder, name, content_id, url, title, author, description, source,
                        chunk_source, published, file_extension, attributes, created_at)
                    VALUES (\(id), 'f', \(id), 1, '', '', '', '', '', \(source), '', '', '{}', 8)
                    """)
            }
            try await Migrator(database).migrate()
            let link = try #require(try await LinkStore(database).find(id: "page"))
            #expect(link.address.text == "https://example.org/a" && link.metadata == nil && link.caller == .system)
            #expect(!link.isWatched && link.createdAt.milliseconds == 8)
            #expect(try await DocumentStore(database).find(ofLink: "page").map(\.id) == ["page"])
            #expect(try await database.count("SELECT COUNT(*) FROM link") == 1)
        }
    }
}
