import Hummingbird

extension Request {
    /// Whether the address is one of OpenAI's API, whose clients read errors in a shape of their own: `/v1/…`, where their
    /// base address ends in `/v1`, and `/api/v1/openai/…` beside the developer API.
    var isOfOpenAIAPI: Bool {
        let segments = uri.path.lowercased().split(separator: "/", maxSplits: 3)
        return segments.first == "v1" || segments.starts(with: ["api", "v1", "openai"])
    }

    /// Whether refusals have OpenAI's own statuses. Under the other addresses they have those of the developer API.
    var hasOpenAIStatuses: Bool {
        uri.path.lowercased().split(separator: "/", maxSplits: 1).first == "v1"
    }
}
