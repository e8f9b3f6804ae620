import Domain
import Foundation
import HTTPAPI
import HTTPTypes
import HummingbirdTesting
import OrderedJSON
import Persistence
import Testing

/// Rows of the attack catalogue on workspaces, threads, histories, exports, feedback and pins.
@Suite struct ConversationAttackTests {
    /// What is below a workspace: method, path, body, and the status where the workspace or the thread is unknown.
    private static let routes: [(HTTPRequest.Method, String, JSON?, Int)] = [
        (.delete, "", nil, 400), (.post, "/update", ["topN": 9], 400), (.get, "/chats", nil, 400),
        (.post, "/update-embeddings", ["deletes": ["x"]], 400),
        (.post, "/update-pin", ["docPath": "a/b.json", "pinStatus": true], 404),
        (.post, "/vector-search", ["query": "x"], 400), (.post, "/chat", ["message": "x"], 400),
        (.post, "/stream-chat", ["message": "x"], 400), (.get, "/chats/export", nil, 404),
        (.post, "/chat-feedback/1", ["feedback": true], 404), (.post, "/thread/new", ["name": "x"], 400),
    ]
    private static let threadRoutes: [(HTTPRequest.Method, String, JSON?, Int)] = [
        (.delete, "", nil, 200), (.post, "/update", ["name": "x"], 404), (.get, "/chats", nil, 404),
        (.get, "/chats/export", nil, 404), (.post, "/chat", ["message": "x"], 404),
        (.post, "/stream-chat", ["message": "x"], 400),
    ]
    private static let strangeSlugs = [
        "..%2f..%2fetc%2fpasswd", "%2e%2e", "%252e%252e%252f", "....%2f%2f", "..%5c", "%2fetc", "%00", "w%00", "%20w",
        "w%20", "W", "%25", "_", "'%20OR%201=1%20--", "%22;DROP%20TABLE%20thread;--", "w'--", "*", "0", "1", "-1",
        "9223372036854775808", "NaN", "null", "undefined", "%EF%BB%BFw", "%EF%BB%BFt", "t%00", "T",
    ]

    @Test func `A1 A12 A43 a slug that no workspace has leads nowhere`() async throws {
        try await TestServer.run { client in
            let before = try await Self.makeConversations(client)
            for slug in Self.strangeSlugs {
                let found = try await client.send(.get, "/v1/workspace/\(slug)")
                #expect(found.text == #"{"workspace":[]}"#, "\(slug)")
                for (method, path, body, status) in Self.routes {
                    let answer = try await client.send(method, "/v1/workspace/\(slug)\(path)", body)
                    #expect(answer.status == status, "\(method) \(slug)\(path)")
                }
            }
            let after = try await Self.everything(client)
            #expect(after == before)
        }
    }

    @Test func `A1 A12 A43 a slug that no thread has leads nowhere`() async throws {
        try await TestServer.run { client in
            let before = try await Self.makeConversations(client)
            for slug in Self.strangeSlugs {
                for (method, path, body, status) in Self.threadRoutes {
                    let answer = try await client.send(method, "/v1/workspace/w/thread/\(slug)\(path)", body)
                    #expect(answer.status == status, "\(method) \(slug)\(path)")
                }
            }
            let after = try await Self.everything(client)
            #expect(after == before)
        }
    }

    @Test(arguments: ["%", "%4", "%zz", "%ED%A0%80", "%ff", "%C0%AE%C0%AE%2f", "w%F4%90%80%80"])
    func `A1 a slug that is not encoded correctly is refused`(slug: String) async throws {
        try await TestServer.run(through: .live) { client in
            let before = try await Self.makeConversations(client)
            for (method, path, body, _) in Self.routes + [(.get, "", nil, 400)] {
                let answer = try await client.send(method, "/v1/workspace/\(slug)\(path)", body)
                #expect(answer.status == 400, "\(method) \(path)")
            }
            for (method, path, body, _) in Self.threadRoutes {
                let answer = try await client.send(method, "/v1/workspace/w/thread/\(slug)\(path)", body)
                #expect(answer.status == 400, "\(method) thread \(path)")
            }
            let after = try await Self.everything(client)
            #expect(after == before)
        }
    }

    @Test(arguments: ["' OR '1'='1", "%", "_", "s\"", "\\", "$1", "s' UNION SELECT * FROM api_key --", "S", " s", "👩‍👩‍👧‍👦"])
    func `A12 a session's name is compared as it is`(session: String) async throws {
        try await TestServer.run { client in
            try await client.makeWorkspaces("w")
            for other in ["s", "other"] { try await client.store("of \(other)", session: other) }
            try await client.store("its own", session: session)
            let name = try #require(session.addingPercentEncoding(withAllowedCharacters: .alphanumerics))
            for parameters in ["", "&limit=5%20OR%201=1&orderBy=id;DROP%20TABLE%20chat"] {
                let prompts = try await client.prompts("/v1/workspace/w/chats?apiSessionId=\(name)\(parameters)")
                #expect(prompts == ["its own"])
            }
            let exported = try await client.json(.get, "/v1/workspace/w/chats/export?apiSessionId=\(name)")
            #expect(exported["chats"]?.arrayValue?.map { $0["prompt"] } == ["its own"])
        }
    }

