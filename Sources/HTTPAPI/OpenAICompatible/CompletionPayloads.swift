import Domain
import Engine
import HTTPTypes

/// The body of a chat completion request.
struct CompletionPayload {
    let model: String
    let streams: Bool
    let instruction: String?
    let history: [Message]
    let question: Message
    let options: GenerationOptions

    init(_ payload: RequestPayload) throws {
        model = payload["model"]?.stringValue ?? ""
        streams = payload["stream"]?.isTruthy ?? false
        let items = payload["messages"]?.arrayValue ?? []
        guard let last = items.last, last["role"] == "user" else {
            throw APIError.openAI(
                .badRequest,
                "No user prompt found. Must be last element in message array with 'user' role.",
                parameter: "messages")
        }
        let system = items.filter { Self.isInstruction($0) }.map { Self.text(of: $0["content"]) }
        instruction = system.isEmpty ? nil : system.joined(separator: "\n\n")
        history = items.dropLast().compactMap(Self.turn)
        question = Message(role: .user, text: Self.text(of: last["content"]), images: Self.images(in: last["content"]))
        guard !question.text.isEmpty || !question.images.isEmpty else {
            throw APIError.openAI(.badRequest, "The last message is empty.", parameter: "messages")
        }
        options = try Self.options(in: payload)
    }

    private static func isInstruction(_ item: JSON) -> Bool { item["role"] == "system" || item["role"] == "developer" }

    private static func turn(_ item: JSON) -> Message? {
        guard let role = item["role"]?.stringValue.flatMap(Message.Role.init(rawValue:)), role != .system else {
            return nil
        }
        return Message(role: role, text: text(of: item["content"]), images: images(in: item["content"]))
    }

    private static func text(of content: JSON?) -> String {
        switch content {
        case .string(let text): text
        case .array(let parts): parts.compactMap { $0["text"]?.stringValue }.joined(separator: "\n")
        default: ""
        }
    }

    private static func images(in content: JSON?) -> [ImageAttachment] {
        let urls = (content?.arrayValue ?? []).compactMap { part in
            part["type"] == "image_url" ? part["image_url"]?["url"]?.stringValue : nil
        }
        return urls.enumerated().map { index, url in
            let mediaType = url.hasPrefix("data:") ? url.dropFirst(5).prefix { $0 != ";" && $0 != "," } : "image/png"
            return ImageAttachment(name: "uploaded_image_\(index)", mediaType: String(mediaType), url: url)
        }
    }

    private static func options(in payload: RequestPayload) throws -> GenerationOptions {
        var options = GenerationOptions()
        options.temperature = try number(payload, "temperature", in: 0...2)
        options.topP = try number(payload, "top_p", in: 0...1)
        let limit = try number(payload, "max_completion_tokens", in: 1...1e7)
        options.maximumTokens = try (limit ?? number(payload, "max_tokens", in: 1...1e7)).map { Int($0) }
        options.seed = payload["seed"]?.integerValue.map(Int.init)
        options.stop =
            payload["stop"]?.stringValue.map { [$0] }
            ?? (payload["stop"]?.arrayValue ?? []).compactMap(\.stringValue)
        return options
    }

    private static func number(
        _ payload: RequestPayload, _ key: String, in range: ClosedRange<Double>
    ) throws -> Double? {
        guard let value = payload[key], value != .null else { return nil }
        guard let number = value.looseNumber, range.contains(number) else {
            throw APIError.openAI(.badRequest, "\(key) must be a number in its range.", parameter: key)
        }
        return number
    }
}

/// The objects of a completion.
struct CompletionFrame {
    let id = "chatcmpl-" + UUIDText.random()
    let created = Timestamp.now.seconds
    let model: String

    func whole(_ answer: ChatAnswer) -> JSON {
        [
            "id": .string(id), "object": "chat.completion", "created": .integer(created), "model": .string(model),
            "choices": [
                [
                    "index": 0, "message": ["role": "assistant", "content": .string(answer.text)], "logprobs": nil,
                    "finish_reason": .string(answer.finishReason.rawValue),
                ]
            ],
            "usage": .object(usage(answer)), "sources": .array(answer.sources.map(JSON.object)),
        ]
    }

    /// The first piece names the role; content is always a text.
    func piece(_ text: String, isFirst: Bool) -> JSON {
        let delta: JSON =
            isFirst ? ["role": "assistant", "content": .string(text)] : ["content": .string(text)]
        return frame(delta: delta, finishReason: nil, rest: JSONObject())
    }

    func end(_ answer: ChatAnswer) -> JSON {
        frame(
            delta: ["content": ""], finishReason: answer.finishReason.rawValue,
            rest: ["usage": .object(usage(answer)), "sources": .array(answer.sources.map(JSON.object))])
    }

    private func frame(delta: JSON, finishReason: String?, rest: JSONObject) -> JSON {
        let object: JSONObject = [
            "id": .string(id), "object": "chat.completion.chunk", "created": .integer(created),
            "model": .string(model),
            "choices": [["index": 0, "delta": delta, "logprobs": nil, "finish_reason": JSON(finishReason)]],
        ]
        return .object(object.merging(rest))
    }

    private func usage(_ answer: ChatAnswer) -> JSONObject {
        let zero: JSONObject = ["prompt_tokens": 0, "completion_tokens": 0, "total_tokens": 0]
        return zero.merging(answer.metrics)
    }
}
