import Domain
import OrderedJSON

/// What one frame of a streamed reply adds, or a whole reply that was not streamed.
struct ReplyPart {
    var text = ""
    var reasoning = ""
    var probabilities: [TokenProbability] = []
    var toolCalls: [ToolCallPart] = []
    var finishReason: ReplySummary.FinishReason?
    var promptTokens: Int?
    var completionTokens: Int?
    /// Whether it is what a reply looks like; anything else in the stream is passed over.
    var isReply = false
    /// Whether nothing comes after it.
    var isLast = false
    /// The failure that it reports instead.
    var error: Failure?

    struct Failure {
        let message: String?
        /// The HTTP status that the answer would have had, where the vendor names it.
        let status: Int?
    }

    /// A stretch of one call: its id and name come with the first, its arguments in as many as the vendor likes.
    struct ToolCallPart {
        /// Which of the reply's calls; `nil` where the vendor does not number them.
        let index: Int?
        let id: String?
        let name: String?
        let arguments: String
        /// See ``ToolCall/signature``.
        var signature: String?
    }

    /// A number of tokens, or a place in a list; `nil` for anything else.
    static func count(_ json: JSON?) -> Int? {
        guard let count = json?.integerValue, (0...1_000_000_000).contains(count) else { return nil }
        return Int(count)
    }

    /// Whether the answer goes on with it: roles, empty texts and `null`s say nothing.
    var isProgress: Bool {
        !text.isEmpty || !reasoning.isEmpty || !toolCalls.isEmpty || finishReason != nil || completionTokens != nil
    }
}
