import Domain
import Engine

/// The objects of a completion.
struct CompletionFrame {
    let id = "chatcmpl-" + UUIDText.random()
    let created = Timestamp.now.seconds
    let model: String
    /// Whether the usage comes in a chunk of its own; the others then say that they have none, as OpenAI's do.
    let includesUsage: Bool

    func whole(_ answer: ChatAnswer) -> JSONObject {
        var message: JSONObject = ["role": "assistant", "content": .string(answer.text)]
        if !answer.reasoning.isEmpty { message["reasoning_content"] = .string(answer.reasoning) }
        // Clients that parse the content by a schema look here before they do.
        if answer.isRefusal { message["refusal"] = .string(answer.text) }
        if !answer.toolCalls.isEmpty {
            if answer.text.isEmpty { message["content"] = .null }
            message["tool_calls"] = .array(answer.toolCalls.map { .object(Self.call($0)) })
        }
        let object: JSONObject = [
            "id": .string(id), "object": "chat.completion", "created": .integer(created), "model": .string(model),
            "choices": [
                [
                    "index": 0, "message": .object(message), "logprobs": nil,
                    "finish_reason": .string(answer.finishReason.rawValue),
                ]
            ],
            "usage": usage(answer),
        ]
        return object.merging(additions(answer))
    }

    /// The first piece names the role; content is always a text.
    func piece(_ text: String, isFirst: Bool) -> JSON {
        chunk(delta: ["content": .string(text)], isFirst: isFirst)
    }

    /// In the field that servers of reasoning models use; the text has none of it.
    func reasoning(_ text: String, isFirst: Bool) -> JSON {
        chunk(delta: ["content": "", "reasoning_content": .string(text)], isFirst: isFirst)
    }

    func calls(_ calls: [ToolCall], isFirst: Bool) -> JSON {
        let items = calls.enumerated().map { index, call -> JSON in
            let place: JSONObject = ["index": JSON(index)]
            return .object(place.merging(Self.call(call)))
        }
        return chunk(delta: ["content": "", "tool_calls": .array(items)], isFirst: isFirst)
    }

    func end(_ answer: ChatAnswer, isFirst: Bool) -> JSON {
        var rest = additions(answer)
        if !includesUsage { rest["usage"] = usage(answer) }
        return chunk(
            delta: ["content": ""], finishReason: answer.finishReason.rawValue, isFirst: isFirst, rest: rest)
    }

    /// What follows the end where the usage was asked for.
    func usageChunk(_ answer: ChatAnswer) -> JSON {
        .object(head.merging(["choices": [], "usage": usage(answer)]))
    }

    private var head: JSONObject {
        [
            "id": .string(id), "object": "chat.completion.chunk", "created": .integer(created),
            "model": .string(model),
        ]
    }

    private func chunk(
        delta: JSONObject, finishReason: String? = nil, isFirst: Bool, rest: JSONObject = JSONObject()
    ) -> JSON {
        let role: JSONObject = isFirst ? ["role": "assistant"] : [:]
        var object = head
        object["choices"] = [
            [
                "index": 0, "delta": .object(role.merging(delta)), "logprobs": nil,
                "finish_reason": JSON(finishReason),
            ]
        ]
        if includesUsage { object["usage"] = .null }
        return .object(object.merging(rest))
    }

    private static func call(_ call: ToolCall) -> JSONObject {
        [
            "id": .string(call.id), "type": "function",
            "function": ["name": .string(call.name), "arguments": .string(call.arguments)],
        ]
    }

    /// Fields that OpenAI does not have.
    private func additions(_ answer: ChatAnswer) -> JSONObject {
        var object: JSONObject = ["sources": .array(answer.sources.map(\.json))]
        if !answer.warnings.isEmpty { object["warnings"] = .array(answer.warnings.map(JSON.string)) }
        return object
    }

    private func usage(_ answer: ChatAnswer) -> JSON {
        let zero: JSONObject = ["prompt_tokens": 0, "completion_tokens": 0, "total_tokens": 0]
        return .object(zero.merging(answer.metrics?.json ?? [:]))
    }
}
