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

    // MARK: Results

    private func mailbox(_ subjects: [String]) -> String {
        subjects.enumerated().map { number, subject in
            "From ada@example.org Tue Mar  5 07:08:09 2024\nFrom: ada@example.org\nSubject: \(subject)\n\n"
                + "Message \(number) is about \(subject).\n\n"
        }.joined()
    }

    private func uploadMailbox(
        _ subjects: [String], to workspaces: String = "w", query: String = "", _ client: TestClient
    ) async throws -> JSON {
        let answer = try await client.send(
            .post, "/v1/document/upload?async=true\(query)",
            raw: client.form(mailbox(subjects), named: "a.mbox", to: workspaces),
            type: "multipart/form-data; boundary=b")
        let id = try #require(try JSON(parsing: answer.text)["jobId"]?.stringValue)
        try await client.finishJobs()
        return .string(id)
    }

    @Test func `what a job came to is told document by document, a page at a time`() async throws {
        try await TestServer.run { client in
            try await client.makeWorkspaces("w")
            let subjects = (0..<12).map { "harbour\($0)" }
            let id = try await uploadMailbox(subjects, to: "w,nope", client).stringValue ?? ""
            let path = "/v1/jobs/\(id)"
            let result = try #require(try await client.json(.get, path)["job"]?["result"])
            #expect(result["documentCount"] == 12 && result["failedCount"] == 0)
            let documents = result["documents"]?.arrayValue ?? []
            #expect(documents.map { $0["title"]?.stringValue } == subjects.map { "\($0).mbox" })
            let first = try #require(documents.first)
            #expect(first["location"]?.stringValue?.hasPrefix("custom-documents/a.mbox-") == true)
            #expect(first["location"]?.stringValue?.hasSuffix(first["name"]?.stringValue ?? "?") == true)
            #expect((first["wordCount"]?.integerValue ?? 0) > 4 && first["error"] == .null)
            #expect(first["embedding"] == [["workspace": "w", "embedded": true, "error": nil]])
            let none = "Workspace nope is not a valid workspace."
            #expect(
                result["workspaces"] == [
                    ["workspace": "w", "embedded": 12, "failed": 0, "error": nil],
                    ["workspace": "nope", "embedded": 0, "failed": 0, "error": .string(none)],
                ])
            let page = try await client.json(.get, "\(path)?offset=10&limit=5")["job"]?["result"]?["documents"]
            #expect(page?.arrayValue?.map { $0["title"] } == ["harbour10.mbox", "harbour11.mbox"])
            #expect(try await client.send(.get, "\(path)?limit=1001").status == 400)
            // A list tells of the first ones.
            let listed = try await client.json(.get, "/v1/jobs")["jobs"]?.arrayValue?.first?["result"]
            #expect(listed?["documents"]?.arrayValue?.count == 10 && listed?["documentCount"] == 12)
            // What has been moved or removed since is told as it is now.
            let location = try #require(first["location"])
            _ = try await client.json(.delete, "/v1/system/remove-documents", ["names": [location]])
            let after = try await client.json(.get, "\(path)?limit=1")["job"]?["result"]?["documents"]
            #expect(after?.arrayValue?.first?["removed"] == true && after?.arrayValue?.first?["location"] == location)
        }
    }

    @Test func `a document that fails takes none of its neighbours along`() async throws {
        try await TestServer.run(makeEmbedder: { _ in ChoosyEmbedder() }) { client in
            try await client.makeWorkspaces("w")
            let id = try await uploadMailbox(["one", "poison", "three"], query: "&onDuplicate=replace", client)
            let job = try #require(try await client.json(.get, "/v1/jobs/\(id.stringValue ?? "")")["job"])
            #expect(job["state"] == "succeeded" && job["result"]?["failedCount"] == 1)
            let placements = job["result"]?["documents"]?.arrayValue?.map { $0["embedding"]?.arrayValue?.first }
            #expect(placements?.map { $0?["embedded"] } == [true, false, true])
            #expect(placements?[1]?["error"] == .string(ChoosyEmbedder.refusal))
            // The next version: what has another subject is replaced, but for the one that cannot be.
            let again = try await uploadMailbox(["poison", "two", "four"], query: "&onDuplicate=replace", client)
            let second = try #require(try await client.json(.get, "/v1/jobs/\(again.stringValue ?? "")")["job"])
            #expect(second["state"] == "succeeded" && second["result"]?["failedCount"] == 1)
            let documents = second["result"]?["documents"]?.arrayValue ?? []
            #expect(documents.map { $0["error"] } == [.string(ChoosyEmbedder.refusal), .null, .null])
            #expect(documents.map { $0["title"] } == ["one.mbox", "two.mbox", "four.mbox"])
        }
    }

    @Test func `what an update of embeddings came to is told for each document that was named`() async throws {
        try await TestServer.run { client in
            try await client.makeWorkspaces("w")
            let known = try await client.upload("A text.", named: "a.txt", to: "")["documents"]?.arrayValue?.first
            let path = try #require(known?["location"])
            let answer = try await client.json(
                .post, "/v1/workspace/w/update-embeddings?async=true", ["adds": [path, "a/b.json"]])
            try await client.finishJobs()
            let job = try await client.json(.get, "/v1/jobs/\(answer["jobId"]?.stringValue ?? "")")["job"]
            let documents = job?["result"]?["documents"]?.arrayValue ?? []
            #expect(documents.map { $0["location"] } == [path, "a/b.json"])
            #expect(documents.map { $0["title"] } == ["a.txt", .null])
            #expect(documents.map { $0["error"] } == [.null, "There is no document of this name."])
        }
    }

    @Test func `many jobs are asked for at once by their ids`() async throws {
        try await TestServer.run { client in
            let ids = [try await submit("one", client), try await submit("two", client)]
            _ = try await submit("three", client)
            try await client.finishJobs()
            let found = try await client.json(.get, "/v1/jobs?ids=\(ids.joined(separator: ",")),nope")
            #expect(Set(found["jobs"]?.arrayValue?.compactMap { $0["id"]?.stringValue } ?? []) == Set(ids))
            #expect(found["totalCount"] == 2 && found["hasMore"] == false)
            let many = (0...200).map(String.init).joined(separator: ",")
            #expect(try await client.send(.get, "/v1/jobs?ids=\(many)").status == 400)
            try await client.makeWorkspaces("w")
            let confined = try await client.withKey(workspaces: .only([1]))
            #expect(try await confined.json(.get, "/v1/jobs?ids=\(ids[0])")["totalCount"] == 0)
        }
    }

    @Test func `a job tells how far it is while it embeds`() async throws {
        let embedder = StuckEmbedder()
        try await TestServer.run(makeEmbedder: { _ in embedder }) { client in
            try await client.makeWorkspaces("w")
            let answer = try await client.send(
                .post, "/v1/document/upload?async=true",
                raw: client.form(mailbox(["one", "two"]), named: "a.mbox", to: "w"),
                type: "multipart/form-data; boundary=b")
            let id = try #require(try JSON(parsing: answer.text)["jobId"]?.stringValue)
            try await embedder.isAsked.wait { $0 }
            let job = try #require(try await client.json(.get, "/v1/jobs/\(id)")["job"])
            #expect(job["stage"] == "embedding" && job["documents"] == 2 && job["documentsDone"] == 0)
            #expect(job["chunksTotal"] == 1 && job["chunksDone"] == 0)
            // There is no pace yet to judge by, and nothing to show for it.
            #expect(job["secondsLeft"] == .null && job["result"] == .null)
            _ = try await client.send(.delete, "/v1/jobs/\(id)")
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
                .post, "/v1/document/upload/Plans?async=true", raw: client.form("text", named: "t.txt", to: "w"),
                type: "multipart/form-data; boundary=b")
            let id = try #require(try JSON(parsing: answer.text)["jobId"]?.stringValue)
            try await embedder.isAsked.wait { $0 }
            let cancelled = try await client.send(.delete, "/v1/jobs/\(id)")
            #expect(cancelled.status == 200)
            #expect(try await client.json(.get, "/v1/jobs/\(id)")["job"]?["state"] == "cancelled")
            #expect(try await client.send(.delete, "/v1/jobs/\(id)").status == 200)
            let log = try await client.json(.get, "/v1/system/event-logs?event=job_cancelled")["logs"]?.arrayValue
            #expect(log?.map { $0["metadata"] } == [.string(#"{"jobId":"\#(id)","kind":"upload"}"#)])
            // What it had stored goes with it, a moment later.
            let left = {
                try await client.server.database.count(
                    "SELECT (SELECT COUNT(*) FROM document) + (SELECT COUNT(*) FROM folder WHERE name = 'Plans')")
            }
            for _ in 0..<500 where try await left() > 0 { try await Task.sleep(for: .milliseconds(20)) }
            #expect(try await left() == 0)
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

/// Embeds everything but what is about poison.
private struct ChoosyEmbedder: Embedder {
    static let refusal = "This cannot be embedded."
    let model = WordEmbedder().model

    func embed(_ texts: [String], as role: EmbeddingRole) async throws -> [Embedding] {
        guard !texts.contains(where: { $0.contains("poison") }) else {
            throw ServiceError(.unprocessable, Self.refusal)
        }
        return try await WordEmbedder().embed(texts, as: role)
    }

    func tokenCount(_ text: String) -> Int? { nil }
}
