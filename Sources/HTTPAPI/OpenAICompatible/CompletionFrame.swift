import Domain
import Engine
import OrderedJSON

/// The objects of a completion.
struct CompletionFrame {
    let id = "chatcmpl-" + UUIDText.random()
    let created = Timestamp.now.seconds
    let model: String
    /// Whether the usage comes in a chunk of its own; the others then say that they have none, as OpenAI's do.
    let includesUsage: Bool
    /// Whether calls of tools go by their old name, `function_call`.
    let usesFunctions: Bool

    /// Which choice a chunk belongs to, and whether it is its first.
    struct Place {
        var index = 0
        var isFirst: Bool
    }

    init(model: String, includesUsage: Bool = false, usesFunctions: Bool = false) {
        self.model = model
        self.includesUsage = includesUsage
        self.usesFunctions = usesFunctions
    }

    // MARK: Whole

    /// - Parameter answers: one for each choice.
    func whole(_ answers: [ChatAnswer]) -> JSONObject {
        let object: JSONObject = [
            "id": .string(id), "object": "chat.completion", "created": .integer(created), "model": .string(model),
            "choices": .array(answers.enumerated().map { .object(choice($1, index: $0)) }), "usage": usage(answers),
        ]
        return object.merging(additions(answers))
    }

    private func choice(_ answer: ChatAnswer, index: Int) -> JSONObject {
        [
            "index": JSON(index), "message": .object(message(answer)),
            "logprobs": Self.probabilities(answer.probabilities), "finish_reason": .string(finishReason(answer)),
        ]
    }

    private func message(_ answer: ChatAnswer) -> JSONObject {
        var message: JSONObject = ["role": "assistant", "content": .string(answer.text)]
        if !answer.reasoning.isEmpty { message["reasoning_content"] = .string(answer.reasoning) }
        // Clients that parse the content by a schema look here before they do.
        if answer.isRefusal { message["refusal"] = .string(answer.text) }
        guard let first = answer.toolCalls.first else { return message }
        if answer.text.isEmpty { message["content"] = .null }
        if usesFunctions {
            message["function_call"] = Self.function(first.name, first.arguments)
        } else {
            message["tool_calls"] = .array(answer.toolCalls.map { .object(Self.call($0)) })
        }
        return message
    }

    private func finishReason(_ answer: ChatAnswer) -> String {
        usesFunctions && answer.finishReason == .toolCalls ? "function_call" : answer.finishReason.rawValue
    }

    // MARK: Chunks

    /// The first piece names the role; content is always a text.
    func piece(_ text: String, _ place: Place) -> JSON {
        chunk(place, delta: ["content": .string(text)])
    }

    /// In the field that servers of reasoning models use; the text has none of it.
    func reasoning(_ text: String, _ place: Place) -> JSON {
        chunk(place, delta: ["content": "", "reasoning_content": .string(text)])
    }

    /// Of the tokens of the text before.
    func probabilities(_ items: [TokenProbability], _ place: Place) -> JSON {
        chunk(place, delta: ["content": ""], probabilities: items)
    }

    /// A stretch of a call. A client of functions is told of the first call alone.
    func callPiece(_ piece: ToolCallPiece, _ place: Place) -> JSON? {
        let function = Self.function(piece.name, piece.arguments)
        if usesFunctions {
            return piece.index == 0 ? chunk(place, delta: ["content": "", "function_call": function]) : nil
        }
        var call: JSONObject = ["index": JSON(piece.index)]
        if let id = piece.id {
            call["id"] = .string(id)
            call["type"] = "function"
        }
        call["function"] = function
        return chunk(place, delta: ["content": "", "tool_calls": [.object(call)]])
    }

    /// The end of one choice.
    /// - Parameter answers: of all choices where this is the last to end, else none: what belongs to all of them follows.
    func end(_ answer: ChatAnswer, of answers: [ChatAnswer], _ place: Place) -> JSON {
        var rest = answers.isEmpty ? JSONObject() : additions(answers)
        if !includesUsage, !answers.isEmpty { rest["usage"] = usage(answers) }
        return chunk(place, delta: ["content": ""], finishReason: finishReason(answer), rest: rest)
    }

    /// What follows the end where the usage was asked for.
    func usageChunk(_ answers: [ChatAnswer]) -> JSON {
        .object(head.merging(["choices": [], "usage": usage(answers)]))
    }

    private var head: JSONObject {
        [
            "id": .string(id), "object": "chat.completion.chunk", "created": .integer(created),
            "model": .string(model),
        ]
    }

    private func chunk(
        _ place: Place, delta: JSONObject, probabilities: [TokenProbability] = [], finishReason: String? = nil,
        rest: JSONObject = JSONObject()
    ) -> JSON {
        let role: JSONObject = place.isFirst ? ["role": "assistant"] : [:]
        var object = head
        object["choices"] = [
            [
                "index": JSON(place.index), "delta": .object(role.merging(delta)),
                "logprobs": Self.probabilities(probabilities), "finish_reason": JSON(finishReason),
            ]
        ]
        if includesUsage { object["usage"] = .null }
        return .object(object.merging(rest))
    }

    // MARK: Parts

    private static func call(_ call: ToolCall) -> JSONObject {
        ["id": .string(call.id), "type": "function", "function": function(call.name, call.arguments)]
    }

    private static func function(_ name: String?, _ arguments: String) -> JSON {
        var function = JSONObject()
        function["name"] = name.map(JSON.string)
        function["arguments"] = .string(arguments)
        return .object(function)
    }

    private static func probabilities(_ items: [TokenProbability]) -> JSON {
        items.isEmpty ? .null : ["content": .array(items.map { probability($0, isWhole: true) }), "refusal": nil]
    }

    private static func probability(_ item: TokenProbability, isWhole: Bool) -> JSON {
        var object: JSONObject = [
            "token": .string(item.token), "logprob": .number(item.logarithm),
            "bytes": item.bytes.map { .array($0.map { JSON(Int($0)) }) } ?? .null,
        ]
        if isWhole { object["top_logprobs"] = .array(item.alternatives.map { probability($0, isWhole: false) }) }
        return .object(object)
    }

    /// Fields that OpenAI does not have. All choices draw on the same search.
    private func additions(_ answers: [ChatAnswer]) -> JSONObject {
        var object: JSONObject = ["sources": .array((answers.first?.sources ?? []).map(\.json))]
        var seen: Set<String> = []
        let warnings = answers.flatMap(\.warnings).filter { seen.insert($0).inserted }
        if !warnings.isEmpty { object["warnings"] = .array(warnings.map(JSON.string)) }
        return object
    }

    /// The tokens of all choices together.
    private func usage(_ answers: [ChatAnswer]) -> JSON {
        guard var sum = answers.first?.metrics else {
            return ["prompt_tokens": 0, "completion_tokens": 0, "total_tokens": 0]
        }
        sum.promptTokens = answers.reduce(0) { $0 + ($1.metrics?.promptTokens ?? 0) }
        sum.completionTokens = answers.reduce(0) { $0 + ($1.metrics?.completionTokens ?? 0) }
        // In the order of OpenAI's own.
        let tokens: JSONObject = ["prompt_tokens": 0, "completion_tokens": 0, "total_tokens": 0]
        return .object(tokens.merging(sum.json))
    }
}
