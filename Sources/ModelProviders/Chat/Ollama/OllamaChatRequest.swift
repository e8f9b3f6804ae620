import Domain
import OrderedJSON

/// The body of `POST /api/chat`.
///
/// Source of the format: Ollama's API documentation, "Generate a chat message".
struct OllamaChatRequest {
    let prompt: Prompt
    let endpoint: OllamaEndpoint
    /// In tokens; the server loads the model with a window of that size.
    let contextWindow: Int

    var json: JSON {
        var body = JSONObject([
            "model": .string(endpoint.modelID), "messages": .array(prompt.messages.map(message)), "stream": true,
            "keep_alive": JSON(endpoint.keepAliveSeconds), "options": options,
        ])
        if !prompt.options.tools.isEmpty, prompt.options.toolChoice != ToolChoice.none {
            body["tools"] = .array(prompt.options.tools.map(tool))
        }
        body["format"] = prompt.options.responseFormat.flatMap(format)
        return .object(body)
    }

    private var options: JSON {
        let wanted = prompt.options
        var options = JSONObject()
        options["temperature"] = wanted.temperature.map(JSON.number)
        options["num_ctx"] = JSON(contextWindow)
        options["num_predict"] = wanted.maximumTokens.map { JSON($0) }
        options["top_p"] = wanted.topP.map(JSON.number)
        options["seed"] = wanted.seed.map { JSON($0) }
        if !wanted.stop.isEmpty { options["stop"] = .array(wanted.stop.map(JSON.string)) }
        options["presence_penalty"] = wanted.presencePenalty.map(JSON.number)
        options["frequency_penalty"] = wanted.frequencyPenalty.map(JSON.number)
        return .object(options)
    }

    private func message(_ message: Message) -> JSON {
        var object = JSONObject(["role": .string(message.role.rawValue), "content": .string(message.text)])
        // Without the envelope of a `data:` URL; the server fetches nothing.
        let images = message.media.filter { $0.mediaType.hasPrefix("image/") }.compactMap(\.base64)
        if !images.isEmpty { object["images"] = .array(images.map(JSON.string)) }
        if !message.toolCalls.isEmpty {
            object["tool_calls"] = .array(
                message.toolCalls.map { call in
                    ["function": ["name": .string(call.name), "arguments": call.argumentsObject]]
                })
        }
        object["tool_name"] = message.toolCallID.flatMap(toolName).map(JSON.string)
        return .object(object)
    }

    /// The wire has no ids: a result names its tool.
    private func toolName(ofCall id: String) -> String? {
        prompt.messages.lazy.flatMap(\.toolCalls).first { $0.id == id }?.name
    }

    private func tool(_ definition: ToolDefinition) -> JSON {
        var function = JSONObject(["name": .string(definition.name)])
        function["description"] = definition.description.map(JSON.string)
        function["parameters"] = definition.parameters.flatMap(\.schema) ?? ["type": "object", "properties": [:]]
        return ["type": "function", "function": .object(function)]
    }

    private func format(_ format: ResponseFormat) -> JSON? {
        switch format {
        case .text: nil
        case .jsonObject: "json"
        case .jsonSchema(let schema): (try? JSON(parsing: schema))?["schema"] ?? "json"
        }
    }
}
