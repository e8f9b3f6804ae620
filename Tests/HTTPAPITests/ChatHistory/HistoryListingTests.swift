import Domain
import Foundation
import HTTPAPI
import HTTPTypes
import OrderedJSON
import Persistence
import TestSupport
import Testing

@Suite struct HistoryListingTests {
    @Test func `example 18.6 of the contract, byte for byte`() async throws {
        try await TestServer.run { client in
            _ = try await client.json(.post, "/v1/workspace/new", ["name": "w"])
            try await client.server.database.write(
                DatabaseEngine.standard == .sqlite
                    ? "INSERT INTO sqlite_sequence (name, seq) VALUES ('chat', 11)"
                    : "ALTER TABLE chat ALTER COLUMN id RESTART WITH 12")
            try await client.store("q")
            let (status, text) = try await client.send(.get, "/v1/workspace/w/chats")
            #expect(status == 200)
            #expect(
                text == #"{"history":[{"role":"user","content":"q","sentAt":1767323045,"attachments":[],"chatId":12},"#
                    + #"{"type":"chat","role":"assistant","content":"a","sources":[],"chatId":12,"#
                    + #""sentAt":1767323045,"feedbackScore":null,"metrics":{}}],"hasMore":false,"nextCursor":null}"#)
        }
    }

    @Test func `what is streamed is what is listed and exported`() async throws {
        let pieces = ["Grü", "ße, ", "👩‍👩‍", "👧‍👦\n", "\"a\\b\"", "\u{2028}end"]
        try await TestServer.run(model: ScriptedModel(pieces)) { client in
            try await client.makeWorkspaces("w")
            let frames = try await client.stream("/v1/workspace/w", ["message": "q", "mode": "chat"])
            let streamed = frames.filter { $0["type"] == "textResponseChunk" }
                .compactMap { $0["textResponse"]?.stringValue }.joined()
            #expect(streamed == pieces.joined())
            #expect(frames.compactMap { $0["chatId"] } == [1])
            let listed = try await client.json(.get, "/v1/workspace/w/chats")["history"]?.arrayValue?.last
            #expect(listed?["content"]?.stringValue == pieces.joined())
            #expect(listed?["chatId"] == 1)
            let exported = try await client.json(.get, "/v1/workspace/w/chats/export")["chats"]?.arrayValue?.last
            #expect(exported?["answer"]?.stringValue == pieces.joined())
        }
    }

