import Domain
import OrderedJSON

/// Reads a chunk of generated content, or a whole answer.
///
/// Source of the format: Google's Gemini API reference, "GenerateContentResponse".
extension ReplyPart {
    init(gemini json: JSON) {
        self.init()
        if let failure = json["error"], !failure.isNull {
            let code = failure["code"]?.integerValue.flatMap(Int.init(exactly:))
            error = Failure(
                message: ProviderMessage.extract(from: json),
                status: code.flatMap { (400...599).contains($0) ? $0 : nil })
            return
        }
        let candidate = json["candidates"]?.arrayValue?.first
        isReply = candidate != nil
        for part in candidate?["content"]?["parts"]?.arrayValue ?? [] { read(geminiPart: part) }
        finishReason = Self.finishReason(gemini: candidate?["finishReason"])
        // A prompt that is blocked has no candidates.
        if let reason = json["promptFeedback"]?["blockReason"], !reason.isNull {
            isReply = true
            finishReason = .contentFilter
        }
        let usage = json["usageMetadata"]
        promptTokens = Self.count(usage?["promptTokenCount"])
        let written = ["candidatesTokenCount", "thoughtsTokenCount"].compactMap { Self.count(usage?[$0]) }
        if !written.isEmpty { completionTokens = written.reduce(0, +) }
    }

    /// Each call comes whole, with its arguments as an object, and mostly without an id.
    private mutating func read(geminiPart part: JSON) {
        let said = part["text"]?.stringValue ?? ""
        if part["thought"] == true { reasoning += said } else { text += said }
        guard let call = part["functionCall"] else { return }
        toolCalls.append(
            ToolCallPart(
                index: nil, id: call["id"]?.stringValue, name: call["name"]?.stringValue ?? "",
                arguments: call["args"].map(\.text) ?? "", signature: part["thoughtSignature"]?.stringValue))
    }

    private static func finishReason(gemini reason: JSON?) -> ReplySummary.FinishReason? {
        switch reason?.stringValue {
        case nil, "FINISH_REASON_UNSPECIFIED": nil
        case "MAX_TOKENS": .length
        case "SAFETY", "RECITATION", "BLOCKLIST", "PROHIBITED_CONTENT", "SPII", "IMAGE_SAFETY": .contentFilter
        default: .stop
        }
    }
}
