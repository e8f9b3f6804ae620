import Domain
import Foundation
import HTTPTypes
import NIOCore
import OrderedJSON
import Testing

/// Rows of the attack catalogue that concern the API as a whole; the number is in each name.
@Suite struct AttackTests {
    @Test(arguments: ["'; DROP TABLE workspace; --", "\" OR 1=1", "%", "$1", "?1", "\\", "\u{202E}x", "👩‍👩‍👧‍👦"])
    func `A12 SQL in a text is text`(name: String) async throws {
        try await TestServer.run { client in
            let made = try await client.json(.post, "/v1/workspace/new", ["name": .string(name)])
            #expect(made["workspace"]?["name"]?.stringValue == name)
            let path = name.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
            let found = try await client.json(.get, "/v1/workspace/\(path)")
            #expect(found["workspace"] == [])
            let all = try await client.json(.get, "/v1/workspaces")["workspaces"]?.arrayValue?.count
            #expect(all == 1)
        }
    }

    @Test(arguments: [
        "..%2f..%2fetc%2fpasswd", "%2e%2e", "....%2f%2f", "..%5c..%5cx", "%2fetc%2fpasswd", "%00", "a%00b",
        "custom-documents%2f..%2fx.json",
    ])
    func `A1 no name leads out of the documents`(name: String) async throws {
        try await TestServer.run { client in
            let document = try await client.send(.get, "/v1/document/\(name)")
            #expect(document.status == 404)
            #expect(try JSON(parsing: document.text)["error"] != nil)
            let folder = try await client.send(
                .post, "/v1/document/upload/\(name)",
                raw: "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.txt\"\r\n\r\nx\r\n--b--\r\n",
                type: "multipart/form-data; boundary=b")
            #expect(folder.status == 500)
            #expect(try JSON(parsing: folder.text)["success"] == false)
        }
    }

    @Test func `A21 a path that is written otherwise gets the same verdict`() async throws {
        try await TestServer.run { client in
            for path in ["/v1/system", "//v1//system", "/v1/system/", "/V1/SYSTEM"] {
                let (status, _) = try await client.send(.get, path, authorization: "Bearer wrong")
                #expect(status == 403, "\(path)")
            }
            for path in ["/v1/./system", "/v1/%73ystem", "/v1/x/../system"] {
                let (status, _) = try await client.send(.get, path, authorization: "Bearer wrong")
                #expect(status == 404, "\(path)")
            }
        }
    }

    @Test func `A40 values of the wrong type are refused or coerced, and change nothing`() async throws {
        try await TestServer.run { client in
            _ = try await client.json(.post, "/v1/workspace/new", ["name": "w"])
            for value in [7, true, [], [:], nil, 1.5, "x"] as [JSON] {
                for (path, key) in [
                    ("/v1/workspace/w/chat", "message"), ("/v1/workspace/w/chat", "mode"),
                    ("/v1/workspace/w/vector-search", "query"), ("/v1/workspace/w/update-embeddings", "adds"),
                    ("/v1/document/raw-text", "textContent"), ("/v1/openai/chat/completions", "messages"),
                    ("/v1/openai/embeddings", "input"), ("/v1/workspace/w/update", "topN"),
                ] {
                    let (status, text) = try await client.send(.post, path, [key: value])
                    #expect([200, 400, 401, 422].contains(status), "\(path) \(key) \(value.text): \(status)")
                    #expect(throws: Never.self) { try JSON(parsing: text) }
                }
            }
            let workspaces = try await client.json(.get, "/v1/workspaces")["workspaces"]?.arrayValue
            #expect(workspaces?.count == 1)
            #expect(workspaces?.first?["topN"] == 4)
        }
    }

    @Test func `A42 an Authorization header that is none lets nobody in`() async throws {
        try await TestServer.run { client in
            for header in [
                "", " ", "Bearer", "Bearer  ", "Bearer \u{1}", "Bearer \(client.key), Bearer \(client.key)",
                "Bearer \(client.key) \(client.key)", "Bearer \(client.key.lowercased())",
                "Bearer " + String(repeating: "a", count: 10_000), "\(client.key)", "Token \(client.key)",
                "Basic \(client.key)", "é \(client.key.dropLast())",
            ] {
                let (status, _) = try await client.send(.get, "/v1/auth", authorization: header)
                #expect(status == 403, "\(header.prefix(60))")
            }
            // Neither the case of the scheme nor blanks matter.
            for header in ["bearer \(client.key)", "BEARER\t\(client.key)", "Bearer   \(client.key)"] {
                let (status, _) = try await client.send(.get, "/v1/auth", authorization: header)
                #expect(status == 200, "\(header)")
            }
        }
    }

