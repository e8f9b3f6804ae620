import Domain
import Foundation
import HTTPAPI
import HTTPTypes
import HummingbirdTesting
import NIOCore
import OrderedJSON
import Persistence
import Testing

@Suite struct ExportRoutesTests {
    /// Status, media type, name of the file, text.
    private func export(_ client: TestClient, _ path: String) async throws -> (Int, String?, String?, String) {
        try await client.client.execute(
            uri: "/api/v1/workspace/" + path, method: .get, headers: [.authorization: "Bearer \(client.key)"]
        ) { response in
            let name = HTTPField.Name("Content-Disposition")!
            return (
                Int(response.status.code), response.headers[.contentType], response.headers[name],
                String(buffer: response.body)
            )
        }
    }

    private static let source: Source = {
        var source = Source(id: "1", title: "a [b] *c*")
        source.url = "https://example.org/a?b=1"
        source.text = "t"
        source.place = Source.Place(locator: Locator(.page, 3...3), range: 0..<1, headings: [])
        return source
    }()

    private func makeChats(_ client: TestClient) async throws {
        _ = try await client.json(.post, "/v1/workspace/new", ["name": "Été / \"x\"", "openAiPrompt": "Be kind."])
        try await client.store("first\nline \"two\"", answer: "**yes**") { chat in
            var plain = Source(id: "2", title: "plain")
            plain.url = "javascript:alert(1)"
            chat.sources = [Self.source, Self.source, plain]
            chat.attachments = [MediaAttachment(name: "a.png", mediaType: "image/png", url: "data:,x")]
            chat.metrics = ChatMetrics(
                promptTokens: 1, completionTokens: 2, duration: nil, model: "m", provider: "p", timestamp: .now)
        }
        try await client.store("=1+1", answer: " \t@SUM(A1)")
        try await client.store("refused", isIncluded: false)
        try await client.store("in a session", session: "s")
    }

