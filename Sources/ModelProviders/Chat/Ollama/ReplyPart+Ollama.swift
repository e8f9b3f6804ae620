import Domain
import OrderedJSON

/// Reads a line of a streamed answer of Ollama, or a whole one.
extension ReplyPart {
    init(ollamaChat json: JSON) {
        self.init()
        if let failed = json["error"], !failed.isNull {
            error = Failure(message: ProviderMessage.extract(from: json), status: nil)
            return
        }
        let message = json["message"]
        isReply = message?.objectValue != nil || json["done"] != nil
        text = message?["content"]?.stringValue ?? ""
        reasoning = message?["thinking"]?.stringValue ?? ""
        // Each call comes whole, with its arguments as an object, and mostly without an id.
        toolCalls = (message?["tool_calls"]?.arrayValue ?? []).map { call in
            ToolCallPart(
                index: nil, id: call["id"]?.stringValue, name: call["function"]?["name"]?.stringValue ?? "",
                arguments: call["function"]?["arguments"].map { $0.stringValue ?? $0.text } ?? "")
        }
        guard json["done"] == true else { return }
        isLast = true
        finishReason = json["done_reason"] == "length" ? .length : .stop
        promptTokens = json["prompt_eval_count"]?.integerValue.flatMap(Int.init(exactly:))
        completionTokens = json["eval_count"]?.integerValue.flatMap(Int.init(exactly:))
    }
}
