import Domain
import HTTPTypes
import OrderedJSON
import Testing

/// Vector stores that are made, filled and deleted.
@Suite struct VectorStoreWritingTests {
    private static let stores = "/v1/openai/vector_stores"

    @Test func `a store is made, renamed and deleted`() async throws {
        try await TestServer.run { client in
            let store = try await client.json(
                .post, Self.stores, ["name": "Port papers", "metadata": ["team": "port"]])
            #expect(store["object"] == "vector_store" && store["id"] == "port-papers" && store["name"] == "Port papers")
            #expect(store["metadata"] == ["team": "port"] && store["status"] == "completed")
            let workspaces = try await client.json(.get, "/v1/workspaces")["workspaces"]?.arrayValue
            #expect(workspaces?.map { $0["slug"] } == ["port-papers"])
            let renamed = try await client.json(.post, Self.stores + "/port-papers", ["name": "Papers"])
            #expect(renamed["name"] == "Papers" && renamed["metadata"] == ["team": "port"])
            let changed = try await client.json(.post, Self.stores + "/port-papers", ["metadata": [:]])
            #expect(changed["name"] == "Papers" && changed["metadata"] == [:])
            let deleted = try await client.json(.delete, Self.stores + "/port-papers")
            #expect(deleted == ["id": "port-papers", "object": "vector_store.deleted", "deleted": true])
            let gone = try await client.send(.get, Self.stores + "/port-papers")
            #expect(gone.status == 404)
            let nameless = try await client.json(.post, Self.stores, [:])
            #expect(nameless["name"] == "Vector store")
        }
    }

    @Test func `files are put in, embedded, found and taken out`() async throws {
        try await TestServer.run { client in
            let id = try #require(try await client.uploadFile("The crane lifts forty tons.", named: "crane.txt")["id"])
            _ = try await client.json(.post, "/v1/workspace/new", ["name": "w", "similarityThreshold": 0.1])
            let path = Self.stores + "/w/files"
            let added = try await client.json(.post, path, ["file_id": id])
            #expect(added["object"] == "vector_store.file" && added["id"] == id && added["vector_store_id"] == "w")
            #expect(["in_progress", "completed"].contains(added["status"]))
            try await client.finishJobs()
            let file = try await client.json(.get, "\(path)/\(id.stringValue ?? "")")
            #expect(file["status"] == "completed" && file["last_error"] == .null && file["id"] == id)
            #expect(file["usage_bytes"] == JSON(4 * WordEmbedder.dimensions))
            let store = try await client.json(.get, Self.stores + "/w")
            #expect(store["file_counts"]?["completed"] == 1 && store["file_counts"]?["total"] == 1)
            let found = try await client.json(.post, Self.stores + "/w/search", ["query": "crane"])
            #expect(found["data"]?.arrayValue?.first?["file_id"] == id)
            let content = try await client.json(.get, "\(path)/\(id.stringValue ?? "")/content")
            #expect(content["data"] == [["type": "text", "text": "The crane lifts forty tons."]])
            let removed = try await client.json(.delete, "\(path)/\(id.stringValue ?? "")")
            #expect(removed["deleted"] == true && removed["object"] == "vector_store.file.deleted")
            let left = try await client.json(.get, path)
            #expect(left["data"] == [])
            let kept = try await client.send(.get, "/v1/openai/files/\(id.stringValue ?? "")")
            #expect(kept.status == 200)
        }
    }

    @Test func `a batch is told of until all its files are embedded`() async throws {
        try await TestServer.run { client in
            var ids: [JSON] = []
            for name in ["one", "two", "three"] {
                ids.append(try await client.uploadFile("The \(name) crane.", named: "\(name).txt")["id"] ?? nil)
            }
            let store = try await client.json(.post, Self.stores, ["name": "w", "file_ids": [ids[0]]])
            #expect(store["file_counts"]?["total"] == 1)
            let made = try await client.json(
                .post, Self.stores + "/w/file_batches", ["file_ids": [ids[1], ids[2], ids[2]]])
            #expect(made["object"] == "vector_store.files_batch" && made["file_counts"]?["total"] == 2)
            try await client.finishJobs()
            let path = Self.stores + "/w/file_batches/\(made["id"]?.stringValue ?? "")"
            let batch = try await client.json(.get, path)
            #expect(batch["status"] == "completed" && batch["file_counts"]?["completed"] == 2)
            let files = try await client.json(.get, path + "/files?filter=completed")
            #expect(Set((files["data"]?.arrayValue ?? []).compactMap { $0["id"]?.stringValue }).count == 2)
            let cancelled = try await client.json(.post, path + "/cancel")
            #expect(cancelled["status"] == "completed")
            let whole = try await client.json(.get, Self.stores + "/w")
            #expect(whole["status"] == "completed" && whole["file_counts"]?["completed"] == 3)
            let other = try await client.json(
                .post, Self.stores + "/w/file_batches", ["files": [["file_id": ids[0]]]])
            #expect(other["file_counts"]?["total"] == 1)
            let unknown = try await client.send(.get, Self.stores + "/w/file_batches/vsfb_none")
            #expect(unknown.status == 404)
        }
    }

