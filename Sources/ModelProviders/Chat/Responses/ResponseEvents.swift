import Domain
import OrderedJSON

/// Reads the events of a streamed response, or a whole one.
///
/// Source of the format: OpenAI's API reference, "Streaming events" of Responses. Events that are not known are passed over.
struct ResponseEvents {
    private var hasCalls = false
    /// Calls whose arguments came in pieces, by their places in the output; they come again as a whole.
    private var piecedCalls: Set<Int> = []

    mutating func part(_ json: JSON) -> ReplyPart {
        var part = ReplyPart()
        part.isReply = true
        switch json["type"]?.stringValue {
        case "response.output_text.delta", "response.refusal.delta": part.text = json["delta"]?.stringValue ?? ""
        case "response.reasoning_text.delta", "response.reasoning_summary_text.delta":
            part.reasoning = json["delta"]?.stringValue ?? ""
        case "response.output_item.added": add(call: json, to: &part, isWhole: false)
        case "response.output_item.done": add(call: json, to: &part, isWhole: true)
        case "response.function_call_arguments.delta": add(arguments: json, to: &part)
        case "response.completed", "response.incomplete", "response.failed":
            if let response = json["response"] { end(response, &part) }
        case "error": part.error = Self.failure(json["error"] ?? json)
        default:
            part.isReply = false
            if let error = json["error"], !error.isNull { part.error = Self.failure(error) }
        }
        return part
    }

    /// A response that was not streamed.
    mutating func part(whole json: JSON) -> ReplyPart {
        var part = ReplyPart()
        part.isReply = json["output"]?.arrayValue != nil
        for (place, item) in (json["output"]?.arrayValue ?? []).enumerated() {
            switch item["type"]?.stringValue {
            case "message":
                part.text += Self.texts(item["content"])
            case "reasoning":
                part.reasoning += Self.texts(item["summary"]) + Self.texts(item["content"])
            case "function_call": add(call: ["item": item, "output_index": JSON(place)], to: &part, isWhole: true)
            default: break
            }
        }
        end(json, &part)
        return part
    }

    private static func texts(_ parts: JSON?) -> String {
        (parts?.arrayValue ?? []).compactMap { ($0["text"] ?? $0["refusal"])?.stringValue }.joined()
    }

    private mutating func add(call json: JSON, to part: inout ReplyPart, isWhole: Bool) {
        guard let item = json["item"], item["type"] == "function_call" else { return }
        hasCalls = true
        let place = ReplyPart.count(json["output_index"])
        let isNew = isWhole && place.map { !piecedCalls.contains($0) } ?? true
        let arguments = isNew ? item["arguments"]?.stringValue ?? "" : ""
        part.toolCalls =
            part.toolCalls + [
                ReplyPart.ToolCallPart(
                    index: place, id: item["call_id"]?.stringValue, name: item["name"]?.stringValue,
                    arguments: arguments)
            ]
    }

    private mutating func add(arguments json: JSON, to part: inout ReplyPart) {
        let place = ReplyPart.count(json["output_index"])
        if let place { piecedCalls.insert(place) }
        part.toolCalls = [
            ReplyPart.ToolCallPart(index: place, id: nil, name: nil, arguments: json["delta"]?.stringValue ?? "")
        ]
    }

    private func end(_ response: JSON, _ part: inout ReplyPart) {
        part.promptTokens = ReplyPart.count(response["usage"]?["input_tokens"])
        part.completionTokens = ReplyPart.count(response["usage"]?["output_tokens"])
        if let error = response["error"], !error.isNull {
            part.error = Self.failure(error)
            return
        }
        part.isLast = true
        switch response["status"]?.stringValue {
        case "failed", "cancelled": part.error = ReplyPart.Failure(message: nil, status: nil)
        case "incomplete":
            let reason = response["incomplete_details"]?["reason"]?.stringValue
            part.finishReason = reason == "content_filter" ? .contentFilter : .length
        default: part.finishReason = hasCalls ? .toolCalls : .stop
        }
    }

    private static func failure(_ error: JSON) -> ReplyPart.Failure {
        let status: Int? =
            switch error["code"]?.stringValue {
            case "rate_limit_exceeded", "insufficient_quota": 429
            case "server_error": 500
            case "vector_store_timeout": 504
            case let code? where code.hasPrefix("invalid_") || code.contains("image"): 400
            default: nil
            }
        return ReplyPart.Failure(message: ProviderMessage.extract(from: error), status: status)
    }
}
