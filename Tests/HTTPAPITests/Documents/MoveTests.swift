import Domain
import HTTPAPI
import HTTPTypes
import OrderedJSON
import Persistence
import Testing

/// Files move with all that hangs on them, or stay where they are.
@Suite struct MoveTests {
    @Test func `a moved document keeps embedding, pin and name`() async throws {
        try await TestServer.run { client in
            try await client.makeWorkspaces("w")
            let path = try await client.uploadToFolder("A", "Otters live in rivers.", named: "a.txt", to: "w")
            let name = try #require(path.split(separator: "/").last)
            _ = try await client.json(
                .post, "/v1/workspace/w/update-pin", ["docPath": .string(path), "pinStatus": true])
            let before = try await client.member()
            // Into a folder that is made by this.
            let moved = try await client.send(
                .post, "/v1/document/move-files", ["files": [["from": .string(path), "to": .string("B b/\(name)")]]])
            #expect(moved.status == 200 && moved.text == #"{"success":true,"message":null}"#)
            let after = try await client.member()
            #expect(after["docpath"]?.stringValue == "B b/\(name)" && after["filename"] == before["filename"])
            for key in ["id", "docId", "pinned", "metadata", "createdAt"] {
                #expect(after[key] == before[key], "\(key)")
            }
            let found = try await client.json(
                .post, "/v1/workspace/w/vector-search", ["query": "Otters live in rivers.", "scoreThreshold": 0])
            #expect(found["results"]?.arrayValue?.count == 1)
            let listed = try await client.json(.get, "/v1/document/\(name)")["document"]
            #expect(listed?["cached"] == true && listed?["pinnedWorkspaces"] == [1])
            #expect(try await client.json(.get, "/v1/documents/folder/A")["documents"] == [])
            let names = try await client.json(.get, "/v1/documents")["localFiles"]?["items"]?.arrayValue
            #expect(names?.map { $0["name"] } == ["A", "B b"])
            #expect(try await client.eventNames().last == "documents_moved")
            // Where it was is free, and where it is it can be unpinned.
            let unpinned = try await client.send(
                .post, "/v1/workspace/w/update-pin", ["docPath": .string(path), "pinStatus": false])
            #expect(unpinned.status == 404)
        }
    }

    @Test func `nothing is overwritten, and nothing moves where something cannot`() async throws {
        try await TestServer.run { client in
            var paths: [String] = []
            for name in ["a.txt", "b.txt"] { paths.append(try await client.uploadToFolder("A", name, named: name)) }
            let taken = try await client.uploadToFolder("B", "c", named: "c.txt")
            let before = try await client.send(.get, "/v1/documents").text
            let lists: [([(String, String)], String)] = [
                ([(paths[0], "C/a.json"), (paths[1], taken)], "Failed to move some files. \(taken) already exists."),
                // Not even what the same list takes away.
                (
                    [(paths[0], paths[1]), (paths[1], "C/b.json")],
                    "Failed to move some files. \(paths[1]) already exists."
                ),
                ([(paths[0], "C/x.json"), (paths[1], "C/x.json")], "Failed to move some files."),
                ([(paths[0], "C/x.json"), (paths[0], "C/y.json")], "Failed to move some files."),
                ([(paths[0], "C/x.json"), ("A/none.json", "C/y.json")], "Failed to move some files."),
                ([(paths[0], "C/x.json"), ("A", "D")], "Failed to move some files."),
                ([(paths[0], "C/x.txt")], "Failed to move some files."),
                ([(paths[0], "C/x\u{202E}nosj.json")], "Failed to move some files."),
                ([(paths[0], "C/x\u{2028}y.json")], "Failed to move some files."),
                ([(paths[0], "x.md/x.json")], "Failed to move some files."),
                ([(paths[0], "a/b/x.json")], "Failed to move some files."),
            ]
            for (list, message) in lists {
                let files = list.map { JSON.object(["from": .string($0.0), "to": .string($0.1)]) }
                let answer = try await client.send(.post, "/v1/document/move-files", ["files": .array(files)])
                #expect(answer.status == 500)
                let body = try JSON(parsing: answer.text)
                #expect(body["success"] == false && body["message"]?.stringValue == message, "\(list)")
                #expect(body["failed"]?.arrayValue?.isEmpty == false)
            }
            for body in [
                [:], ["files": "x"], ["files": [["from": .string(paths[0])]]], ["files": [5]],
                ["files": [["from": "/", "to": "C/x.json"]]], ["files": [["from": .string(paths[0]), "to": "."]]],
            ] as [JSON] {
                let answer = try await client.send(.post, "/v1/document/move-files", body)
                #expect(answer.status == 500)
                #expect(answer.text == #"{"success":false,"message":"Failed to move files."}"#, "\(body.text)")
            }
            #expect(try await client.send(.get, "/v1/documents").text == before)
            let nothing = try await client.send(.post, "/v1/document/move-files", ["files": []])
            #expect(nothing.text == #"{"success":true,"message":null}"#)
        }
    }

