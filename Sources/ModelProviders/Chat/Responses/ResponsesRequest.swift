import Domain
import OrderedJSON

/// The body of `POST /responses`.
///
/// Source of the format: OpenAI's API reference, "Create a model response".
struct ResponsesRequest {
    /// The API refuses lower bounds.
    private static let leastMaximumTokens = 16

    let prompt: Prompt
    let endpoint: OpenAICompatibleEndpoint

    /// Whether the API has words for all that `prompt` asks for.
    static func canSay(_ prompt: Prompt) -> Bool {
        let options = prompt.options
        return options.stop.isEmpty && options.seed == nil && options.presencePenalty == nil
            && options.frequencyPenalty == nil && options.logitBias.isEmpty && options.tokenAlternatives == nil
            && prompt.messages.allSatisfy { $0.media.allSatisfy { $0.mediaType.hasPrefix("image/") } }
    }

    var json: JSON {
        let options = prompt.options
        var body = JSONObject([
            "model": .string(endpoint.modelID), "input": .array(prompt.messages.flatMap(items)), "store": false,
        ])
        if endpoint.takesTemperature {
            body["temperature"] = options.temperature.map(JSON.number)
            body["top_p"] = options.topP.map(JSON.number)
        }
        body["max_output_tokens"] = (options.maximumTokens ?? endpoint.defaultMaximumTokens).map {
            JSON(max($0, Self.leastMaximumTokens))
        }
        body["reasoning"] = options.reasoningEffort.map { ["effort": .string($0)] }
        body["text"] = options.responseFormat.map { ["format": format($0)] }
        addTools(to: &body)
        if endpoint.allowsStreaming { body["stream"] = true }
        return .object(body)
    }

    private func addTools(to body: inout JSONObject) {
        let options = prompt.options
        guard !options.tools.isEmpty else { return }
        body["tools"] = .array(options.tools.map(tool))
        body["tool_choice"] = options.toolChoice.map { choice in
            choice.openAI { ["type": "function", "name": .string($0)] }
        }
        body["parallel_tool_calls"] = options.allowsParallelToolCalls.map(JSON.bool)
    }

    /// Whoever does not say holds no model to a schema; the API would.
    private func tool(_ definition: ToolDefinition) -> JSON {
        var tool = JSONObject(["type": "function", "name": .string(definition.name)])
        tool["description"] = definition.description.map(JSON.string)
        tool["parameters"] = definition.parameters.flatMap(\.schema) ?? ["type": "object", "properties": [:]]
        tool["strict"] = .bool(definition.isStrict ?? false)
        return .object(tool)
    }

    private func format(_ format: ResponseFormat) -> JSON {
        switch format {
        case .text: return ["type": "text"]
        case .jsonObject: return ["type": "json_object"]
        case .jsonSchema(let text):
            let schema = (try? JSON(parsing: text))?.objectValue ?? JSONObject()
            return .object(JSONObject(["type": "json_schema"]).merging(schema))
        }
    }

    private func items(_ message: Message) -> [JSON] {
        if message.role == .tool {
            return [
                [
                    "type": "function_call_output", "call_id": .string(message.toolCallID ?? ""),
                    "output": .string(message.text),
                ]
            ]
        }
        let calls = message.toolCalls.map { call -> JSON in
            [
                "type": "function_call", "call_id": .string(call.id), "name": .string(call.name),
                "arguments": .string(call.arguments.isEmpty ? "{}" : call.arguments),
            ]
        }
        // An assistant that only calls tools says nothing.
        if message.text.isEmpty, message.media.isEmpty, !calls.isEmpty { return calls }
        return [["role": .string(message.role.rawValue), "content": content(of: message)]] + calls
    }

    private func content(of message: Message) -> JSON {
        guard acceptsImages, !message.media.isEmpty, message.role != .assistant else { return .string(message.text) }
        let images = message.media.map { image -> JSON in ["type": "input_image", "image_url": .string(image.url)] }
        return .array([["type": "input_text", "text": .string(message.text)]] + images)
    }

    private var acceptsImages: Bool { if case .omitted = endpoint.imageEncoding { false } else { true } }
}
