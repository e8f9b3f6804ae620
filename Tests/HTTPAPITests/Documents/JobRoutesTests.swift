import Domain
import Engine
import Foundation
import HTTPAPI
import HTTPTypes
import OrderedJSON
import Persistence
import TestSupport
import Testing

/// Jobs as clients see them: listed, followed, cancelled.
@Suite(.timeLimit(.minutes(1))) struct JobRoutesTests {
    private func submit(_ text: String, _ client: TestClient) async throws -> String {
        let answer = try await client.send(
            .post, "/v1/document/raw-text?async=true", ["textContent": .string(text), "metadata": ["title": "t"]])
        #expect(answer.status == 202)
        let job = try JSON(parsing: answer.text)["job"]
        #expect(job?["state"]?.stringValue != nil)
        return try #require(job?["id"]?.stringValue)
    }

    @Test func `jobs are listed, the newest first, by state and page`() async throws {
        try await TestServer.run { client in
            let ids = [try await submit("one", client), try await submit("two", client), try await submit(" ", client)]
            try await client.finishJobs()
            let all = try await client.json(.get, "/v1/jobs")
            #expect(Set(all["jobs"]?.arrayValue?.compactMap { $0["id"]?.stringValue } ?? []) == Set(ids))
            #expect(all["totalCount"] == 3 && all["hasMore"] == false)
            let page = try await client.json(.get, "/v1/jobs?limit=1&offset=1&state=succeeded")
            #expect(page["jobs"]?.arrayValue?.count == 1 && page["hasMore"] == true)
            #expect(try await client.json(.get, "/v1/jobs?state=unfinished")["totalCount"] == 0)
            for bad in ["limit=0", "limit=x", "offset=-1", "state=done"] {
                #expect(try await client.send(.get, "/v1/jobs?\(bad)").status == 400)
            }
        }
    }

    @Test func `a job is followed to its end`() async throws {
        try await TestServer.run { client in
            let id = try await submit("one", client)
            let text = try await client.send(.get, "/v1/jobs/\(id)/events").text
            let last = try #require(try TestClient.frames(in: text).last?["job"])
            #expect(last["id"] == .string(id) && last["state"] == "succeeded")
            #expect(last["result"]?["documents"]?.arrayValue?.count == 1)
            #expect(try await client.send(.get, "/v1/jobs/nope/events").status == 404)
        }
    }

    @Test func `a job that nobody has begun is cancelled with what it would have needed`() async throws {
        try await TestServer.withDirectory { directory in
            let server = try await TestServer(directory: directory)
            let wishes = IngestionService.Wishes(metadata: DocumentMetadata(), workspaces: [], isAwaited: false)
            let job = try await server.services.library.ingestion.submit("text", wishes, by: .system)
            let jobs = server.services.administration.jobs
            let cancelled = try await jobs.cancel(id: job.id, for: .system)
            #expect(cancelled?.state == .cancelled)
            #expect(try FileManager.default.contentsOfDirectory(atPath: directory + "/spool") == [])
            // Whoever waits is told, and nobody takes it up.
            await #expect(throws: ServiceError.self) { try await jobs.outcome(of: job.id) }
            #expect(try await JobStore(server.database).unfinished().isEmpty)
        }
    }

    @Test func `a job that runs is cancelled, and one that is finished is not`() async throws {
        let embedder = StuckEmbedder()
        try await TestServer.run(makeEmbedder: { _ in embedder }) { client in
            try await client.makeWorkspaces("w")
            let answer = try await client.send(
                .post, "/v1/document/raw-text?async=true",
                ["textContent": "text", "metadata": ["title": "t"], "addToWorkspaces": "w"])
            let id = try #require(try JSON(parsing: answer.text)["jobId"]?.stringValue)
            try await embedder.isAsked.wait { $0 }
            let cancelled = try await client.send(.delete, "/v1/jobs/\(id)")
            #expect(cancelled.status == 200)
            #expect(try await client.json(.get, "/v1/jobs/\(id)")["job"]?["state"] == "cancelled")
            #expect(try await client.send(.delete, "/v1/jobs/\(id)").status == 200)
            let log = try await client.json(.get, "/v1/system/event-logs?event=job_cancelled")["logs"]?.arrayValue
            #expect(log?.map { $0["metadata"] } == [.string(#"{"jobId":"\#(id)","kind":"raw-text"}"#)])
            let done = try await submit("one", client)
            try await client.finishJobs()
            #expect(try await client.send(.delete, "/v1/jobs/\(done)").status == 409)
            #expect(try await client.send(.delete, "/v1/jobs/nope").status == 404)
        }
    }

    @Test func `who is confined to some workspaces sees and cancels what it began itself`() async throws {
        try await TestServer.run { client in
            try await client.makeWorkspaces("one", "two")
            let confined = try await client.withKey(workspaces: .only([1]))
            let other = try await client.withKey(workspaces: .only([2]))
            let id = try await submit("text", confined)
            try await client.finishJobs()
            #expect(try await confined.json(.get, "/v1/jobs")["totalCount"] == 1)
            #expect(try await other.json(.get, "/v1/jobs")["totalCount"] == 0)
            #expect(try await other.send(.get, "/v1/jobs/\(id)/events").status == 404)
            #expect(try await other.send(.delete, "/v1/jobs/\(id)").status == 404)
        }
    }
}

/// Says that it is asked, and answers nothing until its task is cancelled.
private struct StuckEmbedder: Embedder {
    let isAsked = Observed(false)
    let model = WordEmbedder().model

    func embed(_ texts: [String], as role: EmbeddingRole) async throws -> [Embedding] {
        isAsked.change { $0 = true }
        try await Task.sleep(for: .seconds(3600))
        return []
    }

    func tokenCount(_ text: String) -> Int? { nil }
}
