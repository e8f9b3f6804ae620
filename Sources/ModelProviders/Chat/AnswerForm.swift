import Domain
import OrderedJSON

/// Holds a model to a form of reply where its vendor knows no other way: by a tool that the model has to call, whose arguments are the
/// answer. Whoever asked for the form sees a text.
struct AnswerForm {
    private static let name = "answer"

    /// `nil` where the reply may have any form.
    private let tool: ToolDefinition?
    /// The numbers under which the model calls it.
    private var places: Set<Int?> = []
    private var hasOtherCalls = false

    init(for prompt: Prompt) {
        let schema: String? =
            switch prompt.options.responseFormat {
            case .jsonSchema(let text)?: ((try? JSON(parsing: text))?["schema"] ?? Self.anyObject).text
            case .jsonObject?: Self.anyObject.text
            case .text?, nil: nil
            }
        // A client that names a tool wants that one called.
        if case .named? = prompt.options.toolChoice {
            tool = nil
        } else {
            tool = schema.map { schema in
                let names = prompt.options.tools.map(\.name)
                var name = Self.name
                while names.contains(name) { name += "_" }
                return ToolDefinition(
                    name: name, description: "Gives the answer, in the form that it has to have.",
                    parameters: .schema(schema))
            }
        }
    }

    private static let anyObject: JSON = ["type": "object", "additionalProperties": true]

    /// What the model is asked instead.
    func asked(_ prompt: Prompt) -> Prompt {
        guard let tool else { return prompt }
        var prompt = prompt
        let mayCallOthers = !prompt.options.tools.isEmpty && prompt.options.toolChoice != ToolChoice.none
        prompt.options.toolChoice = mayCallOthers ? .required : .named(tool.name)
        prompt.options.tools.append(tool)
        prompt.options.allowsParallelToolCalls = false
        return prompt
    }

    /// What the model said, the answer as a text.
    mutating func answered(_ part: ReplyPart) -> ReplyPart {
        guard let tool else { return part }
        var part = part
        var others: [ReplyPart.ToolCallPart] = []
        for call in part.toolCalls {
            if call.name == tool.name { places.insert(call.index) }
            if places.contains(call.index) { part.text += call.arguments } else { others.append(call) }
        }
        part.toolCalls = others
        hasOtherCalls = hasOtherCalls || !others.isEmpty
        if part.finishReason == .toolCalls, !hasOtherCalls { part.finishReason = .stop }
        return part
    }
}
