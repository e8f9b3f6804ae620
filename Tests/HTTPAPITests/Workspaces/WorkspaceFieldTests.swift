import Domain
import Foundation
import HTTPAPI
import HTTPTypes
import OrderedJSON
import Persistence
import Testing

/// Chapter 3 of the contract: what becomes of each field.
@Suite struct WorkspaceFieldTests {
    @Test func `example 18.1 of the contract, byte for byte`() async throws {
        try await TestServer.run { client in
            let body = #"{"name":"Sample workspace","topN":"7","chatMode":"nonsense","similarityThreshold":9}"#
            let (status, text) = try await client.send(.post, "/v1/workspace/new", raw: body)
            #expect(status == 200)
            let standard = text.replacing(/"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z"/, with: "\"<date>\"")
                .replacing(/"openAiPrompt":"(?:[^"\\]|\\.)+"/, with: #""openAiPrompt":"<system default>""#)
            #expect(
                standard == #"{"workspace":{"id":1,"name":"Sample workspace","slug":"sample-workspace","#
                    + #""vectorTag":null,"createdAt":"<date>","openAiTemp":null,"openAiHistory":20,"#
                    + #""lastUpdatedAt":"<date>","openAiPrompt":"<system default>","similarityThreshold":1,"#
                    + #""chatProvider":null,"chatModel":null,"topN":7,"chatMode":"automatic","pfpFilename":null,"#
                    + #""agentProvider":null,"agentModel":null,"queryRefusalResponse":null,"#
                    + #""vectorSearchMode":"default","router_id":null},"message":"Workspace created"}"#)
            let second = try await client.json(.post, "/v1/workspace/new", ["name": "Sample workspace"])
            let slug = try #require(second["workspace"]?["slug"]?.stringValue)
            #expect(slug.wholeMatch(of: /sample-workspace-[1-9]\d{7}/) != nil)
        }
    }

    /// Field, what is sent, what is stored.
    static let coercions: [(String, JSON, JSON)] = [
        ("openAiTemp", 0.7, 0.7), ("openAiTemp", "0.3", 0.3), ("openAiTemp", "1.5abc", 1.5), ("openAiTemp", 99, 99),
        ("openAiTemp", "1e400", nil),
        ("openAiTemp", 0, 0), ("openAiTemp", -0.1, nil), ("openAiTemp", "x", nil), ("openAiTemp", nil, nil),
        ("openAiTemp", [:], nil), ("openAiTemp", true, nil),
        ("openAiHistory", 5, 5), ("openAiHistory", 5.9, 5), ("openAiHistory", "12", 12), ("openAiHistory", 0, 0),
        ("openAiHistory", -3, 0), ("openAiHistory", nil, 20), ("openAiHistory", "many", 20),
        ("openAiHistory", 1e300, 2_147_483_647), ("openAiHistory", [7], 20),
        ("similarityThreshold", 0.5, 0.5), ("similarityThreshold", "0.5", 0.5), ("similarityThreshold", 2, 1),
        ("similarityThreshold", -1, 0), ("similarityThreshold", nil, 0.25), ("similarityThreshold", "x", 0.25),
        ("topN", 8, 8), ("topN", 8.9, 8), ("topN", "8", 8), ("topN", 0, 1), ("topN", -5, 1), ("topN", nil, 4),
        ("topN", "x", 4), ("topN", ["gt": 1], 4),
        ("chatMode", "chat", "chat"), ("chatMode", "query", "query"), ("chatMode", "automatic", "automatic"),
        ("chatMode", "Query", "automatic"), ("chatMode", nil, "automatic"), ("chatMode", 1, "automatic"),
        ("chatProvider", "openai", "openai"), ("chatProvider", "none", nil), ("chatProvider", "", nil),
        ("chatProvider", "no-such-vendor", nil), ("chatProvider", "default", nil), ("chatProvider", 7, nil),
        ("agentProvider", "ollama", "ollama"), ("agentProvider", "none", nil), ("agentProvider", "nobody", nil),
        ("chatModel", "m", "m"), ("chatModel", "", nil), ("chatModel", 7, nil), ("chatModel", nil, nil),
        ("agentModel", "m", "m"), ("agentModel", "", nil), ("agentModel", [:], nil),
        ("queryRefusalResponse", "No.", "No."), ("queryRefusalResponse", "", nil),
        ("queryRefusalResponse", 1, nil),
        ("vectorSearchMode", "rerank", "rerank"), ("vectorSearchMode", "default", "default"),
        ("vectorSearchMode", "RERANK", "default"), ("vectorSearchMode", nil, "default"),
        ("router_id", 3, 3), ("router_id", "3", 3), ("router_id", nil, nil), ("router_id", "", nil),
        ("router_id", "none", nil),
    ]

    @Test func `every field is coerced, when a workspace is made and when it is changed`() async throws {
        try await TestServer.run { client in
            _ = try await client.json(.post, "/v1/workspace/new", ["name": "old"])
            for (number, (field, sent, stored)) in Self.coercions.enumerated() {
                let change = JSON.object(JSONObject(members: [(key: field, value: sent)]))
                let members = [(key: "name", value: JSON.string("n \(number)")), (key: field, value: sent)]
                let made = try await client.json(
                    .post, "/v1/workspace/new", .object(JSONObject(members: members)))
                #expect(Self.agree(made["workspace"]?[field], stored), "new: \(field) \(sent.text)")
                let changed = try await client.json(.post, "/v1/workspace/old/update", change)
                let isUnknown = ["no-such-vendor", "nobody"].contains(sent)
                #expect((changed["message"] == .null) != isUnknown, "update: \(field) \(sent.text)")
                #expect(Self.agree(changed["workspace"]?[field], stored), "update: \(field) \(sent.text)")
            }
        }
    }

    private static func agree(_ left: JSON?, _ right: JSON) -> Bool {
        left == right || (left?.doubleValue != nil && left?.doubleValue == right.doubleValue)
    }

    @Test func `a field that is not sent stays, and one that is null takes its default`() async throws {
        try await TestServer.run { client in
            _ = try await client.json(
                .post, "/v1/workspace/new",
                ["name": "w", "topN": 9, "openAiHistory": 3, "openAiPrompt": "Be kind.", "chatMode": "query"])
            let first = try await client.json(.post, "/v1/workspace/w/update", ["topN": nil])["workspace"]
            #expect(first?["topN"] == 4)
            #expect(first?["openAiHistory"] == 3)
            #expect(first?["openAiPrompt"] == "Be kind.")
            #expect(first?["chatMode"] == "query")
            let second = try await client.json(.post, "/v1/workspace/w/update", ["openAiPrompt": ""])["workspace"]
            #expect(second?["openAiPrompt"] == .null)
        }
    }

    @Test func `provider, model and router of a workspace go together`() async throws {
        try await TestServer.run { client in
            let made = try await client.json(
                .post, "/v1/workspace/new", ["name": "w", "chatProvider": "default", "chatModel": "m"])["workspace"]
            #expect(made?["chatProvider"] == .null)
            #expect(made?["chatModel"] == .null)
            func update(_ change: JSON) async throws -> [JSON?] {
                let row = try await client.json(.post, "/v1/workspace/w/update", change)["workspace"]
                return [row?["chatProvider"], row?["chatModel"], row?["router_id"]]
            }
            let routed = try await update(["chatProvider": "anythingllm-router", "chatModel": "m", "router_id": 5])
            #expect(routed == ["anythingllm-router", .null, 5])
            let none = try await update(["chatProvider": "none"])
            #expect(none == [.null, .null, 5])
            let direct = try await update(["chatProvider": "openai", "chatModel": "gpt"])
            #expect(direct == ["openai", "gpt", .null])
            let standard = try await update(["chatProvider": "default"])
            #expect(standard == [.null, .null, .null])
        }
    }

    @Test(arguments: [
        ("null", "name cannot be null"), ("\"\"", "name cannot be null"), ("0", "name cannot be null"),
        ("false", "name cannot be null"), ("7", "name must be a string"), ("true", "name must be a string"),
        ("[]", "name must be a string"), ("{}", "name must be a string"),
    ])
    func `a workspace needs a name that is a text`(name: String, message: String) async throws {
        try await TestServer.run { client in
            let answer = try await client.send(.post, "/v1/workspace/new", raw: "{\"name\":\(name)}")
            #expect(answer.status == 400)
            #expect(answer.text == "{\"workspace\":null,\"message\":\"\(message)\"}")
            let without = try await client.send(.post, "/v1/workspace/new", type: "image/png")
            #expect(without.text == #"{"workspace":null,"message":"name cannot be null"}"#)
        }
    }

    @Test func `names are cut at 255 characters, and the slug comes from the whole name`() async throws {
        try await TestServer.run { client in
            let long = String(repeating: "👩‍👩‍👧‍👦", count: 40)
            let made = try await client.json(.post, "/v1/workspace/new", ["name": .string(long + " tail")])["workspace"]
            #expect(made?["name"]?.stringValue == String(repeating: "👩‍👩‍👧‍👦", count: 23))
            #expect(made?["slug"] == "tail")
            let marks = "a" + String(repeating: "\u{301}", count: 400)
            let marked = try await client.json(.post, "/v1/workspace/tail/update", ["name": .string(marks)])
            #expect(marked["workspace"]?["name"]?.stringValue?.utf16.count == 255)
        }
    }

    @Test func `a change of the name to nothing has the wire's default, and one to blanks none`() async throws {
        try await TestServer.run { client in
            _ = try await client.json(.post, "/v1/workspace/new", ["name": "w"])
            for (name, expected) in [
                ("Old", "Old"), ("  ", "Old"), ("", "My Workspace"), (nil, "My Workspace"), (7, "My Workspace"),
            ] as [(JSON, JSON)] {
                let changed = try await client.json(.post, "/v1/workspace/w/update", ["name": name])["workspace"]
                #expect(changed?["name"] == expected)
                #expect(changed?["slug"] == "w")
            }
            let blank = try await client.json(.post, "/v1/workspace/new", ["name": "  "])["workspace"]
            #expect(blank?["name"] == "  ")
            #expect(UUID(uuidString: blank?["slug"]?.stringValue ?? "") != nil)
        }
    }

    @Test func `every change moves the date of the last one, whatever date is sent`() async throws {
        try await TestServer.run { client in
            _ = try await client.json(.post, "/v1/workspace/new", ["name": "w"])
            for body in [["topN": 5], ["lastUpdatedAt": "2001-01-01"], ["lastUpdatedAt": nil]] as [JSON] {
                try await client.server.database.write("UPDATE workspace SET last_updated_at = 0")
                let changed = try await client.json(.post, "/v1/workspace/w/update", body)
                #expect(changed["message"] == .null)
                let date = try #require(changed["workspace"]?["lastUpdatedAt"]?.stringValue)
                let created = try #require(changed["workspace"]?["createdAt"]?.stringValue)
                #expect(date >= created)
            }
        }
    }

    @Test func `a provider that nobody knows is said to be none`() async throws {
        try await TestServer.run { client in
            _ = try await client.json(.post, "/v1/workspace/new", ["name": "w"])
            let unknown = try await client.json(
                .post, "/v1/workspace/w/update", ["chatProvider": "nonsense", "agentProvider": "openai"])
            #expect(unknown["workspace"]?["chatProvider"] == .null)
            #expect(unknown["message"]?.stringValue?.hasPrefix("chatProvider: there is no such provider") == true)
            for known in ["openai", "none", "default"] as [JSON] {
                let update = try await client.json(.post, "/v1/workspace/w/update", ["chatProvider": known])
                #expect(update["message"] == .null)
            }
        }
    }

    @Test func `a change of nothing is answered with the whole workspace`() async throws {
        try await TestServer.run { client in
            try await client.makeWorkspace(text: "The harbour opens at seven.")
            let before = try await client.json(.get, "/v1/workspace/w")["workspace"]?.arrayValue?.first
            let answer = try await client.json(
                .post, "/v1/workspace/w/update", ["slug": "x", "id": 9, "createdAt": "2001-01-01"])
            #expect(answer["message"] == "No valid fields to update!")
            var expected = try #require(before?.objectValue)
            expected["threads"] = nil
            #expect(answer["workspace"] == .object(expected))
            #expect(answer["workspace"]?["documents"]?.arrayValue?.count == 1)
            let unknown = try await client.send(.post, "/v1/workspace/nowhere/update", ["topN": 5])
            #expect(unknown.status == 400)
            #expect(try JSON(parsing: unknown.text)["message"] == "Workspace nowhere is not a valid workspace.")
        }
    }
}
