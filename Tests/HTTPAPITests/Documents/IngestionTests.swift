import Domain
import Engine
import Foundation
import HTTPAPI
import HTTPTypes
import OrderedJSON
import Persistence
import SQLiteDriver
import Testing

/// The way from what is sent to documents, in files, in texts, and in whatever comes later.
@Suite struct IngestionTests {
    @Test func `what a client says of a text is bounded, whatever it says it of`() async throws {
        try await TestServer.run { client in
            // One character of a megabyte is cut, too.
            for long in [String(repeating: "a", count: 2 << 20), "a" + String(repeating: "\u{301}", count: 1 << 20)] {
                let metadata: JSON = [
                    "title": .string(long), "docAuthor": .string(long), "description": .string(long),
                    "docSource": .string(long), "chunkSource": .string(long), "url": .string("https://" + long),
                    "other": .string(long),
                ]
                let added = try await client.json(
                    .post, "/v1/document/raw-text", ["textContent": "x", "metadata": metadata])
                let document = try #require(added["documents"]?.arrayValue?.first)
                for key in ["title", "docAuthor", "description", "docSource", "chunkSource", "url"] {
                    let length = try #require(document[key]?.stringValue).utf16.count
                    #expect((1...4200).contains(length), "\(key)")
                }
            }
            let rows = try await client.server.database.read("SELECT attributes FROM document") { row in
                try row.get("attributes", as: String.self)
            }
            #expect(rows.count == 2 && rows.allSatisfy { $0.utf16.count < 5000 })
        }
    }

