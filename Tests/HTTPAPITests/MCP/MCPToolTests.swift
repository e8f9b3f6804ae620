import Domain
import HTTPTypes
import OrderedJSON
import Testing

@Suite struct MCPToolTests {
    private static let everyTool = [
        "search", "ask", "list_workspaces", "list_documents", "read_document", "upload_document",
    ]

    // MARK: Rights

    @Test(arguments: [
        (Caller.Scope.read, ["search", "list_workspaces", "list_documents", "read_document"]),
        (.chat, ["search", "ask", "list_workspaces", "list_documents", "read_document"]), (.manage, Self.everyTool),
    ]) func `a client is shown the tools that it may use`(scope: Caller.Scope, names: [String]) async throws {
        try await TestServer.run { client in
            let tools = try await client.withKey(scopes: [scope]).mcp("tools/list")["result"]?["tools"]?.arrayValue
            #expect(tools?.compactMap { $0["name"]?.stringValue } == names)
            for tool in tools ?? [] {
                #expect(tool["inputSchema"]?["type"] == "object")
                #expect(tool["outputSchema"]?["type"] == "object")
                #expect(tool["description"]?.stringValue?.isEmpty == false)
                let readsOnly = !["ask", "upload_document"].contains(tool["name"]?.stringValue)
                #expect(tool["annotations"]?["readOnlyHint"] == .bool(readsOnly))
            }
        }
    }

    @Test func `a tool that a client may not use says so, and does nothing`() async throws {
        try await TestServer.run { client in
            let reader = try await client.withKey(scopes: [.read])
            let refused = try await reader.use("upload_document", ["name": "a.txt", "text": "x"])
            #expect(refused["isError"] == true)
            #expect(refused["content"]?.arrayValue?.first?["text"]?.stringValue?.contains("scope manage") == true)
            let listed = try await client.use("list_documents")
            #expect(listed["structuredContent"]?["total"] == 0)
        }
    }

    @Test func `A19 a key that is confined to a workspace finds what is in it alone`() async throws {
        try await TestServer.run { client in
            try await client.makeWorkspaces("mine", "theirs")
            for (place, text) in [("mine", "The pump is red."), ("theirs", "The secret pump is green.")] {
                let made = try await client.use(
                    "upload_document", ["name": .string(place), "text": .string(text), "workspace": .string(place)])
                #expect(made["isError"] == false)
            }
            let confined = try await client.withKey(workspaces: .only([1]))
            let workspaces = try await confined.use("list_workspaces")
            #expect(workspaces["structuredContent"]?["total"] == 1)
            let documents = try await confined.use("list_documents")
            #expect(documents["structuredContent"]?["documents"]?.arrayValue?.count == 1)
            let all = try await client.mcp("resources/list")["result"]?["resources"]?.arrayValue ?? []
            #expect(all.count == 2)
            let foreign = try #require(all.first { $0["title"] == "theirs.txt" }?["uri"])
            for answer in [
                try await confined.use("search", ["query": "secret", "workspace": "theirs"]),
                try await confined.use("ask", ["question": "secret", "workspace": "theirs"]),
                try await confined.use("list_documents", ["workspace": "theirs"]),
                try await confined.use("read_document", ["document": foreign]),
                try await confined.use("read_document", ["document": "theirs"]),
                try await confined.use("upload_document", ["name": "b", "text": "x", "workspace": "theirs"]),
            ] {
                #expect(answer["isError"] == true)
                #expect(!answer.text.contains("green"))
            }
            let read = try await confined.mcp("resources/read", ["uri": foreign])
            #expect(read["error"]?["code"] == -32002)
            #expect(try await confined.mcp("resources/list")["result"]?["resources"]?.arrayValue?.count == 1)
        }
    }

    // MARK: What tools do