    @Test func `all that belongs to a chat is listed with it`() async throws {
        try await TestServer.run { client in
            _ = try await client.json(.post, "/v1/workspace/new", ["name": "w"])
            try await client.store("q") { chat in
                var source = Source(id: "1", title: "a")
                source.text = "t"
                source.relevance = Source.Relevance(distance: 0.25, score: 0.5)
                chat.sources = [source]
                chat.attachments = [MediaAttachment(name: "a.png", mediaType: "image/png", url: "data:,x")]
                chat.metrics = ChatMetrics(
                    promptTokens: 1, completionTokens: 2, duration: 0.5, model: "m", provider: "p",
                    timestamp: Timestamp(milliseconds: 0))
                chat.toolUses = [ToolUse(name: "search", arguments: #"{"q":"x"}"#, result: "r", isError: false)]
            }
            let whole = try await client.json(.get, "/v1/workspace/w/chats")["history"]?.arrayValue
            #expect(
                whole?.first?["attachments"] == [["name": "a.png", "mime": "image/png", "contentString": "data:,x"]])
            #expect(
                whole?.last?["toolCalls"]
                    == [["name": "search", "arguments": ["q": "x"], "result": "r", "isError": false]])
            let source = try #require(whole?.last?["sources"]?.arrayValue?.first)
            #expect(source["title"] == "a" && source["text"] == "t")
            #expect(source["_distance"] == 0.25 && source["score"] == 0.5)
            #expect(
                whole?.last?["metrics"] == [
                    "completion_tokens": 2, "prompt_tokens": 1, "total_tokens": 3, "outputTps": 4, "duration": 0.5,
                    "model": "m", "provider": "p", "timestamp": "1970-01-01T00:00:00.000Z",
                ])
            let lean = try await client.json(.get, "/v1/workspace/w/chats?includeAttachments=false")["history"]
            #expect(lean?.arrayValue?.first?["attachments"] == [["name": "a.png", "mime": "image/png"]])
        }
    }

    @Test func `the newest are listed, in the order in which they were written`() async throws {
        try await TestServer.run { client in
            _ = try await client.json(.post, "/v1/workspace/new", ["name": "w"])
            for number in 1...103 { try await client.store("\(number)") }
            let standard = try await client.prompts("/v1/workspace/w/chats")
            #expect(standard == (4...103).map(String.init))
            for limit in ["x", "", "NaN", "-", "null", "%"] {
                let prompts = try await client.prompts("/v1/workspace/w/chats?limit=\(limit)")
                #expect(prompts.count == 100, "\(limit)")
            }
            for (limit, count) in [
                ("3", 3), ("3.9", 3), ("3abc", 3), ("%203", 3), ("0", 1), ("-7", 1), ("9223372036854775808", 103),
            ] {
                let prompts = try await client.prompts("/v1/workspace/w/chats?limit=\(limit)")
                #expect(prompts == (104 - count...103).map(String.init), "\(limit)")
            }
            let newestFirst = try await client.json(.get, "/v1/workspace/w/chats?limit=2&orderBy=desc")["history"]
            #expect(newestFirst?.arrayValue?.map { $0["role"] } == ["user", "assistant", "user", "assistant"])
            #expect(newestFirst?.arrayValue?.map { $0["chatId"] } == [103, 103, 102, 102])
            let otherOrder = try await client.prompts("/v1/workspace/w/chats?limit=2&orderBy=DESC")
            #expect(otherOrder == ["102", "103"])
        }
    }

    @Test func `pages lead through the whole conversation in both directions`() async throws {
        try await TestServer.run { client in
            _ = try await client.json(.post, "/v1/workspace/new", ["name": "w"])
            for number in 1...5 { try await client.store("\(number)") }
            func walk(_ parameters: String, by cursor: String) async throws -> [[String]] {
                var pages: [[String]] = []
                var next: JSON? = .null
                while let place = next {
                    let query = parameters + (place.isNull ? "" : "&\(cursor)=\(place.text)")
                    let answer = try await client.json(.get, "/v1/workspace/w/chats?limit=2\(query)")
                    pages.append(
                        (answer["history"]?.arrayValue ?? []).filter { $0["role"] == "user" }
                            .compactMap { $0["content"]?.stringValue })
                    #expect(answer["hasMore"]?.boolValue == (answer["nextCursor"] != .null))
                    next = answer["hasMore"] == true ? answer["nextCursor"] : nil
                }
                return pages
            }
            let backwards = try await walk("", by: "before")
            #expect(backwards == [["4", "5"], ["2", "3"], ["1"]])
            let newestFirst = try await walk("&orderBy=desc", by: "before")
            #expect(newestFirst == [["5", "4"], ["3", "2"], ["1"]])
            let following = try await client.json(.get, "/v1/workspace/w/chats?limit=2&after=2")
            #expect(following["history"]?.arrayValue?.map { $0["chatId"] } == [3, 3, 4, 4])
            #expect(following["nextCursor"] == 4)
            let rest = try await client.prompts("/v1/workspace/w/chats?limit=2&after=4")
            #expect(rest == ["5"])
            let between = try await client.prompts("/v1/workspace/w/chats?after=1&before=4")
            #expect(between == ["2", "3"])
        }
    }

    @Test(arguments: ["0", "-1", "9223372036854775808", "1.5", "NaN", "1%20or%201=1", "x", "1e3"])
    func `A43 a cursor or a user that is no id is refused`(id: String) async throws {
        try await TestServer.run { client in
            _ = try await client.json(.post, "/v1/workspace/new", ["name": "w"])
            _ = try await client.json(.post, "/v1/workspace/w/thread/new", ["slug": "t"])
            for path in ["chats?before=\(id)", "chats?after=\(id)", "thread/t/chats?userId=\(id)"] {
                let answer = try await client.send(.get, "/v1/workspace/w/\(path)")
                #expect(answer.status == 400)
                #expect(answer.text.contains("must be a whole number above zero."))
            }
        }
    }

    @Test func `sessions, threads and the main conversation are listed apart`() async throws {
        try await TestServer.run { client in
            try await client.makeWorkspaces("w", "other")
            _ = try await client.json(.post, "/v1/workspace/w/thread/new", ["slug": "t"])
            let thread = try #require(try await client.server.threads.find(slug: "t", in: 1))
            try await client.store("session a", session: "a b+c")
            try await client.store("session b", session: "b")
            try await client.store("a user's session", session: "a b+c", user: 7)
            try await client.store("main")
            try await client.store("a user's main", user: 7)
            try await client.store("thread", thread: thread)
            try await client.store("a user's thread", thread: thread, user: 7)
            try await client.store("elsewhere", workspace: 2)
            for (path, expected) in [
                ("chats", ["main", "a user's main"]), ("chats?apiSessionId=", ["main", "a user's main"]),
                ("chats?apiSessionId=a+b%2Bc", ["session a"]), ("chats?apiSessionId=b", ["session b"]),
                ("chats?apiSessionId=B", []), ("chats?apiSessionId=%27%20OR%201=1%20--", []),
                ("thread/t/chats", ["thread", "a user's thread"]), ("thread/t/chats?userId=7", ["a user's thread"]),
                ("thread/t/chats?apiSessionId=b", ["thread", "a user's thread"]),
                ("thread/t/chats?limit=1", ["a user's thread"]),
                ("thread/t/chats?orderBy=desc", ["a user's thread", "thread"]),
                ("thread/t/chats?before=7", ["thread"]),
            ] {
                let prompts = try await client.prompts("/v1/workspace/w/\(path)")
                #expect(prompts == expected, "\(path)")
            }
            let unknown = try await client.send(.get, "/v1/workspace/nowhere/chats")
            #expect(unknown.status == 400)
            #expect(try JSON(parsing: unknown.text)["message"] == "Workspace nowhere is not a valid workspace.")
        }
    }

    @Test func `what is no part of the history is hidden, and flagged where it is asked for`() async throws {
        try await TestServer.run { client in
            _ = try await client.json(.post, "/v1/workspace/new", ["name": "w"])
            _ = try await client.json(.post, "/v1/workspace/w/thread/new", ["slug": "t"])
            for session in [nil, "s"] as [String?] {
                try await client.store("refused", session: session, isIncluded: false)
                try await client.store("kept", session: session)
            }
            let thread = try #require(try await client.server.threads.find(slug: "t", in: 1))
            try await client.store("refused", thread: thread, isIncluded: false)
            try await client.store("kept", thread: thread)
            for query in [
                "chats?", "chats?apiSessionId=s&includeExcluded=false&", "thread/t/chats?",
                "thread/t/chats?apiSessionId=s&",
            ] {
                let kept = try await client.prompts("/v1/workspace/w/\(query)")
                #expect(kept == ["kept"], "\(query)")
            }
            // Listings of a session always had them; chapter 18.4 of the contract.
            for query in ["chats?includeExcluded=true", "chats?apiSessionId=s", "thread/t/chats?includeExcluded=true"] {
                let all = try await client.json(.get, "/v1/workspace/w/\(query)")["history"]?.arrayValue
                #expect(all?.map { $0["excluded"] } == [true, true, nil, nil], "\(query)")
            }
        }
    }

    @Test func `a thread lists all it has, however much that is`() async throws {
        try await TestServer.run { client in
            _ = try await client.json(.post, "/v1/workspace/new", ["name": "w"])
            _ = try await client.json(.post, "/v1/workspace/w/thread/new", ["slug": "t"])
            let thread = try #require(try await client.server.threads.find(slug: "t", in: 1))
            for number in 1...130 { try await client.store("\(number)", thread: thread) }
            for query in ["", "?limit=x"] {
                let prompts = try await client.prompts("/v1/workspace/w/thread/t/chats\(query)")
                #expect(prompts == (1...130).map(String.init))
            }
        }
    }

    @Test(arguments: ["sources", "attachments", "metrics", "tool_uses"])
    func `a chat that cannot be read does not take the others with it`(column: String) async throws {
        try await TestServer.run { client in
            _ = try await client.json(.post, "/v1/workspace/new", ["name": "w"])
            for number in 1...3 { try await client.store("\(number)") }
            try await client.server.database.write(
                SQL(stringLiteral: "UPDATE chat SET \(column) = '{broken' WHERE id = 2"))
            let prompts = try await client.prompts("/v1/workspace/w/chats")
            #expect(prompts == ["1", "3"])
            let last = try await client.json(.get, "/v1/workspace/w/chats?limit=2&before=3")
            #expect(last["history"]?.arrayValue?.count == 2)
            let exported = try await client.json(.get, "/v1/workspace/w/chats/export")["chats"]
            #expect(exported?.arrayValue?.map { $0["id"] } == [1, 3])
        }
    }
}