    @Test func `the sheets of a workbook are one file`() async throws {
        try await TestServer.run { client in
            let mails =
                "From a@b.c Thu Jan  1 00:00:00 2026\nSubject: One\n\nfirst crane\n\n"
                + "From a@b.c Thu Jan  1 00:00:00 2026\nSubject: Two\n\nsecond crane\n"
            let id = try #require(try await client.uploadFile(mails, named: "mails.mbox")["id"])
            let files = try await client.json(.get, "/v1/openai/files")
            #expect(files["data"]?.arrayValue?.map { $0["id"] } == [id])
            _ = try await client.json(.post, Self.stores, ["name": "w", "file_ids": [id]])
            try await client.finishJobs()
            let inside = try await client.json(.get, Self.stores + "/w/files")
            #expect(inside["data"]?.arrayValue?.map { $0["id"] } == [id])
            let documents = try await client.json(.get, "/v1/workspace/w")["workspace"]?.arrayValue?.first?["documents"]
            #expect(documents?.arrayValue?.count == 2)
            let content = try await client.json(.get, Self.stores + "/w/files/\(id.stringValue ?? "")/content")
            #expect(content["data"]?.arrayValue?.count == 2)
            _ = try await client.json(.delete, Self.stores + "/w/files/\(id.stringValue ?? "")")
            let store = try await client.json(.get, Self.stores + "/w")
            #expect(store["file_counts"]?["total"] == 0 && store["usage_bytes"] == 0)
        }
    }

    @Test func `what a store cannot be is refused, and nothing is made`() async throws {
        try await TestServer.run { client in
            let id = try await client.uploadFile("x", named: "x.txt")["id"] ?? nil
            for (body, status, parameter) in [
                (["name": 1], 400, "name"), (["file_ids": "x"], 400, "file_ids"),
                (["file_ids": ["file-none"]], 404, "file_ids"), (["metadata": ["a": 1]], 400, "metadata"),
                (["expires_after": ["anchor": "last_active_at", "days": 1]], 400, "expires_after"),
                (["chunking_strategy": ["type": "static"]], 400, "chunking_strategy.type"),
            ] as [(JSON, Int, String)] {
                let answer = try await client.send(.post, Self.stores, body)
                #expect(answer.status == status)
                #expect(try JSON(parsing: answer.text)["error"]?["param"]?.stringValue == parameter)
            }
            let stores = try await client.json(.get, Self.stores)
            #expect(stores["data"] == [])
            try await client.makeWorkspaces("w")
            for (path, body, status) in [
                ("files", [:], 400), ("files", ["file_id": "file-none"], 404),
                ("files", ["file_id": id, "attributes": ["a": "b"]], 400), ("file_batches", [:], 400),
                ("file_batches", ["file_ids": [id, "none"]], 404),
            ] as [(String, JSON, Int)] {
                let answer = try await client.send(.post, "\(Self.stores)/w/\(path)", body)
                #expect(answer.status == status, "\(path) \(body.text)")
            }
            let files = try await client.json(.get, Self.stores + "/w/files")
            #expect(files["data"] == [])
        }
    }

    @Test func `workspaces that are protected are not deleted here either`() async throws {
        try await TestServer.run(environment: ["WORKSPACE_DELETION_PROTECTION": "true"]) { client in
            try await client.makeWorkspaces("w")
            let answer = try await client.send(.delete, Self.stores + "/w")
            #expect(answer.status == 403 && answer.text.contains("permission_error"))
        }
    }
}