    @Test func `a search gives passages with their places`() async throws {
        try await TestServer.run { client in
            try await client.makeWorkspace(text: "The pump is red.")
            let found = try await client.use("search", ["query": "Which colour has the pump?", "limit": "3"])
            let result = try #require(found["structuredContent"]?["results"]?.arrayValue?.first)
            #expect(result["text"] == "The pump is red.")
            #expect(result["title"] == "a.txt")
            #expect(result["number"] == 1)
            #expect(result["start"] == 0 && result["end"] == 16)
            let uri = try #require(result["uri"]?.stringValue)
            let text = try #require(found["content"]?.arrayValue?.first?["text"]?.stringValue)
            #expect(text == "[1] a.txt (\(uri))\nThe pump is red.")
            let read = try await client.use("read_document", ["document": .string(uri)])
            #expect(read["structuredContent"]?["text"] == "The pump is red.")
        }
    }

    @Test func `an answer cites its sources, and the next question follows it`() async throws {
        let model = ConversingModel([.text("Red [1]."), .text("Still red.")], supportsTools: false)
        try await TestServer.run(model: model) { client in
            try await client.makeWorkspace(text: "The pump is red.")
            let first = try await client.use("ask", ["question": "Which colour has the pump?"])["structuredContent"]
            #expect(first?["answer"] == "Red [1].")
            #expect(first?["refused"] == false)
            #expect(first?["sources"]?.arrayValue?.first?["text"] == "The pump is red.")
            let conversation = try #require(first?["conversation"])
            _ = try await client.use("ask", ["question": "Really?", "conversation": conversation])
            #expect(model.prompts.last?.messages.map(\.text).contains("Which colour has the pump?") == true)
            _ = try await client.use("ask", ["question": "And now?"])
            #expect(model.prompts.last?.messages.map(\.text).contains("Really?") == false)
        }
    }

    @Test func `a client that reads event streams is told of the progress before the answer`() async throws {
        let model = ConversingModel([.call("list_documents", "{}"), .text("One.")])
        try await TestServer.run(model: model) { client in
            try await client.makeWorkspace(text: "The pump is red.")
            let answer = try await client.post(
                mcp: TestClient.request(
                    "tools/call",
                    ["name": "ask", "arguments": ["question": "What is there?"], "_meta": ["progressToken": "t"]]),
                accept: "application/json, text/event-stream")
            #expect(answer.headers[.contentType] == "text/event-stream")
            let events = try answer.events
            let progress = events.filter { $0["method"] == "notifications/progress" }
            #expect(progress.map { $0["params"]?["message"] } == ["Listing the documents.", "Writing the answer."])
            #expect(progress.map { $0["params"]?["progress"] } == [1, 2])
            #expect(progress.allSatisfy { $0["params"]?["progressToken"] == "t" })
            #expect(events.last?["result"]?["structuredContent"]?["answer"] == "One.")
            #expect(events.count == 3)
        }
    }

    @Test func `texts and files are added once, and found`() async throws {
        try await TestServer.run { client in
            try await client.makeWorkspaces("w")
            let page: JSON = [
                "name": "notes.md", "text": "# Pumps\n\nThe pump is red.", "workspace": "w", "folder": "manuals",
            ]
            let added = try await client.use("upload_document", page)
            let document = try #require(added["structuredContent"]?["documents"]?.arrayValue?.first)
            #expect(document["uri"]?.stringValue?.hasPrefix("lectern://documents/manuals/notes.md-") == true)
            let again = try await client.use("upload_document", page)
            #expect(again["structuredContent"]?["duplicates"] == "skip")
            let file = try await client.use(
                "upload_document", ["name": "b.txt", "base64": "VGhlIGNyYW5lIGlzIGJsdWUu", "workspace": "w"])
            #expect(file["isError"] == false)
            let found = try await client.use("search", ["query": "crane"])["structuredContent"]
            #expect(found?["results"]?.arrayValue?.first?["text"] == "The crane is blue.")
            let listed = try await client.use("list_documents", ["workspace": "w", "search": "NOTES"])
            #expect(listed["structuredContent"]?["documents"]?.arrayValue?.count == 1)
        }
    }

    @Test func `a document is read in parts`() async throws {
        try await TestServer.run { client in
            try await client.makeWorkspace(text: "Grüße 👋🏽 vom Kran")
            let first = try await client.use("read_document", ["document": "a.txt", "length": 7])["structuredContent"]
            #expect(first?["text"] == "Grüße ")
            #expect(first?["next"] == 6)
            let rest = try await client.use("read_document", ["document": "a.txt", "start": 8])["structuredContent"]
            #expect(rest?["text"] == "👋🏽 vom Kran")
            #expect(rest?["start"] == 6)
            #expect(rest?["next"] == nil)
        }
    }

