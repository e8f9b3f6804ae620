import Crypto
import Domain
import HTTPTypes
import OrderedJSON
import Testing

/// Which files the library holds already.
@Suite struct KnownFileTests {
    private static func digest(_ text: String) -> JSON {
        .string(Array(SHA256.hash(data: Array(text.utf8))).hexadecimal)
    }

    private func known(
        _ digests: [JSON], query: String = "", _ client: TestClient
    ) async throws -> JSON {
        try await client.json(.post, "/v1/document/known\(query)", ["sha256": .array(digests)])
    }

    @Test func `a file is known by its bytes, with its place and its workspaces`() async throws {
        try await TestServer.run { client in
            try await client.makeWorkspaces("one", "two")
            let uploaded = try await client.upload("some text", named: "Ａ.txt", to: "two,one")
            let document = try #require(uploaded["documents"]?.arrayValue?.first)
            let answer = try await known([Self.digest("some text"), Self.digest("other")], client)
            #expect(answer["hasMore"] == false)
            let found = try #require(answer["documents"]?.arrayValue)
            #expect(found.count == 1 && found[0]["sha256"] == Self.digest("some text"))
            #expect(found[0]["location"] == document["location"] && found[0]["name"] == document["name"])
            #expect(found[0]["fileName"] == "Ａ.txt" && found[0]["title"] == "Ａ.txt")
            #expect(found[0]["uploadFolder"] == "custom-documents")
            #expect(Set(found[0]["workspaces"]?.arrayValue?.compactMap(\.stringValue) ?? []) == ["one", "two"])
        }
    }

    @Test func `digests count in either case and once`() async throws {
        try await TestServer.run { client in
            _ = try await client.upload("text", named: "a.txt", to: "")
            let digest = try #require(Self.digest("text").stringValue)
            let answer = try await known([.string(digest.uppercased()), .string(digest)], client)
            #expect(answer["documents"]?.arrayValue?.count == 1)
            #expect(answer["documents"]?.arrayValue?.first?["sha256"] == .string(digest))
        }
    }

    @Test func `many documents of one file come in parts`() async throws {
        try await TestServer.run { client in
            for number in 0..<3 { _ = try await client.upload("text", named: "\(number).txt", to: "") }
            let first = try await known([Self.digest("text")], query: "?limit=2", client)
            #expect(first["hasMore"] == true)
            let second = try await known([Self.digest("text")], query: "?limit=2&offset=2", client)
            #expect(second["hasMore"] == false)
            let names = [first, second].flatMap { $0["documents"]?.arrayValue ?? [] }.compactMap { $0["fileName"] }
            #expect(names == ["0.txt", "1.txt", "2.txt"])
        }
    }

    @Test func `a version that was replaced is known no more`() async throws {
        try await TestServer.run { client in
            for text in ["old", "new"] {
                _ = try await client.send(
                    .post, "/v1/document/upload?onDuplicate=replace", raw: client.form(text, named: "a.txt", to: ""),
                    type: "multipart/form-data; boundary=b")
            }
            #expect(try await known([Self.digest("old")], client)["documents"] == [])
            #expect(try await known([Self.digest("new")], client)["documents"]?.arrayValue?.count == 1)
        }
    }

    @Test func `documents and workspaces of others stay unknown`() async throws {
        try await TestServer.run { client in
            try await client.makeWorkspaces("one", "two")
            _ = try await client.upload("secret", named: "s.txt", to: "two")
            _ = try await client.upload("shared", named: "c.txt", to: "one,two")
            let confined = try await client.withKey(workspaces: .only([1]))
            _ = try await confined.upload("own", named: "o.txt", to: "")
            let answer = try await known(["secret", "shared", "own"].map(Self.digest), confined)
            let found = answer["documents"]?.arrayValue ?? []
            #expect(Set(found.compactMap { $0["fileName"]?.stringValue }) == ["c.txt", "o.txt"])
            #expect(found.first { $0["fileName"] == "c.txt" }?["workspaces"] == ["one"])
        }
    }

    @Test func `what is no list of digests is refused`() async throws {
        try await TestServer.run { client in
            let wrong: [JSON] = [
                [:], ["sha256": []], ["sha256": "x"], ["sha256": [1]], ["sha256": ["abc"]],
                ["sha256": [.string(String(repeating: "g", count: 64))]],
            ]
            for body in wrong {
                let answer = try await client.send(.post, "/v1/document/known", body)
                #expect(answer.status == 400, "\(body.text)")
            }
            let many = JSON.array((0...500).map { Self.digest("\($0)") })
            #expect(try await client.send(.post, "/v1/document/known", ["sha256": many]).status == 413)
            let digest: JSON = ["sha256": [Self.digest("x")]]
            for query in ["limit=0", "limit=1001", "offset=-1", "limit=x"] {
                #expect(try await client.send(.post, "/v1/document/known?\(query)", digest).status == 400)
            }
        }
    }
}
