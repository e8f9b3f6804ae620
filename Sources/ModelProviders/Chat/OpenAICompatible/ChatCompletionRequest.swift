import Domain

/// The body of `POST /chat/completions`.
struct ChatCompletionRequest {
    let prompt: Prompt
    let endpoint: OpenAICompatibleEndpoint

    /// Fields that nobody set are left out, since servers differ in what they take `null` for.
    var json: JSON {
        var body = JSONObject()
        body["model"] = .string(endpoint.modelID)
        body["messages"] = .array(prompt.messages.map(message))
        body["temperature"] = prompt.options.temperature.map(JSON.number)
        let maximumTokens = prompt.options.maximumTokens ?? endpoint.defaultMaximumTokens
        body["max_tokens"] = maximumTokens.map { .integer(Int64($0)) }
        body["top_p"] = prompt.options.topP.map(JSON.number)
        if !prompt.options.stop.isEmpty { body["stop"] = .array(prompt.options.stop.map(JSON.string)) }
        body["seed"] = prompt.options.seed.map { .integer(Int64($0)) }
        if endpoint.allowsStreaming {
            body["stream"] = true
            if endpoint.requestsUsage { body["stream_options"] = ["include_usage": true] }
        }
        return .object(body)
    }

    private func message(_ message: Message) -> JSON {
        let attachments = message.images.compactMap(part)
        if attachments.isEmpty { return ["role": .string(message.role.rawValue), "content": .string(message.text)] }
        let text: JSON = ["type": "text", "text": .string(message.text)]
        return ["role": .string(message.role.rawValue), "content": .array([text] + attachments)]
    }

    private func part(_ attachment: ImageAttachment) -> JSON? {
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
    private func audioPart(_ attachment: ImageAttachment) -> JSON? {
        guard case .object = endpoint.imageEncoding, let start = attachment.url.firstRange(of: ";base64,")?.upperBound
        else {
            return nil
        }
        let subtype = attachment.mediaType.dropFirst("audio/".count)
        let format =
            switch subtype {
            case "mpeg": "mp3"
            case "x-wav", "wave", "vnd.wave": "wav"
            default: String(subtype)
            }
        let audio: JSON = ["data": .string(String(attachment.url[start...])), "format": .string(format)]
        return ["type": "input_audio", "input_audio": audio]
    }
}