    @Test func `the walk of existing clients ends where it should`() async throws {
        try await TestServer.run { client in
            try await client.makeWorkspaces("w")
            let uploaded = try await client.upload("Otters live in rivers.", named: "a.txt", to: "")
            let path = try #require(uploaded["documents"]?.arrayValue?.first?["location"]?.stringValue)
            let name = String(path.split(separator: "/").last ?? "")
            let cached = { try await client.json(.get, "/v1/document/\(name)")["document"]?["cached"] }
            #expect(try await cached() == false)
            _ = try await client.json(.post, "/v1/workspace/w/update-embeddings", ["adds": [.string(path)]])
            #expect(try await cached() == true)
            _ = try await client.json(.post, "/v1/document/create-folder", ["name": "F"])
            // Written as a path, not as the document's place.
            let moved = try await client.json(
                .post, "/v1/document/move-files",
                ["files": [["from": .string("./" + path), "to": .string("F//\(name)")]]])
            #expect(moved == ["success": true, "message": nil])
            let removed = try await client.json(
                .delete, "/v1/system/remove-documents",
                ["names": [.string("F/\(name)"), .string("./F/\(name)"), .string(path)]])
            #expect(removed["removed"] == [.string("F/\(name)")] && removed["notFound"] == [.string(path)])
            #expect(removed["workspaces"] == [["workspace": "w", "documents": 1]])
            #expect(try await client.send(.get, "/v1/document/\(name)").status == 404)
        }
    }

    @Test func `a confined key moves what it has brought in, and nothing else`() async throws {
        try await Tenants.run { tenants in
            let own = try await tenants.mine.uploadToFolder("A", "mine", named: "m.txt")
            // In its workspace, but somebody else's.
            let shared = try #require(
                try await tenants.client.json(.get, "/v1/workspace/mine")["workspace"]?.arrayValue?.first?["documents"]?
                    .arrayValue?.first?["docpath"]?.stringValue)
            for path in [shared, tenants.theirPath] {
                let answer = try await tenants.mine.send(
                    .post, "/v1/document/move-files", ["files": [["from": .string(path), "to": "A/x.json"]]])
                #expect(answer.status == 500 && answer.text.contains("Failed to move some files."))
            }
            let moved = try await tenants.mine.json(
                .post, "/v1/document/move-files", ["files": [["from": .string(own), "to": "A/x.json"]]])
            #expect(moved["success"] == true)
            #expect(try await tenants.mine.send(.get, "/v1/document/x.json").status == 200)
        }
    }

    @Test func `two who move to one place do not overwrite each other`() async throws {
        try await TestServer.run { client in
            var paths: [String] = []
            for name in 0..<8 { paths.append(try await client.uploadToFolder("A", "\(name)", named: "\(name).txt")) }
            let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
                for path in paths {
                    group.addTask {
                        try await client.send(
                            .post, "/v1/document/move-files",
                            ["files": [["from": .string(path), "to": "B/one.json"]]]
                        ).status
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(statuses.count { $0 == 200 } == 1)
            #expect(try await client.json(.get, "/v1/documents/folder/A")["totalCount"] == 7)
            #expect(try await client.json(.get, "/v1/documents/folder/B")["totalCount"] == 1)
        }
    }
}

extension TestClient {
    /// The only document of the workspace `w`.
    fileprivate func member() async throws -> JSON {
        let workspace = try await json(.get, "/v1/workspace/w")["workspace"]?.arrayValue?.first
        let documents = try #require(workspace?["documents"]?.arrayValue)
        try #require(documents.count == 1)
        return documents[0]
    }
}
