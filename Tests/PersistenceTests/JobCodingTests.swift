import Domain
import Persistence
import SQLiteDriver
import Testing

@Suite struct JobCodingTests {
    @Test(arguments: JobCodingTests.jobs)
    func `a job is read as it was recorded`(work: Job.Work, outcome: Job.Outcome) async throws {
        let store = try await Self.store().jobs
        var job = Job(work, by: .key(.init(id: 3, scopes: [.manage])), createdAt: Timestamp(milliseconds: 1000))
        try await store.insert(job)
        #expect(try await store.unfinished() == [job])
        job = try #require(try await store.claim(from: [job.lane], for: "node", at: .now, until: .now))
        job.state = .succeeded
        job.outcome = outcome
        job.updatedAt = Timestamp(milliseconds: 2000)
        try await store.finish(job, by: "node", at: job.updatedAt)
        job.owner = nil
        #expect(try await store.find(id: job.id) == job)
    }

    @Test func `an upload that an earlier version recorded is taken up`() async throws {
        let name = SpoolFileName.random()
        let job = try await Self.job(
            kind: "upload",
            payload: """
                {"path":"/srv/lectern/spool/\(name.text)","fileName":"a.txt","sha256":"00","folder":"f",\
                "metadata":{"title":"T","docAuthor":null,"rank":3},"workspaces":["w"],"documentID":"d"}
                """)
        guard case .ingestion(let ingestion) = job.work else { throw Failure() }
        #expect(ingestion.spoolFile == name)
        #expect(ingestion.origin == .file(named: "a.txt"))
        #expect(ingestion.metadata.title == "T")
        #expect(ingestion.workspaces == ["w"])
        #expect(job.spoolFile == name)
    }

    @Test(arguments: [
        #""path":"/etc/passwd""#, #""file":"../secret.key""#, #""file":"/etc/upload-notes""#, #""file":"""#,
        #""file":"upload-0123456789abcdef0123456789ABCDEF""#, #""path":5"#,
    ])
    func `a file outside the spool is nobody's`(file: String) async throws {
        let job = try await Self.job(
            kind: "upload",
            payload: #"{\#(file),"fileName":"a","sha256":"00","folder":"f","workspaces":[],"documentID":"d"}"#)
        #expect(job.work == .unreadable(.upload))
        #expect(job.spoolFile == nil)
    }

    @Test func `a damaged payload hides no other job`() async throws {
        let job = try await Self.job(kind: "update-embeddings", payload: "{")
        #expect(job.work == .unreadable(.updateEmbeddings))
    }

    private struct Failure: Error {}

    private static let jobs: [(Job.Work, Job.Outcome)] = {
        var metadata = DocumentMetadata()
        metadata.title = "T"
        metadata.chunkSource = "link://x"
        let upload = Ingestion(
            origin: .file(named: "a.pdf"), spoolFile: .random(), sha256: "ab", folder: "f", metadata: metadata,
            workspaces: ["w", "v"])
        let text = Ingestion(
            origin: .rawText, spoolFile: .random(), sha256: "cd", folder: "f", metadata: DocumentMetadata(),
            workspaces: [])
        let placements = [
            IngestionOutcome.Placement(workspace: "w", document: "d", location: "f/a.json"),
            IngestionOutcome.Placement(workspace: "v", document: nil, location: nil, error: "gone"),
        ]
        let refreshed = LinkRefreshOutcome(links: [
            .init(link: "l", address: "https://a", documents: ["d", "e"], changed: ["e"]),
            .init(link: "m", address: "https://b", error: "no"),
        ])
        let failed = EmbeddingsOutcome(failures: [.init(path: "f/a.json", error: "no")])
        var crawl = LinkCrawl(
            addresses: ["https://a/", "https://b/c?d"].compactMap(LinkAddress.init),
            template: LinkIngestion(
                address: LinkAddress("https://a/")!, sealedHeaders: nil, folder: "f", metadata: metadata,
                workspaces: ["w"]), depth: 1, maximumLinks: 7)
        crawl.refusals = [.init(position: 1, link: "5", error: "no")]
        let crawled = LinkCrawlOutcome(links: [
            .init(address: "https://a", outcome: IngestionOutcome(documents: ["d"]), error: nil),
            .init(address: "5", outcome: nil, error: "no"),
        ])
        return [
            (.crawl(crawl), .crawl(crawled)),
            (
                .ingestion(upload),
                .ingestion(IngestionOutcome(documents: ["d"], placements: placements, failures: ["d": "no"]))
            ),
            (.ingestion(text), .ingestion(IngestionOutcome(documents: ["d"]))),
            (.embeddingsUpdate(EmbeddingsUpdate(workspaceID: 1, additions: ["a"], removals: [])), .embeddings(failed)),
            (.refresh(LinkRefresh(links: ["l", "m"])), .refresh(refreshed)),
            (.reembedding, .embeddings(EmbeddingsOutcome(failures: []))),
        ]
    }()

    private static func store() async throws -> (jobs: JobStore, database: SQLiteDatabase) {
        let database = try SQLiteDatabase.inMemory()
        try await Migrator(database).migrate()
        return (JobStore(database), database)
    }

    /// What is read of a row that something else has written.
    private static func job(kind: String, payload: String) async throws -> Job {
        let (jobs, database) = try await store()
        try await database.write(
            """
            INSERT INTO job (id, kind, state, payload, created_at, updated_at)
            VALUES ('j', \(kind), 'waiting', \(payload), 1, 1)
            """)
        guard let job = try await jobs.unfinished().first else { throw Failure() }
        return job
    }
}