    @Test(arguments: ["0", "-1", "9223372036854775808", "1.5", "NaN", "1%20or%201=1", "null"])
    func `A43 an id that is none finds nothing`(id: String) async throws {
        try await TestServer.run { client in
            let (status, text) = try await client.send(.get, "/v1/jobs/\(id)")
            #expect(status == 404)
            #expect(try JSON(parsing: text)["error"] != nil)
        }
    }

    @Test func `A44 texts of ten megabytes are refused, and odd ones come back as they went`() async throws {
        try await TestServer.run { client in
            let long = JSON.string(String(repeating: "x", count: 10 << 20))
            let name = try await client.send(.post, "/v1/workspace/new", ["name": long])
            #expect(name.status == 413)
            _ = try await client.json(.post, "/v1/workspace/new", ["name": "w"])
            let message = try await client.send(.post, "/v1/workspace/w/chat", ["message": long])
            #expect(message.status == 400)
            let query = try await client.send(.post, "/v1/workspace/w/vector-search", ["query": long])
            #expect(query.status == 413)
            for odd in ["e\u{301} 👩‍👩‍👧‍👦", "\u{1}\u{1F}\u{7F}", "\u{FEFF}\u{202E}abc", "line\nline\ttab\"\\/"] {
                let made = try await client.json(.post, "/v1/workspace/new", ["name": .string(odd)])
                let slug = try #require(made["workspace"]?["slug"]?.stringValue)
                let found = try await client.json(.get, "/v1/workspace/\(slug)")
                #expect(found["workspace"]?.arrayValue?.first?["name"]?.stringValue == odd)
            }
            // NUL is what no database takes.
            let nul = try await client.send(.post, "/v1/workspace/new", raw: #"{"name":"a\u0000b"}"#)
            #expect(nul.status == 400)
            let text = try await client.send(
                .post, "/v1/document/raw-text", raw: #"{"textContent":"a\u0000b","metadata":{"title":"t"}}"#)
            #expect(text.text.contains("\"pageContent\":\"a\u{FFFD}b\""))
        }
    }

    @Test func `A49 uploads of one name side by side do not mix`() async throws {
        try await TestServer.run { client in
            _ = try await client.json(.post, "/v1/workspace/new", ["name": "w"])
            let texts = (0..<100).map { "Document number \($0) of a hundred." }
            let answers = try await withThrowingTaskGroup(of: (String, JSON).self) { group in
                for text in texts { group.addTask { (text, try await client.upload(text, named: "same.txt")) } }
                return try await group.reduce(into: [(String, JSON)]()) { $0.append($1) }
            }
            for (text, answer) in answers {
                #expect(answer["documents"]?.arrayValue?.first?["pageContent"]?.stringValue == text)
            }
            let locations = Set(answers.compactMap { $0.1["documents"]?.arrayValue?.first?["location"]?.stringValue })
            #expect(locations.count == 100)
            let count = try await client.json(.get, "/v1/system/vector-count")["vectorCount"]
            #expect(count == 100)
        }
    }

    @Test func `A49 a workspace that is deleted while it is filled leaves no vectors`() async throws {
        try await TestServer.run { client in
            let stored = try await client.upload("The harbour opens at seven.", named: "a.txt", to: "")
            let path = try #require(stored["documents"]?.arrayValue?.first?["location"]?.stringValue)
            for _ in 0..<20 {
                _ = try await client.json(.post, "/v1/workspace/new", ["name": "w"])
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for _ in 0..<3 {
                        group.addTask {
                            _ = try await client.send(
                                .post, "/v1/workspace/w/update-embeddings", ["adds": [.string(path)]])
                            _ = try await client.send(.post, "/v1/workspace/w/chat", ["message": "harbour"])
                        }
                        group.addTask {
                            _ = try await client.send(
                                .post, "/v1/workspace/w/update-embeddings", ["deletes": [.string(path)]])
                        }
                    }
                    group.addTask { _ = try await client.send(.delete, "/v1/workspace/w") }
                    try await group.waitForAll()
                }
                _ = try await client.send(.delete, "/v1/workspace/w")
            }
            let workspaces = try await client.json(.get, "/v1/workspaces")["workspaces"]
            #expect(workspaces == [])
            let count = try await client.json(.get, "/v1/system/vector-count")["vectorCount"]
            #expect(count == 0)
        }
    }
}