    @Test(arguments: [
        ("search", "{}", "query is missing"), ("search", #"{"query":7}"#, "query must be a text"),
        ("search", #"{"query":"x","limit":0}"#, "1 to 50"), ("search", #"{"query":"x","topK":3}"#, "no argument topK"),
        ("search", #"{"query":"x","workspace":"nowhere"}"#, "There are: w"), ("search", "[1]", "JSON object"),
        ("ask", #"{"question":"x","mode":"shout"}"#, "automatic, chat, query"),
        ("upload_document", #"{"name":"a"}"#, "nothing to add"),
        ("upload_document", #"{"name":"a","text":"x","base64":"eA=="}"#, "not both"),
        ("upload_document", #"{"name":"a.txt","base64":"%"}"#, "base64 is not"),
        ("upload_document", #"{"name":"a","text":"x","folder":"../x"}"#, "No folder"),
        ("read_document", #"{"document":"lectern://documents/a/b"}"#, "no document"),
    ]) func `what is wrong with the arguments is said in plain words`(
        tool: String, arguments: String, message: String
    ) async throws {
        try await TestServer.run { client in
            try await client.makeWorkspaces("w")
            let answer = try await client.use(tool, JSON(parsing: arguments))
            #expect(answer["isError"] == true)
            let text = try #require(answer["content"]?.arrayValue?.first?["text"]?.stringValue)
            #expect(text.contains(message), "\(text)")
        }
    }

    @Test func `a provider that fails is a tool's error`() async throws {
        let model = ScriptedModel([], failure: ServiceError(.upstream, "The model is out."))
        try await TestServer.run(model: model) { client in
            try await client.makeWorkspace(text: "The pump is red.")
            let answer = try await client.use("ask", ["question": "Which colour?"])
            #expect(answer["isError"] == true)
            #expect(answer["content"]?.arrayValue?.first?["text"] == "The model is out.")
        }
    }

    // MARK: Resources

    @Test func `documents are resources, page by page`() async throws {
        try await TestServer.run { client in
            for number in 0..<103 {
                _ = try await client.json(
                    .post, "/v1/document/raw-text",
                    ["textContent": .string("Text \(number)"), "metadata": ["title": .string("t \(number)")]])
            }
            var (seen, cursor, pages) = (Set<String>(), JSON.null, 0)
            repeat {
                let page = try await client.mcp("resources/list", ["cursor": cursor])["result"]
                for resource in page?["resources"]?.arrayValue ?? [] {
                    seen.insert(try #require(resource["uri"]?.stringValue))
                }
                cursor = page?["nextCursor"] ?? .null
                pages += 1
            } while cursor != .null
            #expect(pages == 2)
            #expect(seen.count == 103)
            let uri = try #require(seen.first)
            let contents = try await client.mcp("resources/read", ["uri": .string(uri)])["result"]?["contents"]
            #expect(contents?.arrayValue?.first?["text"]?.stringValue?.hasPrefix("Text ") == true)
            #expect(contents?.arrayValue?.first?["uri"] == .string(uri))
            let later = try await client.mcp("resources/read", ["uri": .string(uri + "?start=5")])["result"]?[
                "contents"]
            #expect(later?.arrayValue?.first?["text"]?.stringValue?.hasPrefix("Text") == false)
            let templates = try await client.mcp("resources/templates/list")["result"]?["resourceTemplates"]
            #expect(templates?.arrayValue?.count == 1)
        }
    }

    @Test(arguments: [
        "lectern://documents/custom-documents/nothing.json", "lectern://documents/..%2F..%2Fetc/passwd",
        "lectern://documents/a", "file:///etc/passwd", "lectern://documents/%zz/a", "",
    ]) func `what is no document is no resource`(uri: String) async throws {
        try await TestServer.run { client in
            let answer = try await client.mcp("resources/read", ["uri": .string(uri)])
            #expect(answer["error"]?["code"] == -32002)
            let cursor = try await client.mcp("resources/list", ["cursor": "x"])
            #expect(cursor["error"]?["code"] == -32602)
        }
    }
}
