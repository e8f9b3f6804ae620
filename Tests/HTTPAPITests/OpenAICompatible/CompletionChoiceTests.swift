import Domain
import HTTPTypes
import OrderedJSON
import Testing

/// Several answers to one question, and what is told of their tokens.
@Suite struct CompletionChoiceTests {
    private static let path = "/v1/openai/chat/completions"
    private static let question: JSON = [["role": "user", "content": "When does the harbour open?"]]
    private static let probability = TokenProbability(
        token: "Hi", logarithm: -0.25, bytes: [72, 105],
        alternatives: [TokenProbability(token: "Ho", logarithm: -1.5, bytes: nil)])

    @Test func `as many choices as are asked for, from one search, with their tokens summed`() async throws {
        let model = ConversingModel([.text("one"), .text("two"), .text("three")])
        try await TestServer.run(model: model) { client in
            try await client.makeWorkspace(text: "The harbour opens at seven.")
            let answer = try await client.json(
                .post, Self.path, ["model": "w", "messages": Self.question, "n": 3, "seed": 5])
            let choices = try #require(answer["choices"]?.arrayValue)
            #expect(choices.map { $0["index"] } == [0, 1, 2])
            let texts = choices.compactMap { $0["message"]?["content"]?.stringValue }
            #expect(texts.sorted() == ["one", "three", "two"])
            #expect(answer["usage"]?["prompt_tokens"] == 930 && answer["usage"]?["completion_tokens"] == 3)
            #expect(answer["usage"]?["total_tokens"] == 933)
            #expect(answer["sources"]?.arrayValue?.count == 1)
            // The same seed would make the same answer.
            #expect(model.prompts.compactMap(\.options.seed).sorted() == [5, 6, 7])
        }
    }

    @Test func `streamed choices are told apart by their index, and end one by one`() async throws {
        try await TestServer.run(model: ConversingModel([.events([.text("a"), .text("b")])])) { client in
            _ = try await client.json(.post, "/v1/workspace/new", ["name": "w"])
            let body: JSON = ["model": "w", "messages": Self.question, "n": 8, "stream": true]
            let (chunks, last) = try chunks(in: try await client.send(.post, Self.path, body).text)
            #expect(last == "[DONE]" && chunks.count == 8 * 3)
            #expect(Set(chunks.map { $0["id"]?.stringValue }).count == 1)
            let choices = chunks.compactMap { $0["choices"]?.arrayValue?.first }
            for index in 0..<8 {
                let own = choices.filter { $0["index"] == JSON(index) }
                #expect(own.map { $0["delta"]?["content"] } == ["a", "b", ""])
                #expect(own.map { $0["delta"]?["role"] } == ["assistant", nil, nil])
                #expect(own.map { $0["finish_reason"] } == [.null, .null, "stop"])
            }
            #expect(chunks.compactMap { $0["usage"]?["total_tokens"] } == [JSON(8 * 312)])
        }
    }

    @Test func `a refusal is the same in every choice, and kept once`() async throws {
        try await TestServer.run { client in
            _ = try await client.json(.post, "/v1/workspace/new", ["name": "w", "chatMode": "query"])
            let answer = try await client.json(.post, Self.path, ["model": "w", "messages": Self.question, "n": 2])
            let texts = answer["choices"]?.arrayValue?.compactMap { $0["message"]?["refusal"]?.stringValue } ?? []
            #expect(texts.count == 2 && Set(texts).count == 1)
            let stored = try await client.json(.get, "/v1/workspace/w/chats?apiSessionId=openai:")
            #expect(stored["history"]?.arrayValue?.count == 2)
        }
    }

    @Test func `probabilities are handed through where the model knows them`() async throws {
        let model = ConversingModel([.events([.text("Hi"), .probabilities([Self.probability])])])
        let expected: JSON = [
            "content": [
                [
                    "token": "Hi", "logprob": -0.25, "bytes": [72, 105],
                    "top_logprobs": [["token": "Ho", "logprob": -1.5, "bytes": nil]],
                ]
            ], "refusal": nil,
        ]
        try await TestServer.run(model: model) { client in
            _ = try await client.json(.post, "/v1/workspace/new", ["name": "w"])
            var body: JSONObject = [
                "model": "w", "messages": Self.question, "logprobs": true, "top_logprobs": 1,
            ]
            let whole = try await client.json(.post, Self.path, .object(body))
            #expect(whole["choices"]?.arrayValue?.first?["logprobs"] == expected)
            #expect(model.prompts.last?.options.tokenAlternatives == 1)
            body["stream"] = true
            let (chunks, _) = try chunks(in: try await client.send(.post, Self.path, .object(body)).text)
            let told = chunks.compactMap { $0["choices"]?.arrayValue?.first?["logprobs"] }
            #expect(told == [.null, expected, .null])
        }
    }

    @Test(arguments: [
        #""modalities":["text","audio"],"audio":{"voice":"alloy","format":"wav"}"#, #""logprobs":true"#,
        #""web_search_options":{}"#, #""verbosity":"low""#, #""tools":[{"type":"custom","custom":{"name":"c"}}]"#,
        #""prediction":{"type":"content","content":"x"}"#, #""prompt_cache_retention":"24h""#,
        #""tools":[{"type":"function","function":{"name":"f"}}],"tool_choice":"auto""#,
    ]) func `what the model cannot give is left out`(field: String) async throws {
        let model = ConversingModel([.text("Hi")], supportsTools: false)
        try await TestServer.run(model: model) { client in
            _ = try await client.json(.post, "/v1/workspace/new", ["name": "w"])
            let (status, text) = try await client.send(
                .post, Self.path, raw: #"{"model":"w","messages":[{"role":"user","content":"x"}],\#(field)}"#)
            #expect(status == 200)
            let choice = try JSON(parsing: text)["choices"]?.arrayValue?.first
            #expect(choice?["message"]?["content"] == "Hi" && choice?["logprobs"] == .null)
            #expect(model.prompts.last?.options.tools.isEmpty == true)
        }
    }
}
