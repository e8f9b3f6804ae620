import Domain
import OrderedJSON

/// The body of `POST /messages`.
///
/// Source of the format: Anthropic's API reference, "Create a Message", version 2023-06-01.
struct MessagesRequest {
    let prompt: Prompt
    let endpoint: MessagesEndpoint
    /// Of the answer; the API wants to be told.
    let maximumTokens: Int

    var json: JSON {
        let options = prompt.options
        var body = JSONObject([
            "model": .string(endpoint.modelID), "max_tokens": JSON(maximumTokens),
        ])
        body["system"] = system
        body["messages"] = .array(messages)
        // Newer models take one of the two alone.
        if endpoint.takesTemperature, let temperature = options.temperature {
            body["temperature"] = .number(min(1, temperature))
        } else {
            body["top_p"] = options.topP.map(JSON.number)
        }
        let stop = options.stop.filter { !$0.allSatisfy(\.isWhitespace) }
        if !stop.isEmpty { body["stop_sequences"] = .array(stop.map(JSON.string)) }
        if !options.tools.isEmpty {
            body["tools"] = .array(options.tools.map(tool))
            body["tool_choice"] = toolChoice
        }
        body["stream"] = true
        return .object(body)
    }

    private var system: JSON? {
        let texts = prompt.messages.filter { $0.role == .system && !$0.text.isEmpty }.map(\.text)
        guard !texts.isEmpty else { return nil }
        let text = JSON.string(texts.joined(separator: "\n\n"))
        guard let lifetime = endpoint.cacheLifetime else { return text }
        return [["type": "text", "text": text, "cache_control": ["type": "ephemeral", "ttl": .string(lifetime)]]]
    }

    private var messages: [JSON] { prompt.messages.turns(opening: Self.text("…"), blocks: blocks) }

    private func blocks(of message: Message) -> [JSON] {
        if message.role == .tool {
            var result = JSONObject(["type": "tool_result", "tool_use_id": .string(message.toolCallID ?? "")])
            if !message.text.isEmpty { result["content"] = .string(message.text) }
            return [.object(result)]
        }
        let calls = message.toolCalls.map { call -> JSON in
            ["type": "tool_use", "id": .string(call.id), "name": .string(call.name), "input": call.argumentsObject]
        }
        return message.media.compactMap(image) + [message.trimmedText.map(Self.text)].compactMap(\.self) + calls
    }

    private static func text(_ text: String) -> JSON { ["type": "text", "text": .string(text)] }

    private func image(_ attachment: MediaAttachment) -> JSON? {
        guard attachment.mediaType.hasPrefix("image/") else { return nil }
        guard let data = attachment.base64 else {
            return ["type": "image", "source": ["type": "url", "url": .string(attachment.url)]]
        }
        let source: JSON = [
            "type": "base64", "media_type": .string(attachment.mediaType), "data": .string(data),
        ]
        return ["type": "image", "source": source]
    }

    private func tool(_ definition: ToolDefinition) -> JSON {
        var tool = JSONObject(["name": .string(definition.name)])
        tool["description"] = definition.description.map(JSON.string)
        tool["input_schema"] = definition.parameters.flatMap(\.schema) ?? ["type": "object", "properties": [:]]
        return .object(tool)
    }

    private var toolChoice: JSON? {
        var choice: JSONObject
        switch prompt.options.toolChoice {
        case .none?: return ["type": "none"]
        case .required?: choice = ["type": "any"]
        case .named(let name)?: choice = ["type": "tool", "name": .string(name)]
        case .automatic?: choice = ["type": "auto"]
        case nil:
            guard prompt.options.allowsParallelToolCalls == false else { return nil }
            choice = ["type": "auto"]
        }
        if prompt.options.allowsParallelToolCalls == false { choice["disable_parallel_tool_use"] = true }
        return .object(choice)
    }
}