    @Test func `JSON holds everything`() async throws {
        try await TestServer.run { client in
            try await makeChats(client)
            let (status, type, name, text) = try await export(client, "ete-x/chats/export")
            #expect(status == 200)
            #expect(type == "application/json; charset=utf-8")
            #expect(
                name == "attachment; filename=\"ete-x.json\"; filename*=UTF-8''%C3%89t%C3%A9%20-%20x.json")
            let file = try JSON(parsing: text)
            #expect(file["workspace"] == ["name": "Été / \"x\"", "slug": "ete-x"])
            #expect(file["thread"] == .null)
            #expect(file["apiSessionId"] == .null)
            let chats = try #require(file["chats"]?.arrayValue)
            #expect(chats.map { $0["prompt"] } == ["first\nline \"two\"", "=1+1"])
            #expect(chats[0]["createdAt"] == "2026-01-02T03:04:05.678Z")
            let source = chats[0]["sources"]?.arrayValue?.first
            #expect(source?["url"] == "https://example.org/a?b=1")
            #expect(source?["charRange"] == [0, 1])
            #expect(chats[0]["attachments"]?.arrayValue?.first?["contentString"] == "data:,x")
            let all = try await client.json(
                .get, "/v1/workspace/ete-x/chats/export?includeExcluded=true&includeAttachments=false")["chats"]
            #expect(all?.arrayValue?.map { $0["excluded"] } == [false, false, true])
            #expect(all?.arrayValue?.first?["attachments"] == [["name": "a.png", "mime": "image/png"]])
            let session = try await client.json(.get, "/v1/workspace/ete-x/chats/export?apiSessionId=s")
            #expect(session["apiSessionId"] == "s")
            #expect(session["chats"]?.arrayValue?.map { $0["prompt"] } == ["in a session"])
        }
    }

    @Test func `lines of JSON are examples for training`() async throws {
        try await TestServer.run { client in
            try await makeChats(client)
            let (_, type, _, text) = try await export(client, "ete-x/chats/export?format=jsonl")
            #expect(type == "application/jsonl; charset=utf-8")
            #expect(
                text == #"{"messages":[{"role":"system","content":"Be kind."},"#
                    + #"{"role":"user","content":"first\nline \"two\""},{"role":"assistant","content":"**yes**"}]}"#
                    + "\n" + #"{"messages":[{"role":"system","content":"Be kind."},"#
                    + #"{"role":"user","content":"=1+1"},{"role":"assistant","content":" \t@SUM(A1)"}]}"# + "\n")
        }
    }

    @Test func `a table has quoted fields, and no formula in it runs`() async throws {
        try await TestServer.run { client in
            try await makeChats(client)
            let (_, type, name, text) = try await export(client, "ete-x/chats/export?format=csv")
            #expect(type == "text/csv; charset=utf-8; header=present")
            #expect(name?.contains("filename=\"ete-x.csv\"") == true)
            let header =
                #""id","createdAt","prompt","answer","mode","sources","feedbackScore","model","excluded""# + "\r\n"
            let first =
                "\"1\",\"2026-01-02T03:04:05.678Z\",\"first\nline \"\"two\"\"\",\"**yes**\",\"chat\","
                + "\"a [b] *c*; plain\",\"\",\"m\",\"false\"\r\n"
            let second =
                "\"2\",\"2026-01-02T03:04:05.678Z\",\"'=1+1\",\"' \t@SUM(A1)\",\"chat\",\"\",\"\",\"\",\"false\"\r\n"
            #expect(text == header + first + second)
        }
    }

    @Test(arguments: ["=1", "+1", "-1", "@x", "\tx", "\rx", "\nx", " =1", "\u{A0}=1", "＝1", "＠x"])
    func `whatever a spreadsheet may run is made text`(field: String) async throws {
        try await TestServer.run { client in
            _ = try await client.json(.post, "/v1/workspace/new", ["name": "w"])
            try await client.store(field)
            let (_, _, _, text) = try await export(client, "w/chats/export?format=csv")
            #expect(text.unicodeScalars.split(separator: ",").count >= 9)
            #expect(text.contains("\"'" + field + "\""))
        }
    }

    @Test func `Markdown quotes the questions and lists the sources, linked where they lead to the web`() async throws {
        try await TestServer.run { client in
            try await makeChats(client)
            let (_, type, _, text) = try await export(client, "ete-x/chats/export?format=md")
            #expect(type == "text/markdown; charset=utf-8")
            #expect(
                text == """
                    # Été / "x"

                    ## 2026-01-02T03:04:05.678Z

                    > first
                    > line "two"

                    **yes**

                    Attached: a.png

                    Sources:

                    1. [a \\[b\\] \\*c\\*](<https://example.org/a?b=1>), p. 3
                    2. plain

                    ## 2026-01-02T03:04:05.678Z

                    > =1+1

                     \t@SUM(A1)


                    """)
        }
    }

    @Test func `a thread is exported by itself`() async throws {
        try await TestServer.run { client in
            _ = try await client.json(.post, "/v1/workspace/new", ["name": "w"])
            _ = try await client.json(.post, "/v1/workspace/w/thread/new", ["name": "日本", "slug": "T"])
            let thread = try #require(try await client.server.threads.find(slug: "T", in: 1))
            try await client.store("main")
            try await client.store("thread", thread: thread)
            try await client.store("a user's", thread: thread, user: 7)
            let (_, _, name, text) = try await export(client, "w/thread/T/chats/export")
            #expect(name == "attachment; filename=\"w-T.json\"; filename*=UTF-8''w%20-%20%E6%97%A5%E6%9C%AC.json")
            let file = try JSON(parsing: text)
            #expect(file["thread"] == ["name": "日本", "slug": "T"])
            #expect(file["chats"]?.arrayValue?.map { $0["prompt"] } == ["thread", "a user's"])
            #expect(file["chats"]?.arrayValue?.map { $0["userId"] } == [.null, 7])
            let mine = try await client.json(.get, "/v1/workspace/w/thread/T/chats/export?userId=7")["chats"]
            #expect(mine?.arrayValue?.map { $0["prompt"] } == ["a user's"])
        }
    }

    @Test func `a file longer than what is read at once is whole`() async throws {
        try await TestServer.run { client in
            _ = try await client.json(.post, "/v1/workspace/new", ["name": "w"])
            try await client.server.database.write(
                """
                WITH RECURSIVE number (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < 2500)
                INSERT INTO chat (
                    workspace_id, is_included, created_at, mode, metrics, prompt, answer, tool_uses, sources, attachments
                ) SELECT 1, TRUE, 0, 'chat', '{}', 'p' || n, 'a', '[]', '[]', '[]' FROM number
                """)
            let (_, _, _, text) = try await export(client, "w/chats/export?format=jsonl")
            let prompts = try text.split(separator: "\n").map { line in
                try JSON(parsing: String(line))["messages"]?.arrayValue?.first { $0["role"] == "user" }?["content"]
            }
            #expect(prompts == (1...2500).map { .string("p\($0)") })
        }
    }

    @Test func `what cannot be exported is refused`() async throws {
        try await TestServer.run { client in
            _ = try await client.json(.post, "/v1/workspace/new", ["name": "w"])
            let format = try await client.send(.get, "/v1/workspace/w/chats/export?format=pdf")
            #expect(format.status == 400)
            #expect(format.text.contains("format must be one of json, jsonl, csv, md."))
            let workspace = try await client.send(.get, "/v1/workspace/no/chats/export")
            #expect(workspace.status == 404)
            let thread = try await client.send(.get, "/v1/workspace/w/thread/no/chats/export")
            #expect(thread.status == 404)
            let empty = try await client.json(.get, "/v1/workspace/w/chats/export")["chats"]
            #expect(empty == [])
        }
    }
}
