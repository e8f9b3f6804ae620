import Domain

/// What one chunk of a streamed completion adds, or a whole completion that was not streamed.
struct ChatCompletionPart {
    var text = ""
    var reasoning = ""
    var probabilities: [TokenProbability] = []
    var toolCalls: [ToolCallPart] = []
    /// As the vendor words it.
    var finishReason: String?
    var promptTokens: Int?
    var completionTokens: Int?
    /// Whether it is what a completion looks like; anything else in the stream is passed over.
    let isCompletion: Bool
    /// The failure that it reports instead.
    let error: Failure?

    struct Failure {
        let message: String?
        /// The HTTP status that the answer would have had, where gateways name it.
        let status: Int?
    }

    /// A stretch of one call: its id and name come with the first, its arguments in as many as the vendor likes.
    struct ToolCallPart {
        /// Which of the reply's calls; `nil` where the vendor does not number them.
        let index: Int?
        let id: String?
        let name: String?
        let arguments: String
    }

    /// Whether the answer goes on with it: roles, empty texts and `null`s say nothing.
    var isProgress: Bool {
        !text.isEmpty || !reasoning.isEmpty || !toolCalls.isEmpty || finishReason != nil || completionTokens != nil
    }

    init(_ json: JSON) {
        let choice = json["choices"]?.arrayValue?.first
        isCompletion = json["choices"]?.arrayValue != nil
        error = Self.failure(in: json) ?? choice.flatMap(Self.failure)
        if let message = Self.object(choice?["delta"]) ?? Self.object(choice?["message"]) {
            text = Self.text(of: message["content"])
            // A model that declines says so in a field of its own.
            if text.isEmpty { text = message["refusal"]?.stringValue ?? "" }
            reasoning = Self.reasoning(of: message)
            toolCalls = (message["tool_calls"]?.arrayValue ?? []).map(Self.toolCall)
        }
        probabilities = (choice?["logprobs"]?["content"]?.arrayValue ?? []).compactMap(TokenProbability.init)
        finishReason = choice?["finish_reason"]?.stringValue
        readUsage(of: json)
    }

    /// `null` stands for what is not there.
    private static func object(_ json: JSON?) -> JSON? { json?.objectValue == nil ? nil : json }

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

    /// Vendors do not agree on the name; those who send two of them send the same text twice.
    private static func reasoning(of message: JSON) -> String {
        ["reasoning_content", "reasoning", "thinking"].lazy.compactMap { message[$0]?.stringValue }
            .first { !$0.isEmpty } ?? ""
    }

    /// `usage`, or the `timings` that llama.cpp adds whether it is asked for usage or not.
    private mutating func readUsage(of json: JSON) {
        if let usage = json["usage"], !usage.isNull {
            promptTokens = Self.count(usage["prompt_tokens"])
            completionTokens = Self.count(usage["completion_tokens"])
        } else if let timings = json["timings"] {
            let cached = Self.count(timings["cache_n"]) ?? 0
            promptTokens = Self.count(timings["prompt_n"]).map { $0 + cached }
            completionTokens = Self.count(timings["predicted_n"])
        }
    }

    private static func count(_ json: JSON?) -> Int? {
        guard let count = json?.integerValue, (0...1_000_000_000).contains(count) else { return nil }
        return Int(count)
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
