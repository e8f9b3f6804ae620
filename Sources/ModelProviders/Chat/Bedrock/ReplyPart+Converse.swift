import Domain
import OrderedJSON

/// Reads an event of a conversation's stream, or a whole answer.
///
/// Source of the format: Amazon Bedrock's API reference, "ConverseStreamOutput" and "Converse". Events that are not known are passed
/// over.
extension ReplyPart {
    /// - Parameters:
    ///   - event: its name, `contentBlockDelta` say; that of an exception, where it is one.
    ///   - isException: whether the answer has failed.
    init(converseEvent event: String, isException: Bool, _ json: JSON) {
        self.init()
        if isException {
            error = Failure(message: ProviderMessage.extract(from: json), status: Self.status(ofException: event))
            return
        }
        isReply = true
        switch event {
        case "contentBlockStart": read(toolUse: json["start"]?["toolUse"], at: json["contentBlockIndex"])
        case "contentBlockDelta": read(block: json["delta"], at: json["contentBlockIndex"])
        case "messageStop": finishReason = Self.finishReason(converse: json["stopReason"])
        case "metadata":
            read(usage: json["usage"])
            isLast = true
        default: isReply = false
        }
    }

    /// An answer that was not streamed.
    init(converse json: JSON) {
        self.init()
        let content = json["output"]?["message"]?["content"]?.arrayValue
        isReply = content != nil
        for (place, block) in (content ?? []).enumerated() { read(block: block, at: JSON(place)) }
        finishReason = Self.finishReason(converse: json["stopReason"])
        read(usage: json["usage"])
    }

    private mutating func read(block: JSON?, at place: JSON?) {
        text += block?["text"]?.stringValue ?? ""
        let thought = block?["reasoningContent"]
        reasoning += (thought?["text"] ?? thought?["reasoningText"]?["text"])?.stringValue ?? ""
        read(toolUse: block?["toolUse"], at: place)
    }

    /// The input is a text in a stream and an object in a whole answer.
    private mutating func read(toolUse: JSON?, at place: JSON?) {
        guard let toolUse else { return }
        toolCalls.append(
            ToolCallPart(
                index: Self.count(place), id: toolUse["toolUseId"]?.stringValue, name: toolUse["name"]?.stringValue,
                arguments: toolUse["input"].map { $0.stringValue ?? $0.text } ?? ""))
    }

    /// What was read from the server's cache, or written to it, was part of the prompt.
    private mutating func read(usage: JSON?) {
        let read = ["inputTokens", "cacheReadInputTokens", "cacheWriteInputTokens"].compactMap {
            Self.count(usage?[$0])
        }
        if !read.isEmpty { promptTokens = read.reduce(0, +) }
        completionTokens = Self.count(usage?["outputTokens"])
    }

    private static func finishReason(converse reason: JSON?) -> ReplySummary.FinishReason? {
        switch reason?.stringValue {
        case nil: nil
        case "max_tokens", "model_context_window_exceeded": .length
        case "tool_use": .toolCalls
        case "guardrail_intervened", "content_filtered": .contentFilter
        default: .stop
        }
    }

    private static func status(ofException name: String) -> Int? {
        switch name {
        case "validationException": 400
        case "accessDeniedException": 403
        case "resourceNotFoundException": 404
        case "modelTimeoutException": 408
        case "modelStreamErrorException": 424
        case "throttlingException": 429
        case "internalServerException": 500
        case "serviceUnavailableException": 503
        default: nil
        }
    }
}
