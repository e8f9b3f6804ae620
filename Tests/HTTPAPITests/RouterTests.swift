import Domain
import HTTPTypes
import HummingbirdTesting
import NIOCore
import OrderedJSON
import Testing

@Suite struct RouterTests {
    @Test(arguments: ["", "Bearer", "Bearer ", "Bearer null", "Bearer AAAAAAA-BBBBBBB-CCCCCCC-DDDDDDD", "x"])
    func `nothing below v1 answers without a key`(authorization: String) async throws {
        try await TestServer.run { client in
            for (method, path) in [
                (HTTPRequest.Method.get, "/v1/auth"), (.get, "/v1/system"), (.get, "/V1/auth/"),
                (.post, "/v1/workspace/new"), (.post, "/v1/document/upload"),
            ] {
                let (status, text) = try await client.send(method, path, authorization: authorization)
                #expect(status == 403)
                #expect(text == #"{"error":"No valid api key found.","message":"Invalid API Key"}"#)
            }
        }
    }

    @Test func `unknown addresses and wrong methods answer JSON`() async throws {
        try await TestServer.run { client in
            let found = try await client.send(.get, "/ping").text
            #expect(found == #"{"online":true}"#)
            let found2 = try await client.send(.get, "/v1/nothing").status
            #expect(found2 == 404)
            let found3 = try await client.json(.get, "/v1/nothing")["error"]
            #expect(found3 != nil)
            let found4 = try await client.send(.delete, "/v1/auth").status
            #expect(found4 == 405)
            let found5 = try await client.json(.delete, "/v1/auth")["error"]
            #expect(found5 == "Method Not Allowed")
            let found6 = try await client.send(.get, "/v1/AUTH/").text
            #expect(found6 == #"{"authenticated":true}"#)
        }
    }

    @Test(arguments: [
        "{", "[]", "7", #"{"name":"\ud800"}"#, String(repeating: "[", count: 100_000), #"{"name":"a"} x"#,
        #"{"name":"a","name":"b"}"#,
    ])
    func `a body that is not a JSON object is refused and changes nothing`(body: String) async throws {
        try await TestServer.run { client in
            let found = try await client.send(.post, "/v1/workspace/new", raw: body).status
            #expect(found == 400)
            let found2 = try await client.json(.get, "/v1/workspaces")["workspaces"]
            #expect(found2 == [])
        }
    }

    @Test func `a workspace's fields are coerced as the wire has it`() async throws {
        try await TestServer.run { client in
            let body: JSON = [
                "name": "Sample workspace", "topN": "7", "chatMode": "nonsense", "similarityThreshold": 9,
            ]
            let first = try await client.json(.post, "/v1/workspace/new", body)
            #expect(first["message"] == "Workspace created")
            let workspace = try #require(first["workspace"])
            #expect(workspace["slug"] == "sample-workspace")
            #expect(workspace["topN"] == 7)
            #expect(workspace["chatMode"] == "automatic")
            #expect(workspace["similarityThreshold"]?.doubleValue == 1)
            let second = try await client.json(.post, "/v1/workspace/new", body)["workspace"]?["slug"]?.stringValue
            #expect(second?.wholeMatch(of: /sample-workspace-\d{8}/) != nil)
            let found = try await client.send(.delete, "/v1/workspace/sample-workspace").text
            #expect(found == "OK")
            let found2 = try await client.send(.delete, "/v1/workspace/sample-workspace").status
            #expect(found2 == 400)
        }
    }

    @Test(arguments: ["0", "-1", "1000000000", "\"x\"", "null", "1.5"])
    func `vector search takes any number of results and bounds it`(limit: String) async throws {
        try await TestServer.run { client in
            try await client.makeWorkspace(text: "The harbour opens at seven.")
            let (status, text) = try await client.send(
                .post, "/v1/workspace/w/vector-search", raw: #"{"query":"harbour","topN":\#(limit),"scoreThreshold":0}"#
            )
            #expect(status == 200)
            let result = try JSON(parsing: text)["results"]?.arrayValue?.first
            #expect(result?["chunk"] == "The harbour opens at seven.")
            let score = try #require(result?["score"]?.doubleValue)
            #expect((0...1).contains(score))
        }
    }

    @Test func `a document goes into a workspace once and comes out again`() async throws {
        try await TestServer.run { client in
            try await client.makeWorkspace(text: "The harbour opens at seven.")
            let stored = try await client.json(.get, "/v1/workspace/w")
            let path = try #require(
                stored["workspace"]?.arrayValue?.first?["documents"]?.arrayValue?.first?["docpath"]?.stringValue)
            let again = try await client.json(
                .post, "/v1/workspace/w/update-embeddings", ["adds": [.string(path), "custom-documents/no.json"]])
            #expect(again["workspace"]?["documents"]?.arrayValue?.count == 1)
            #expect(again["failed"]?.arrayValue?.count == 1)
            let found = try await client.json(.get, "/v1/system/vector-count")["vectorCount"]
            #expect(found == 1)
            let removed = try await client.json(
                .post, "/v1/workspace/w/update-embeddings", ["deletes": [.string(path)]])
            #expect(removed["workspace"]?["documents"] == [])
            let found2 = try await client.json(.get, "/v1/system/vector-count")["vectorCount"]
            #expect(found2 == 0)
        }
    }

    @Test func `a folder is listed in pages`() async throws {
        try await TestServer.run { client in
            for number in 0..<3 { _ = try await client.upload("text \(number)", named: "a\(number).txt", to: "") }
            let first = try await client.json(.get, "/v1/documents?folder=custom-documents&limit=2")
            #expect(first["documents"]?.arrayValue?.count == 2)
            #expect(first["totalCount"] == 3)
            #expect(first["hasMore"] == true)
            let rest = try await client.json(.get, "/v1/documents?folder=custom-documents&limit=2&offset=2")
            #expect(rest["documents"]?.arrayValue?.count == 1)
            #expect(rest["hasMore"] == false)
            let all = try await client.json(.get, "/v1/documents")["localFiles"]?["items"]?.arrayValue
            #expect(all?.first?["items"]?.arrayValue?.count == 3)
            let unknown = try await client.send(.get, "/v1/documents?folder=no")
            #expect(unknown.status == 404)
        }
    }

    @Test func `what a client has already is not sent again`() async throws {
        try await TestServer.run { client in
            let tag = try await client.client.execute(
                uri: "/api/v1/workspaces", method: .get, headers: [.authorization: "Bearer \(client.key)"]
            ) { $0.headers[.eTag] }
            let again = try await client.client.execute(
                uri: "/api/v1/workspaces", method: .get,
                headers: [.authorization: "Bearer \(client.key)", .ifNoneMatch: tag ?? ""]
            ) { ($0.status, $0.body.readableBytes) }
            #expect(again.0 == .notModified)
            #expect(again.1 == 0)
        }
    }
}
