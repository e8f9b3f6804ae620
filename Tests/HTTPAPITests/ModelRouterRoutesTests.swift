import HTTPTypes
import OrderedJSON
import Testing

@Suite struct ModelRouterRoutesTests {
    private static let rule: JSON = [
        "name": "nights", "type": "calculated", "provider": "openai", "model": "gpt-4.1",
        "conditions": [["property": "currentHour", "comparator": "between", "value": [22, 6]]],
    ]

    @Test func `a router is made, changed and removed`() async throws {
        try await TestServer.run { client in
            let made = try await client.json(
                .post, "/v1/model-router/new",
                ["name": "r", "fallbackProvider": "openai", "rules": [Self.rule]])
            let router = try #require(made["router"])
            let id = try #require(router["id"]?.integerValue)
            #expect(router["cooldownSeconds"] == 300 && router["fallbackModel"] == .null)
            let rule = router["rules"]?.arrayValue?.first
            #expect(rule?["enabled"] == true && rule?["match"] == "all")
            #expect(rule?["conditions"]?.arrayValue?.first?["value"] == "22,6")

            let changed = try await client.json(
                .post, "/v1/model-router/\(id)", ["cooldownSeconds": 60, "fallbackModel": "gpt-4.1-mini"])
            #expect(changed["router"]?["cooldownSeconds"] == 60 && changed["router"]?["rules"] == router["rules"])
            let shown = try await client.json(.get, "/v1/model-router/\(id)")
            #expect(shown["router"] == changed["router"])
            #expect(try await client.json(.get, "/v1/model-routers")["routers"] == .array([shown["router"] ?? .null]))

            #expect(try await client.json(.delete, "/v1/model-router/\(id)")["success"] == true)
            #expect(try await client.send(.delete, "/v1/model-router/\(id)").status == 404)
            #expect(try await client.send(.get, "/v1/model-router/x").status == 404)
        }
    }

    @Test(
        arguments: [
            ["name": "", "fallbackProvider": "openai"], ["name": "r"], ["name": "r", "fallbackProvider": "nobody"],
            ["name": "r", "fallbackProvider": "anythingllm-router"],
            ["name": "r", "fallbackProvider": "openai", "cooldownSeconds": -1],
            ["name": "r", "fallbackProvider": "openai", "rules": "none"],
            ["name": "r", "fallbackProvider": "openai", "rules": [["type": "calculated"]]],
            [
                "name": "r", "fallbackProvider": "openai",
                "rules": [["type": "calculated", "conditions": [], "provider": "openai"]],
            ],
            [
                "name": "r", "fallbackProvider": "openai",
                "rules": [["type": "llm", "description": "", "provider": "openai"]],
            ],
            [
                "name": "r", "fallbackProvider": "openai",
                "rules": [
                    [
                        "type": "calculated", "provider": "openai",
                        "conditions": [["property": "promptContent", "comparator": "matches", "value": "("]],
                    ]
                ],
            ],
        ] as [JSON])
    func `what can never work is refused`(body: JSON) async throws {
        try await TestServer.run { client in
            let answer = try await client.send(.post, "/v1/model-router/new", body)
            #expect(answer.status == 400, "\(answer.text)")
            #expect(try await client.json(.get, "/v1/model-routers")["routers"] == [])
        }
    }

    @Test func `an expression that would never end on a text ends`() async throws {
        try await TestServer.run { client in
            var rule = try #require(Self.rule.objectValue)
            rule["conditions"] = [["property": "promptContent", "comparator": "matches", "value": "^(a+)+$"]]
            let made = try await client.json(
                .post, "/v1/model-router/new",
                ["name": "r", "fallbackProvider": "extractive", "rules": [.object(rule)]])
            let id = made["router"]?["id"] ?? .null
            _ = try await client.json(
                .post, "/v1/workspace/new", ["name": "w", "chatProvider": "anythingllm-router", "router_id": id])
            let question = String(repeating: "a", count: 60) + "!"
            let answer = try await client.json(
                .post, "/v1/workspace/w/chat", ["message": .string(question), "mode": "chat"])
            #expect(answer["textResponse"] == "Hi there")
        }
    }
}
