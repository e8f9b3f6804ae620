import Domain
import ModelProviders
import OrderedJSON
import TestSupport
import Testing

/// Tools on the wire: what is offered, what is called, what is given back.
@Suite(.timeLimit(.minutes(1))) struct ToolCallTests {
    private static let clock = ToolDefinition(
        name: "clock", description: "Tells the time.", parameters: .schema(#"{"type":"object","properties":{}}"#))

    @Test func `a call is put together from its stretches`() async throws {
        try await withModel { provider, model in
            provider.answerChats(
                .stream(
                    .text("One moment."), .toolCall(index: 0, id: "c1", name: "clock", arguments: ""),
                    .toolCall(index: 0, arguments: "{\"zone\":"), .toolCall(index: 0, arguments: "\"UTC\"}"),
                    .toolCall(index: 1, id: "c2", name: "clock", arguments: "{}"), .finish("tool_calls"), .done))
            let (events, summary) = try await model.ask()
            #expect(
                events.withoutPieces == [
                    .text("One moment."),
                    .toolCall(
                        ToolCall(
                            id: "c1", name: "clock", arguments: "{\"zone\":\"UTC\"}", values: ["zone": .text("UTC")])),
                    .toolCall(ToolCall(id: "c2", name: "clock", arguments: "{}", values: [:])),
                ])
            #expect(summary.finishReason == .toolCalls)
        }
    }

    @Test func `a call can be followed while it is made`() async throws {
        try await withModel { provider, model in
            provider.answerChats(
                .stream(
                    .toolCall(index: 7, id: "c1", name: "clock", arguments: ""),
                    .toolCall(index: 7, arguments: "{\"zone\":"), .toolCall(index: 7, name: "clock", arguments: "1}"),
                    .toolCall(index: 8, name: "clock", arguments: "{}"), .finish("tool_calls"), .done))
            let events = try await model.ask().events
            let pieces = events.compactMap { if case .toolCallPiece(let piece) = $0 { piece } else { nil } }
            let calls = events.compactMap { if case .toolCall(let call) = $0 { call } else { nil } }
            try #require(pieces.count == 4 && calls.count == 2)
            // Numbered anew from 0; a vendor that repeats the name and leaves out the id is put right.
            #expect(pieces.map(\.index) == [0, 0, 0, 1])
            #expect(pieces.map(\.name) == ["clock", nil, nil, "clock"])
            #expect(pieces.map(\.id) == [calls[0].id, nil, nil, calls[1].id])
            #expect(pieces.map(\.arguments) == ["", "{\"zone\":", "1}", "{}"])
            #expect(calls.map(\.arguments) == ["{\"zone\":1}", "{}"])
        }
    }

    @Test func `probabilities are asked for and read`() async throws {
        let chunk =
            #"{"choices":[{"delta":{"content":"Hi"},"logprobs":{"content":[{"token":"Hi","logprob":-0.5,"#
            + #""bytes":[72,105],"top_logprobs":[{"token":"Ho","logprob":-1,"bytes":null}]},{"token":7}]}}]}"#
        try await withModel { provider, model in
            provider.answerChats(.stream(.bytes(Array("data: \(chunk)\n\n".utf8)), .done))
            var prompt = Prompt.hello
            prompt.options.tokenAlternatives = 2
            let events = try await model.ask(prompt).events
            let other = TokenProbability(token: "Ho", logarithm: -1, bytes: nil)
            #expect(
                events == [
                    .text("Hi"),
                    .probabilities([
                        TokenProbability(token: "Hi", logarithm: -0.5, bytes: [72, 105], alternatives: [other])
                    ]),
                ])
            let body = try #require(provider.requests.first?.body)
            #expect(body["logprobs"] == true && body["top_logprobs"] == 2)
        }
    }

    @Test(arguments: [
        // Neither number nor id, and arguments as an object.
        #"[{"function":{"name":"clock","arguments":{"zone":"UTC"}}},{"function":{"name":"clock","arguments":{}}}]"#,
        // One number for both.
        #"[{"index":0,"id":"call_0","function":{"name":"clock","arguments":"{\"zone\":\"UTC\"}"}},"#
            + #"{"index":0,"id":"call_1","function":{"name":"clock","arguments":"{}"}}]"#,
    ])
    func `vendors number their calls, or do not`(calls: String) async throws {
        try await withModel { provider, model in
            let chunk = #"{"choices":[{"index":0,"delta":{"tool_calls":\#(calls)},"finish_reason":"tool_calls"}]}"#
            provider.answerChats(.stream(.bytes(Array("data: \(chunk)\n\n".utf8)), .done))
            let called = try await model.ask().events.compactMap { event in
                if case .toolCall(let call) = event { call } else { nil }
            }
            #expect(called.map(\.name) == ["clock", "clock"])
            #expect(called.map(\.arguments) == ["{\"zone\":\"UTC\"}", "{}"])
            // Those that came without an id have been given one, which is nobody else's.
            #expect(called.map { $0.id.prefix(6) } == ["call_0", "call_1"])
        }
    }

    @Test func `a whole completion may call tools`() async throws {
        try await withModel { provider, model in
            let call: JSON = ["id": "c", "type": "function", "function": ["name": "clock", "arguments": "{}"]]
            let message: JSON = ["role": "assistant", "content": nil, "tool_calls": [call]]
            provider.answerChats(.json(["choices": [["message": message, "finish_reason": "tool_calls"]]]))
            let events = try await model.ask().events
            #expect(events.withoutPieces == [.toolCall(ToolCall(id: "c", name: "clock", arguments: "{}", values: [:]))])
        }
    }

    @Test func `tools, calls and results are sent as the dialect has them`() async throws {
        try await withModel { provider, model in
            var prompt = Prompt.hello
            prompt.options.tools = [Self.clock]
            prompt.options.toolChoice = .named("clock")
            prompt.options.responseFormat = .jsonSchema(#"{"name":"answer","schema":{"type":"object"}}"#)
            let call = ToolCall(id: "c1", name: "clock", arguments: "{}")
            prompt.messages.append(Message(role: .assistant, text: "", toolCalls: [call]))
            prompt.messages.append(Message(role: .tool, text: "noon", toolCallID: "c1"))
            _ = try await model.ask(prompt)
            let body = try #require(provider.requests.first?.body)
            #expect(body["tools"]?.arrayValue?.first?["function"]?["name"] == "clock")
            #expect(body["tool_choice"] == ["type": "function", "function": ["name": "clock"]])
            #expect(body["response_format"]?["json_schema"]?["name"] == "answer")
            let messages = try #require(body["messages"]?.arrayValue)
            #expect(
                messages.suffix(2) == [
                    [
                        "role": "assistant", "content": nil,
                        "tool_calls": [
                            ["id": "c1", "type": "function", "function": ["name": "clock", "arguments": "{}"]]
                        ],
                    ],
                    ["role": "tool", "content": "noon", "tool_call_id": "c1"],
                ])
        }
    }
}
