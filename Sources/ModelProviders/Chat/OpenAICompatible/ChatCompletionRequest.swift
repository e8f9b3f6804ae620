import Domain
import OrderedJSON

/// The body of `POST /chat/completions`.
struct ChatCompletionRequest {
    let prompt: Prompt
    let endpoint: OpenAICompatibleEndpoint

    /// Fields that nobody set are left out, since servers differ in what they take `null` for.
    var json: JSON {
        var body = JSONObject()
        if !endpoint.modelID.isEmpty { body["model"] = .string(endpoint.modelID) }
        body["messages"] = .array(prompt.messages.flatMap(messages))
        if endpoint.takesTemperature { body["temperature"] = prompt.options.temperature.map(JSON.number) }
        let window = endpoint.limitsToWindow ? endpoint.contextWindow : nil
        let maximumTokens = prompt.options.maximumTokens ?? endpoint.defaultMaximumTokens ?? window
        body[endpoint.maximumTokensField] = maximumTokens.map { .integer(Int64($0)) }
        body["top_p"] = prompt.options.topP.map(JSON.number)
        if !prompt.options.stop.isEmpty { body["stop"] = .array(prompt.options.stop.map(JSON.string)) }
        body["seed"] = prompt.options.seed.map { .integer(Int64($0)) }
        body["presence_penalty"] = prompt.options.presencePenalty.map(JSON.number)
        body["frequency_penalty"] = prompt.options.frequencyPenalty.map(JSON.number)
        body["reasoning_effort"] = prompt.options.reasoningEffort.map(JSON.string)
        if endpoint.requestsReasoning { body["include_reasoning"] = true }
        body["logit_bias"] = logitBias(prompt.options.logitBias)
        body["response_format"] = prompt.options.responseFormat.map(responseFormat)
        addTools(to: &body)
        if let alternatives = prompt.options.tokenAlternatives {
            body["logprobs"] = true
            if alternatives > 0 { body["top_logprobs"] = .integer(Int64(alternatives)) }
        }
        if endpoint.allowsStreaming {
            body["stream"] = true
            if endpoint.requestsUsage { body["stream_options"] = ["include_usage": true] }
        }
        return .object(body)
    }

    private func addTools(to body: inout JSONObject) {
        let options = prompt.options
        guard !options.tools.isEmpty else { return }
        body["tools"] = .array(options.tools.map(tool))
        body["tool_choice"] = options.toolChoice.map { choice in
            choice.openAI { ["type": "function", "function": ["name": .string($0)]] }
        }
        body["parallel_tool_calls"] = options.allowsParallelToolCalls.map(JSON.bool)
    }

    private func tool(_ definition: ToolDefinition) -> JSON {
        var function = JSONObject(["name": .string(definition.name)])
        function["description"] = definition.description.map(JSON.string)
        function["parameters"] = definition.parameters.flatMap(\.schema)
        function["strict"] = definition.isStrict.map(JSON.bool)
        return ["type": "function", "function": .object(function)]
    }

    private func number(_ value: Double) -> JSON { Int64(exactly: value).map(JSON.integer) ?? .number(value) }

    private func logitBias(_ biases: [String: Double]) -> JSON? {
        guard !biases.isEmpty else { return nil }
        let members = biases.sorted { $0.key < $1.key }.map { (key: $0.key, value: number($0.value)) }
        return .object(JSONObject(members: members))
    }

    private func responseFormat(_ format: ResponseFormat) -> JSON {
        switch format {
        case .text: ["type": "text"]
        case .jsonObject: ["type": "json_object"]
        case .jsonSchema(let schema): ["type": "json_schema", "json_schema": (try? JSON(parsing: schema)) ?? [:]]
        }
    }

    private func messages(for message: Message) -> [JSON] {
        guard message.role == .system, endpoint.systemRole != .system else { return [self.message(message)] }
        let instruction = self.message(Message(role: .user, text: message.text))
        return endpoint.systemRole == .user
            ? [instruction] : [instruction, self.message(Message(role: .assistant, text: "Okay."))]
    }

    private func message(_ message: Message) -> JSON {
        var object = JSONObject(["role": .string(message.role.rawValue), "content": content(of: message)])
        object["tool_call_id"] = message.toolCallID.map(JSON.string)
        if !message.toolCalls.isEmpty { object["tool_calls"] = .array(message.toolCalls.map(call)) }
        return .object(object)
    }

    private func content(of message: Message) -> JSON {
        let attachments = message.media.compactMap(part)
        if attachments.isEmpty {
            // An assistant that only calls tools says nothing, and some servers refuse an empty text.
            return message.text.isEmpty && !message.toolCalls.isEmpty ? .null : .string(message.text)
        }
        return .array([["type": "text", "text": .string(message.text)]] + attachments)
    }

    private func call(_ call: ToolCall) -> JSON {
        [
            "id": .string(call.id), "type": "function",
            "function": ["name": .string(call.name), "arguments": .string(call.arguments)],
        ]
    }

    private func part(_ attachment: MediaAttachment) -> JSON? {
        if attachment.mediaType.hasPrefix("audio/") { return audioPart(attachment) }
        switch endpoint.imageEncoding {
        case .omitted: return nil
        case .string: return ["type": "image_url", "image_url": .string(attachment.url)]
        case .object(let detail):
            var image = JSONObject(["url": .string(attachment.url)])
            image["detail"] = detail.map(JSON.string)
            return ["type": "image_url", "image_url": .object(image)]
        }
    }

    /// Sound goes without the `data:` envelope, and its format is named as a file extension.
    private func audioPart(_ attachment: MediaAttachment) -> JSON? {
        guard case .object = endpoint.imageEncoding, let data = attachment.base64 else { return nil }
        let subtype = attachment.mediaType.dropFirst("audio/".count)
        let format =
            switch subtype {
            case "mpeg": "mp3"
            case "x-wav", "wave", "vnd.wave": "wav"
            default: String(subtype)
            }
        let audio: JSON = ["data": .string(data), "format": .string(format)]
        return ["type": "input_audio", "input_audio": audio]
    }
}