    @Test func `a session that is not encoded correctly is not taken for none`() async throws {
        try await TestServer.run { client in
            try await client.makeWorkspaces("w")
            try await client.store("main")
            for name in ["%", "%ff", "%00", "100%25"] {
                let prompts = try await client.prompts("/v1/workspace/w/chats?apiSessionId=\(name)")
                #expect(prompts == [], "\(name)")
            }
            try await client.store("of %ff", session: "%ff")
            let prompts = try await client.prompts("/v1/workspace/w/chats?apiSessionId=%ff")
            #expect(prompts == ["of %ff"])
        }
    }

    @Test func `A44 texts of ten megabytes are refused, and odd ones come back as they went`() async throws {
        try await TestServer.run { client in
            let before = try await Self.makeConversations(client)
            let long = JSON.string(String(repeating: "x", count: 10 << 20))
            for (path, body) in [
                ("new", ["name": long]), ("new", ["name": "x", "openAiPrompt": long]), ("w/update", ["name": long]),
                ("w/thread/new", ["name": long]), ("w/thread/new", ["slug": long]),
                ("w/thread/t/update", ["name": long]), ("w/update-pin", ["docPath": long]),
                ("w/chat-feedback/1", ["feedback": long]), ("w/update-embeddings", ["adds": [long]]),
            ] as [(String, JSON)] {
                let answer = try await client.send(.post, "/v1/workspace/\(path)", body)
                #expect(answer.status == 413, "\(path)")
            }
            let after = try await Self.everything(client)
            #expect(after == before)
        }
    }

    @Test(arguments: [
        "e\u{301} 👩‍👩‍👧‍👦", "\u{1}\u{1F}\u{7F}", "\u{FEFF}\u{202E}abc", "line\nline\ttab\"\\/", "<script>x</script>",
    ])
    func `A34 A44 A45 odd texts come back as they went`(odd: String) async throws {
        try await TestServer.run { client in
            _ = try await client.json(
                .post, "/v1/workspace/new",
                ["name": "w", "openAiPrompt": .string(odd), "queryRefusalResponse": .string(odd)])
            let row = try await client.json(.get, "/v1/workspace/w")["workspace"]?.arrayValue?.first
            #expect(row?["openAiPrompt"]?.stringValue == odd)
            #expect(row?["queryRefusalResponse"]?.stringValue == odd)
            let made = try await client.json(.post, "/v1/workspace/w/thread/new", ["name": .string(odd), "slug": "t"])
            #expect(made["thread"]?["name"]?.stringValue == odd)
            let renamed = try await client.json(.post, "/v1/workspace/w/thread/t/update", ["name": .string(odd + "2")])
            #expect(renamed["thread"]?["name"]?.stringValue == odd + "2")
            _ = try await client.json(
                .post, "/v1/workspace/w/chat", ["message": .string(odd), "mode": "chat", "sessionId": .string(odd)])
            let name = try #require(odd.addingPercentEncoding(withAllowedCharacters: .alphanumerics))
            let prompts = try await client.prompts("/v1/workspace/w/chats?apiSessionId=\(name)")
            #expect(prompts == [odd])
        }
    }

    @Test(arguments: [#""a\u0000b""#, #""\ud800""#, #""\udc00x""#])
    func `A44 A45 what no database takes is refused`(text: String) async throws {
        try await TestServer.run { client in
            let before = try await Self.makeConversations(client)
            for (path, key) in [
                ("new", "name"), ("w/update", "name"), ("w/update", "openAiPrompt"), ("w/thread/new", "name"),
                ("w/thread/new", "slug"), ("w/thread/t/update", "name"), ("w/update-pin", "docPath"),
            ] {
                let answer = try await client.send(.post, "/v1/workspace/\(path)", raw: "{\"\(key)\":\(text)}")
                #expect(answer.status == 400, "\(path) \(key)")
            }
            let after = try await Self.everything(client)
            #expect(after == before)
        }
    }

    /// A workspace with a thread and a chat in each conversation.
    private static func makeConversations(_ client: TestClient) async throws -> [JSON] {
        try await client.makeWorkspaces("w")
        _ = try await client.json(.post, "/v1/workspace/w/thread/new", ["slug": "t"])
        let thread = try #require(try await client.server.threads.find(slug: "t", in: 1))
        try await client.store("main")
        try await client.store("thread", thread: thread)
        return try await everything(client)
    }

    private static func everything(_ client: TestClient) async throws -> [JSON] {
        var all: [JSON] = []
        for path in ["/v1/workspaces", "/v1/workspace/w/chats", "/v1/workspace/w/thread/t/chats"] {
            all.append(try await client.json(.get, path))
        }
        return all
    }
}
