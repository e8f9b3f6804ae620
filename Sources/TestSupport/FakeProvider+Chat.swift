package import OrderedJSON

/// What the fake provider does with one request for a chat completion.
package struct FakeChatReply: Sendable {
    /// One thing that the provider does, in order.
    package enum Step: Sendable {
        case text(String)
        /// Under the name that the vendor uses: `reasoning_content`, `reasoning` or `thinking`.
        case reasoning(String, field: String = "reasoning_content")
        /// A stretch of a call: the first of each index carries id and name.
        case toolCall(index: Int, id: String? = nil, name: String? = nil, arguments: String)
        case finish(String = "stop")
        /// A chunk without choices, as OpenAI sends it after the finish reason.
        case usage(prompt: Int, completion: Int)
        case error(String)
        case done
        /// These bytes as they are.
        case bytes([UInt8])
        case wait(Gate)
        /// Nothing more, until the client disconnects or the test ends.
        case hang
        /// Breaks the connection off in the middle of the body.
        case breakOff
        /// Text chunks of this many bytes, this many times over, as fast as they are taken.
        case flood(chunk: Int, count: Int)
    }

    package var status = 200
    package var headers: [(name: String, value: String)] = []
    /// Passed before the head of the response is sent.
    package var gate: Gate?
    /// What follows the head; `nil` sends no head either, until the client disconnects or the test ends.
    package var steps: [Step]?

    /// An event stream of `steps`, and nothing that is not among them.
    package static func stream(_ steps: Step...) -> FakeChatReply { stream(steps) }

    package static func stream(_ steps: [Step]) -> FakeChatReply {
        FakeChatReply(headers: [("Content-Type", "text/event-stream")], steps: steps)
    }

    /// An event stream of these texts of JSON, each an event, as Anthropic sends them.
    package static func events(_ events: JSON...) -> FakeChatReply { stream(events.map(Step.event)) }

    /// A stream of these texts of JSON, each on a line, as Ollama sends them.
    package static func lines(_ lines: JSON...) -> FakeChatReply {
        FakeChatReply(headers: [("Content-Type", "application/x-ndjson")], steps: lines.map(Step.line))
    }

    /// A whole and well-behaved stream of these pieces.
    package static func answer(_ pieces: String...) -> FakeChatReply {
        let usage = Step.usage(prompt: 7, completion: pieces.count)
        return stream(pieces.map(Step.text) + [.finish(), usage, .done])
    }

    /// A stream that calls tools and says nothing; ids are `call_0` and so on.
    package static func calls(_ calls: (name: String, arguments: String)...) -> FakeChatReply {
        let steps = calls.enumerated().map { index, call in
            Step.toolCall(index: index, id: "call_\(index)", name: call.name, arguments: call.arguments)
        }
        return stream(steps + [.finish("tool_calls"), .usage(prompt: 11, completion: 5), .done])
    }

    /// A completion in one piece of JSON.
    package static func whole(_ text: String, reasoning: String? = nil) -> FakeChatReply {
        var message = JSONObject(["role": "assistant", "content": .string(text)])
        message["reasoning_content"] = reasoning.map(JSON.string)
        let choice: JSON = ["index": 0, "message": .object(message), "finish_reason": "stop"]
        let usage: JSON = ["prompt_tokens": 7, "completion_tokens": 3, "total_tokens": 10]
        return .json(["id": "chatcmpl-1", "object": "chat.completion", "choices": [choice], "usage": usage])
    }

    package static func json(
        _ json: JSON, status: Int = 200, headers: [(name: String, value: String)] = []
    ) -> FakeChatReply {
        body(json.text, contentType: "application/json", status: status, headers: headers)
    }

    package static func body(
        _ text: String, contentType: String, status: Int = 200, headers: [(name: String, value: String)] = []
    ) -> FakeChatReply {
        FakeChatReply(
            status: status, headers: [("Content-Type", contentType)] + headers, steps: [.bytes(Array(text.utf8))])
    }

    /// An error as OpenAI words it.
    package static func failure(
        _ status: Int, _ message: String, headers: [(name: String, value: String)] = []
    ) -> FakeChatReply {
        let error: JSON = ["message": .string(message), "type": "fake_error", "code": .null]
        return .json(["error": error], status: status, headers: headers)
    }

    /// Takes the request and never answers.
    package static let silence = FakeChatReply(steps: nil)

    /// The same, but nothing of it before `gate` is opened.
    package func held(at gate: Gate) -> FakeChatReply {
        var reply = self
        reply.gate = gate
        return reply
    }
}

extension FakeChatReply.Step {
    package static func event(_ json: JSON) -> Self {
        .bytes(Array("event: \(json["type"]?.stringValue ?? "x")\ndata: \(json.text)\n\n".utf8))
    }

    package static func line(_ json: JSON) -> Self { .bytes(Array("\(json.text)\n".utf8)) }

    /// The bytes that the step puts on the wire; empty where it does something else.
    var wireBytes: [UInt8] {
        switch self {
        case .text(let text): Self.chunk(["content": .string(text)])
        case .reasoning(let text, let field): Self.chunk([field: .string(text)])
        case .toolCall(let index, let id, let name, let arguments):
            Self.chunk(["tool_calls": [Self.call(index, id, name, arguments)]])
        case .finish(let reason): Self.chunk([:], finishReason: .string(reason))
        case .usage(let prompt, let completion):
            Self.bytes(of: [
                "object": "chat.completion.chunk", "choices": [],
                "usage": ["prompt_tokens": JSON(prompt), "completion_tokens": JSON(completion)],
            ])
        case .error(let message): Self.bytes(of: ["error": ["message": .string(message), "code": 500]])
        case .done: Array("data: [DONE]\n\n".utf8)
        case .bytes(let bytes): bytes
        case .flood(let length, _): Self.chunk(["content": .string(String(repeating: "x", count: length))])
        case .wait, .hang, .breakOff: []
        }
    }

    private static func call(_ index: Int, _ id: String?, _ name: String?, _ arguments: String) -> JSON {
        var function = JSONObject(["arguments": .string(arguments)])
        function["name"] = name.map(JSON.string)
        var call = JSONObject(["index": JSON(index), "function": .object(function)])
        if let id {
            call["id"] = .string(id)
            call["type"] = "function"
        }
        return .object(call)
    }

    private static func chunk(_ delta: JSON, finishReason: JSON = .null) -> [UInt8] {
        let choice: JSON = ["index": 0, "delta": delta, "finish_reason": finishReason]
        return bytes(of: ["id": "chatcmpl-1", "object": "chat.completion.chunk", "model": "fake", "choices": [choice]])
    }

    private static func bytes(of json: JSON) -> [UInt8] { Array("data: \(json.text)\n\n".utf8) }
}
