import Domain
import OrderedJSON

/// Reads an event of a streamed message, or a whole message.
///
/// Source of the format: Anthropic's API reference, "Streaming Messages", version 2023-06-01. Events that are not known are passed
/// over, as it asks for.
extension ReplyPart {
    init(messagesEvent json: JSON) {
        self.init()
        isReply = true
        switch json["type"]?.stringValue {
        case "message_start": readUsage(json["message"]?["usage"])
        case "content_block_start": read(block: json["content_block"], index: json["index"], isWhole: false)
        case "content_block_delta": read(delta: json["delta"], index: json["index"])
        case "message_delta":
            finishReason = Self.finishReason(json["delta"]?["stop_reason"])
            readUsage(json["usage"])
        case "message_stop": isLast = true
        case "message":
            let blocks = json["content"]?.arrayValue ?? []
            for (index, block) in blocks.enumerated() { read(block: block, index: JSON(index), isWhole: true) }
            finishReason = Self.finishReason(json["stop_reason"])
            readUsage(json["usage"])
        case "error": error = Self.failure(json["error"] ?? json)
        default: isReply = false
        }
    }

    private mutating func read(block: JSON?, index: JSON?, isWhole: Bool) {
        switch block?["type"]?.stringValue {
        case "text": text += block?["text"]?.stringValue ?? ""
        case "thinking": reasoning += block?["thinking"]?.stringValue ?? ""
        case "tool_use":
            // In a stream the arguments come afterwards, and an empty object stands for them here.
            let arguments = isWhole ? block?["input"]?.text : nil
            toolCalls.append(
                ToolCallPart(
                    index: Self.count(index), id: block?["id"]?.stringValue, name: block?["name"]?.stringValue,
                    arguments: arguments ?? ""))
        default: break
        }
    }

    private mutating func read(delta: JSON?, index: JSON?) {
        switch delta?["type"]?.stringValue {
        case "text_delta": text = delta?["text"]?.stringValue ?? ""
        case "thinking_delta": reasoning = delta?["thinking"]?.stringValue ?? ""
        case "input_json_delta":
            toolCalls = [
                ToolCallPart(
                    index: Self.count(index), id: nil, name: nil, arguments: delta?["partial_json"]?.stringValue ?? "")
            ]
        default: break
        }
    }

    /// What was read from the server's cache, or written to it, was part of the prompt.
    private mutating func readUsage(_ usage: JSON?) {
        let read = ["input_tokens", "cache_creation_input_tokens", "cache_read_input_tokens"].compactMap {
            Self.count(usage?[$0])
        }
        if !read.isEmpty { promptTokens = read.reduce(0, +) }
        completionTokens = Self.count(usage?["output_tokens"])
    }

    private static func finishReason(_ reason: JSON?) -> ReplySummary.FinishReason? {
        switch reason?.stringValue {
        case nil: nil
        case "max_tokens", "model_context_window_exceeded": .length
        case "tool_use": .toolCalls
        case "refusal": .contentFilter
        default: .stop
        }
    }

    private static func failure(_ error: JSON) -> Failure {
        let status: Int? =
            switch error["type"]?.stringValue {
            case "invalid_request_error": 400
            case "authentication_error": 401
            case "permission_error": 403
            case "not_found_error": 404
            case "request_too_large": 413
            case "rate_limit_error": 429
            case "api_error": 500
            case "timeout_error": 504
            case "overloaded_error": 529
            default: nil
            }
        return Failure(message: ProviderMessage.extract(from: error), status: status)
    }
}
