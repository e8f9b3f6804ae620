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

    // MARK: Parts

    static func call(_ call: ToolCall) -> JSONObject {
        ["id": .string(call.id), "type": "function", "function": function(call.name, call.arguments)]
    }

    static func function(_ name: String?, _ arguments: String) -> JSON {
        var function = JSONObject()
        function["name"] = name.map(JSON.string)
        function["arguments"] = .string(arguments)
        return .object(function)
    }

    static func probabilities(_ items: [TokenProbability]) -> JSON {
        items.isEmpty ? .null : ["content": .array(items.map { probability($0, isWhole: true) }), "refusal": nil]
    }

    static func probability(_ item: TokenProbability, isWhole: Bool) -> JSON {
        var object: JSONObject = [
            "token": .string(item.token), "logprob": .number(item.logarithm),
            "bytes": item.bytes.map { .array($0.map { JSON(Int($0)) }) } ?? .null,
        ]
        if isWhole { object["top_logprobs"] = .array(item.alternatives.map { probability($0, isWhole: false) }) }
        return .object(object)
    }

    /// Fields that OpenAI does not have. All choices draw on the same search.
    static func additions(_ answers: [ChatAnswer]) -> JSONObject {
        var object: JSONObject = ["sources": .array((answers.first?.sources ?? []).map(\.json))]
        // Of several choices nobody could tell whose they are.
        let citations = answers.count == 1 ? Citation.citations(in: answers[0].text, answers[0].sources) : []
        if !citations.isEmpty { object["citations"] = .array(citations.map(\.json)) }
        var seen: Set<String> = []
        let warnings = answers.flatMap(\.warnings).filter { seen.insert($0).inserted }
        if !warnings.isEmpty { object["warnings"] = .array(warnings.map(JSON.string)) }
        return object
    }

    /// The tokens of all choices together.
    func usage(_ answers: [ChatAnswer]) -> JSON {
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