    @Test func `a text is a job that a crash does not lose`() async throws {
        try await TestServer.withDirectory { directory in
            let server = try await TestServer(directory: directory)
            var metadata = DocumentMetadata()
            metadata.title = "kept"
            let wishes = IngestionService.Wishes(metadata: metadata, workspaces: [], isAwaited: true)
            let job = try await server.services.library.ingestion.submit("The text.", wishes, by: .system)
            // Nothing has run yet, as after a crash.
            #expect(try await JobStore(server.database).unfinished().map(\.id) == [job.id])
            let spool = directory + "/spool"
            #expect(try FileManager.default.contentsOfDirectory(atPath: spool).count == 1)
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await server.services.administration.jobs.run() }
                let result = try await server.services.library.ingestion.result(of: job)
                #expect(result.documents.map(\.text) == ["The text."])
                #expect(result.documents.map(\.document.title) == ["kept.txt"])
                group.cancelAll()
            }
            #expect(try FileManager.default.contentsOfDirectory(atPath: spool) == [])
        }
    }

    @Test(arguments: [false, true])
    func `the event log tells of uploads, whether somebody waits for them or not`(isAsync: Bool) async throws {
        try await TestServer.run { client in
            try await client.makeWorkspaces("w")
            let query = isAsync ? "?async=true" : ""
            let form = client.form("A text.", named: "a.txt", to: "w")
            let uploaded = try await client.send(
                .post, "/v1/document/upload\(query)", raw: form, type: "multipart/form-data; boundary=b")
            let added = try await client.send(
                .post, "/v1/document/raw-text\(query)",
                ["textContent": "Another text.", "metadata": ["title": "b"], "addToWorkspaces": "w"])
            for answer in [uploaded, added] {
                #expect(answer.status == (isAsync ? 202 : 200))
                guard isAsync else { continue }
                let id = try #require(try JSON(parsing: answer.text)["jobId"]?.stringValue)
                _ = try await client.server.services.administration.jobs.outcome(of: id)
            }
            let events = try await client.events()
            #expect(
                Set(events) == [
                    #"api_workspace_created {"workspaceName":"w"}"#,
                    #"api_document_uploaded {"documentName":"a.txt","folder":"custom-documents"}"#,
                    #"api_raw_document_uploaded {}"#,
                    #"workspace_documents_added {"workspaceName":"w","numberOfDocumentsAdded":1}"#,
                ])
            #expect(events.count == 5)
        }
    }

    @Test func `a document that could not be embedded is counted as failed, and named`() async throws {
        try await TestServer.run { client in
            try await client.makeWorkspaces("w")
            let added = try await client.json(
                .post, "/v1/document/raw-text",
                ["textContent": "  \n ", "metadata": ["title": "blank"], "addToWorkspaces": "w,nope"])
            #expect(added["success"] == true)
            let path = try #require(added["documents"]?.arrayValue?.first?["location"]?.stringValue)
            let placements = try #require(added["embedding"]?.arrayValue)
            #expect(placements.map { $0["embedded"] } == [false, false])
            #expect(placements.map { $0["location"] } == [.string(path), .null])
            let update = try await client.json(
                .post, "/v1/workspace/w/update-embeddings", ["adds": [.string(path)], "deletes": [.string(path)]])
            #expect(update["failed"]?.arrayValue?.map { $0["path"] } == [.string(path)])
            let failure =
                #"workspace_documents_failed {"workspaceName":"w","numberOfDocumentsFailed":1,"documents":["\#(path)"]}"#
            #expect(try await client.events().dropFirst() == ["api_raw_document_uploaded {}", failure, failure])
        }
    }

    @Test func `one update may name many documents, and not any number`() async throws {
        try await TestServer.run { client in
            try await client.makeWorkspaces("w")
            let known = try await client.upload("A text.", named: "a.txt", to: "")["documents"]?.arrayValue?.first
            let path = try #require(known?["location"]?.stringValue)
            let unknown = (0..<5000).map { JSON.string("custom-documents/\($0).json") }
            let update = try await client.json(
                .post, "/v1/workspace/w/update-embeddings",
                ["adds": .array(unknown + [.string(path)]), "deletes": .array(unknown)])
            #expect(update["failed"]?.arrayValue?.count == 5000)
            #expect(update["workspace"]?["documents"]?.arrayValue?.map { $0["docpath"] } == [.string(path)])
            let many = JSON.array((0..<EmbeddingsUpdate.maximumCount).map { .string("a/\($0)") })
            let (status, text) = try await client.send(
                .post, "/v1/workspace/w/update-embeddings", ["adds": many, "deletes": ["a/b"]])
            #expect(status == 413)
            #expect(text.contains("20000"))
        }
    }

    @Test func `a folder has one name, in whichever form of Unicode it is written`() async throws {
        try await TestServer.run { client in
            let (composed, decomposed) = ("%C3%9Cberblick", "U%CC%88berblick")
            for (name, folder) in [("a.txt", composed), ("b.txt", decomposed)] {
                let (status, _) = try await client.send(
                    .post, "/v1/document/upload/\(folder)", raw: client.form("Text of \(name)", named: name, to: ""),
                    type: "multipart/form-data; boundary=b")
                #expect(status == 200)
            }
            #expect(try await client.folderNames().map { Array($0.utf8) } == [Array("\u{DC}berblick".utf8)])
            for folder in [composed, decomposed] {
                let page = try await client.json(.get, "/v1/documents?folder=\(folder)")
                #expect(page["totalCount"] == 2)
                let documents = page["documents"]?.arrayValue ?? []
                let name = try #require(documents.first?["name"]?.stringValue)
                let (status, _) = try await client.send(.get, "/v1/document/\(folder)%2F\(name)")
                #expect(status == 200)
            }
        }
    }

    @Test func `folders that an earlier version stored in two forms become one`() async throws {
        try await TestServer.run { client in
            for (name, folder) in [("a.txt", "%C3%9Cberblick"), ("b.txt", "Fern")] {
                _ = try await client.send(
                    .post, "/v1/document/upload/\(folder)", raw: client.form("Text of \(name)", named: name, to: ""),
                    type: "multipart/form-data; boundary=b")
            }
            try await client.server.database.write(
                "UPDATE folder SET name = \("U\u{308}berblick"), lookalike_key = NULL WHERE name = 'Fern'")
            try await client.server.documents.tidyFolders()
            #expect(try await client.folderNames().map { Array($0.utf8) } == [Array("\u{DC}berblick".utf8)])
            #expect(try await client.json(.get, "/v1/documents?folder=%C3%9Cberblick")["totalCount"] == 2)
        }
    }
}

extension TestClient {
    /// The event log, each event in one line.
    func events() async throws -> [String] {
        try await server.database.read("SELECT name, metadata FROM event WHERE caller_kind <> 'system' ORDER BY id") {
            row in
            try "\(row.get("name", as: String.self)) \(row.get("metadata", as: String.self))"
        }
    }

    fileprivate func folderNames() async throws -> [String] {
        try await server.database.read("SELECT name FROM folder ORDER BY name") { try $0.get("name") }
    }
}
