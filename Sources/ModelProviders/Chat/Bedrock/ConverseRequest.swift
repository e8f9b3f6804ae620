import Domain
import OrderedJSON

/// The body of `POST /model/{id}/converse-stream`, and of `converse`.
///
/// Source of the format: Amazon Bedrock's API reference, "ConverseStream".
struct ConverseRequest {
    let prompt: Prompt
    let endpoint: ConverseEndpoint

    var json: JSON {
        var messages = prompt.messages
        if !endpoint.takesInstructions {
            messages = messages.map { $0.role == .system ? Message(role: .user, text: $0.text) : $0 }
        }
        let instructions = messages.filter { $0.role == .system && !$0.text.isEmpty }
        var body = JSONObject()
        body["messages"] = .array(messages.turns(opening: ["text": "…"], blocks: blocks))
        if !instructions.isEmpty { body["system"] = .array(instructions.map { ["text": .string($0.text)] }) }
        body["inferenceConfig"] = inference
        body["toolConfig"] = toolConfiguration
        return .object(body)
    }

    private var inference: JSON {
        let options = prompt.options
        var inference = JSONObject(["maxTokens": JSON(options.maximumTokens ?? endpoint.defaultMaximumTokens)])
        // Newer models take one of the two alone.
        if endpoint.takesTemperature, let temperature = options.temperature {
            inference["temperature"] = .number(min(1, temperature))
        } else {
            inference["topP"] = options.topP.map(JSON.number)
        }
        let stop = options.stop.filter { !$0.allSatisfy(\.isWhitespace) }
        if !stop.isEmpty { inference["stopSequences"] = .array(stop.map(JSON.string)) }
        return .object(inference)
    }

    private func blocks(of message: Message) -> [JSON] {
        if message.role == .tool {
            let content: JSON = message.text.isEmpty ? ["json": [:]] : ["text": .string(message.text)]
            return [["toolResult": ["toolUseId": .string(message.toolCallID ?? ""), "content": [content]]]]
        }
        let calls = message.toolCalls.map { call -> JSON in
            let input = call.argumentsObject
            return ["toolUse": ["toolUseId": .string(call.id), "name": .string(call.name), "input": input]]
        }
        let text = message.trimmedText.map { text -> JSON in ["text": .string(text)] }
        return message.media.compactMap(image) + [text].compactMap(\.self) + calls
    }

    /// Nothing is fetched for a request: of pictures, those count that come with it.
    private func image(_ attachment: MediaAttachment) -> JSON? {
        let subtype = attachment.mediaType.split(separator: "/", maxSplits: 1)
        guard subtype.first == "image", let format = subtype.last, let data = attachment.base64 else { return nil }
        return [
            "image": ["format": .string(format == "jpg" ? "jpeg" : String(format)), "source": ["bytes": .string(data)]]
        ]
    }

    /// A conversation with calls in it is refused without their tools, whether the model is to call any or not.
    private var toolConfiguration: JSON? {
        let options = prompt.options
        var tools = options.toolChoice == ToolChoice.none ? [] : options.tools
        if tools.isEmpty {
            let names = prompt.messages.flatMap(\.toolCalls).map(\.name).unique
            tools = names.map { name in
                options.tools.first { $0.name == name } ?? ToolDefinition(name: name, description: nil, parameters: nil)
            }
        }
        guard !tools.isEmpty else { return nil }
        var configuration = JSONObject(["tools": .array(tools.map(tool))])
        configuration["toolChoice"] = toolChoice
        return .object(configuration)
    }

    private func tool(_ definition: ToolDefinition) -> JSON {
        var tool = JSONObject(["name": .string(definition.name)])
        // An empty one is refused.
        tool["description"] = definition.description.flatMap { $0.isEmpty ? nil : .string($0) }
        tool["inputSchema"] = [
            "json": definition.parameters.flatMap(\.schema) ?? ["type": "object", "properties": [:]]
        ]
        return ["toolSpec": .object(tool)]
    }

    private var toolChoice: JSON? {
        switch prompt.options.toolChoice {
        case .required?: ["any": [:]]
        case .named(let name)?: ["tool": ["name": .string(name)]]
        case .automatic?: ["auto": [:]]
        case .none?, nil: nil
        }
    }
}
