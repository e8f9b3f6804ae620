import Domain
import Engine
import HTTPAPI
import HTTPTypes
import OrderedJSON
import Testing

/// Documents as OpenAI's files.
@Suite struct FileTests {
    @Test func `a file is uploaded, listed, read and deleted`() async throws {
        try await TestServer.run { client in
            let file = try await client.uploadFile("The harbour opens at seven.", named: "harbour.txt")
            #expect(file["object"] == "file" && file["status"] == "processed" && file["purpose"] == "user_data")
            #expect(file["filename"] == "harbour.txt" && file["bytes"] == 27)
            let id = try #require(file["id"]?.stringValue)
            #expect(id.hasPrefix("file-"))
            let found = try await client.json(.get, "/v1/openai/files/\(id)")
            #expect(found == file)
            let content = try await client.send(.get, "/v1/openai/files/\(id)/content")
            #expect(content.text == "The harbour opens at seven.")
            let library = try await client.send(.get, "/v1/documents").text
            #expect(library.contains("harbour.txt"))
            let deleted = try await client.json(.delete, "/v1/openai/files/\(id)")
            #expect(deleted == ["id": .string(id), "object": "file", "deleted": true])
            for (method, end) in [(HTTPRequest.Method.get, ""), (.get, "/content"), (.delete, "")] {
                let gone = try await client.send(method, "/v1/openai/files/\(id)\(end)")
                #expect(gone.status == 404 && gone.text.contains("No file found with id '\(id)'"))
            }
            let rest = try await client.send(.get, "/v1/documents").text
            #expect(!rest.contains("harbour.txt"))
        }
    }

    @Test func `documents that came in another way are files as well, the last first`() async throws {
        try await TestServer.run { client in
            _ = try await client.upload("one", named: "one.txt", to: "")
            let sent = try await client.uploadFile("two", named: "two.txt")
            let all = try await client.json(.get, "/v1/openai/files")
            #expect(all["data"]?.arrayValue?.map { $0["filename"] } == ["two.txt", "one.txt"])
            #expect(all["has_more"] == false && all["first_id"] == sent["id"])
            let page = try await client.json(.get, "/v1/openai/files?limit=1&order=asc")
            #expect(page["data"]?.arrayValue?.map { $0["filename"] } == ["one.txt"] && page["has_more"] == true)
            let next = try await client.json(
                .get, "/v1/openai/files?limit=1&order=asc&after=\(page["last_id"]?.stringValue ?? "")")
            #expect(next["data"]?.arrayValue == [sent] && next["has_more"] == false)
            let purpose = try await client.json(.get, "/v1/openai/files?purpose=assistants")
            #expect(purpose["data"]?.arrayValue?.map { $0["bytes"] } == [3])
            for query in ["limit=0", "limit=10001", "order=up", "after=file-none"] {
                let wrong = try await client.send(.get, "/v1/openai/files?\(query)")
                #expect(wrong.status == 400, "\(query)")
            }
        }
    }

    @Test func `an upload that is wrong leaves nothing behind`() async throws {
        try await TestServer.run { client in
            for (purpose, name, text, parameter) in [
                ("fine-tune", "a.txt", "x", "purpose"), ("", "a.txt", "x", "purpose"),
                ("user_data", "a.xyz", "\u{0}\u{1}\u{2}", nil), ("user_data", "a.txt", " ", nil),
            ] as [(String, String, String, String?)] {
                let (status, body) = try await client.sendFile(text, named: name, purpose: purpose)
                #expect(status == 400, "\(name) \(purpose) \(body)")
                let error = try JSON(parsing: body)["error"]
                #expect(error?["param"]?.stringValue == parameter && error?["message"]?.stringValue?.isEmpty == false)
            }
            let none = try await client.send(.post, "/v1/openai/files", ["purpose": "user_data"])
            #expect(none.status == 400)
            let files = try await client.json(.get, "/v1/openai/files")
            #expect(files["data"] == [])
            #expect(client.server.services.library.ingestion.spool.removeLeftovers() == 0)
        }
    }

    @Test func `another tenant's file is none, and a key removes what it has uploaded`() async throws {
        try await Tenants.run { tenants in
            let own = try await tenants.mine.uploadFile("mine", named: "mine.txt")
            let theirs = try await tenants.theirs.uploadFile("secret", named: "secret2.txt")
            let id = theirs["id"]?.stringValue ?? ""
            for (method, path, body) in [
                (HTTPRequest.Method.get, "files/\(id)", nil), (.get, "files/\(id)/content", nil),
                (.delete, "files/\(id)", nil), (.post, "vector_stores/mine/files", ["file_id": .string(id)]),
                (.post, "vector_stores/mine/file_batches", ["file_ids": [.string(id)]]),
                (.post, "vector_stores/theirs/files", ["file_id": own["id"] ?? nil]),
                (.get, "vector_stores/theirs/file_batches/x", nil), (.post, "vector_stores/theirs", ["name": "x"]),
                (.delete, "vector_stores/theirs", nil),
            ] as [(HTTPRequest.Method, String, JSON?)] {
                let answer = try await tenants.mine.send(method, "/v1/openai/\(path)", body)
                #expect(answer.status == 404, "\(method) \(path)")
                #expect(!answer.text.contains("secret"))
            }
            let made = try await tenants.mine.send(.post, "/v1/openai/vector_stores", ["name": "x"])
            #expect(made.status == 403)
            let listed = try await tenants.mine.send(.get, "/v1/openai/files").text
            #expect(listed.contains("mine.txt") && listed.contains("ours.txt") && !listed.contains("secret"))
            // An operator has put this one into the workspace.
            let ours = try await tenants.mine.json(.get, "/v1/openai/vector_stores/mine/files")
            let foreign = ours["data"]?.arrayValue?.first?["id"]?.stringValue ?? ""
            let refused = try await tenants.mine.send(.delete, "/v1/openai/files/\(foreign)")
            #expect(refused.status == 403)
            let deleted = try await tenants.mine.send(.delete, "/v1/openai/files/\(own["id"]?.stringValue ?? "")")
            #expect(deleted.status == 200)
        }
    }
}

extension TestClient {
    func sendFile(
        _ text: String, named name: String, purpose: String = "user_data"
    ) async throws -> (status: Int, text: String) {
        let form =
            "--b\r\nContent-Disposition: form-data; name=\"purpose\"\r\n\r\n\(purpose)\r\n"
            + "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"\(name)\"\r\n\r\n\(text)\r\n--b--\r\n"
        return try await send(.post, "/v1/openai/files", raw: form, type: "multipart/form-data; boundary=b")
    }

    func uploadFile(_ text: String, named name: String) async throws -> JSON {
        let (status, body) = try await sendFile(text, named: name)
        try #require(status == 200, "\(body)")
        return try JSON(parsing: body)
    }
}
