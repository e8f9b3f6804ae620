import Domain
import OrderedJSON

/// Reads a chunk of a streamed `chat.completion`, or a whole one.
extension ReplyPart {
    // One pass over each object: a stream has thousands of these, and a look at each key by name takes as long as parsing.
    init(chatCompletion json: JSON) {
        self.init()
        var choice: JSON?
        for member in json.objectValue?.members ?? [] {
            switch member.key {
            case "choices":
                isReply = member.value.arrayValue != nil
                choice = member.value.arrayValue?.first
            case "error" where !member.value.isNull, "object" where member.value == "error":
                error = Self.failure(in: json)
            case "usage" where !member.value.isNull: readUsage(member.value)
            case "timings" where promptTokens == nil && completionTokens == nil: readTimings(member.value)
            default: break
            }
        }
        for member in choice?.objectValue?.members ?? [] {
            switch member.key {
            case "delta", "message": if let message = member.value.objectValue { read(message) }
            case "logprobs":
                probabilities = (member.value["content"]?.arrayValue ?? []).compactMap(TokenProbability.init)
            case "finish_reason": finishReason = member.value.stringValue.flatMap(Self.finishReason)
            case "error" where !member.value.isNull: error = error ?? choice.flatMap(Self.failure)
            default: break
            }
        }
    }

    /// Whatever is none of ours (`eos`, `function_call`) ended the reply where the model wanted.
    private static func finishReason(_ reason: String) -> ReplySummary.FinishReason? {
        if reason.isEmpty { return nil }
        return reason == "max_tokens" ? .length : .init(rawValue: reason) ?? .stop
    }

    private mutating func read(_ message: JSONObject) {
        var refusal = ""
        for member in message.members {
            switch member.key {
            case "content": text = Self.text(of: member.value)
            // A model that declines says so in a field of its own.
            case "refusal": refusal = member.value.stringValue ?? ""
            // Vendors do not agree on the name; those who send two of them send the same text twice.
            case "reasoning_content", "reasoning", "thinking":
                if reasoning.isEmpty { reasoning = member.value.stringValue ?? "" }
            case "tool_calls": toolCalls = (member.value.arrayValue ?? []).map(Self.toolCall)
            default: break
            }
        }
        if text.isEmpty { text = refusal }
    }

    /// `{"error":…}`, or vLLM's `{"object":"error","message":…}`.
    private static func failure(in json: JSON) -> Failure? {
        let error = json["error"].flatMap { $0.isNull ? nil : $0 }
        guard error != nil || json["object"]?.stringValue == "error" else { return nil }
        let code = (error?["code"] ?? json["code"])?.integerValue.flatMap(Int.init(exactly:))
        return Failure(
            message: ProviderMessage.extract(from: json), status: code.flatMap { (400...599).contains($0) ? $0 : nil })
    }

    /// A string, or a list of parts of which those with text count.
    private static func text(of content: JSON?) -> String {
        if let text = content?.stringValue { return text }
        return (content?.arrayValue ?? []).compactMap { $0["text"]?.stringValue }.joined()
    }

    /// Arguments are a text of JSON; some servers send the object itself.
    private static func toolCall(_ json: JSON) -> ToolCallPart {
        let function = json["function"]
        let arguments = function?["arguments"]
        return ToolCallPart(
            index: json["index"]?.integerValue.map(Int.init), id: json["id"]?.stringValue,
            name: function?["name"]?.stringValue,
            arguments: arguments?.stringValue ?? arguments.flatMap { $0.isNull ? nil : $0.text } ?? "")
    }

    private mutating func readUsage(_ usage: JSON) {
        promptTokens = Self.count(usage["prompt_tokens"])
        completionTokens = Self.count(usage["completion_tokens"])
    }

    /// What llama.cpp adds whether it is asked for usage or not.
    private mutating func readTimings(_ timings: JSON) {
        let cached = Self.count(timings["cache_n"]) ?? 0
        promptTokens = Self.count(timings["prompt_n"]).map { $0 + cached }
        completionTokens = Self.count(timings["predicted_n"])
    }
}

extension TokenProbability {
    /// `{"token":…,"logprob":…,"bytes":[…],"top_logprobs":[…]}`; `nil` where that is not what it is.
    fileprivate init?(_ json: JSON) {
        guard let token = json["token"]?.stringValue, let logarithm = json["logprob"]?.doubleValue else { return nil }
        let bytes = json["bytes"]?.arrayValue?.compactMap { $0.integerValue.flatMap(UInt8.init(exactly:)) }
        self.init(
            token: token, logarithm: logarithm, bytes: bytes,
            alternatives: (json["top_logprobs"]?.arrayValue ?? []).compactMap(Self.init))
    }
}
