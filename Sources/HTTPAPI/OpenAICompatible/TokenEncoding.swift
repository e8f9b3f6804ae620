/// Which of OpenAI's vocabularies clients count in before they send tokens: they go by the name of the model, and take
/// cl100k_base for names that they do not know (tiktoken's `encoding_for_model`, which LangChain calls).
enum TokenEncoding: String {
    case cl100k = "cl100k_base"
    /// Of GPT-4o and what came after it.
    case o200k = "o200k_base"
    /// Of GPT-3 and before.
    case gpt3 = "r50k_base or p50k_base"

    init(model: String) {
        if Self.newerNames.contains(where: { model == $0 || model.hasPrefix($0 + "-") })
            || Self.newerBeginnings.contains(where: model.hasPrefix)
        {
            self = .o200k
        } else if Self.olderNames.contains(model) || Self.olderBeginnings.contains(where: model.hasPrefix) {
            self = .gpt3
        } else {
            self = .cl100k
        }
    }

    private static let newerNames = ["o1", "o3", "o4-mini"]
    private static let newerBeginnings = [
        "gpt-5", "gpt-4.5", "gpt-4.1", "gpt-4o", "chatgpt-4o", "gpt-oss", "ft:gpt-4o",
    ]
    private static let olderNames: Set = ["davinci", "curie", "babbage", "ada"]
    private static let olderBeginnings = [
        "text-davinci", "text-curie", "text-babbage", "text-ada", "text-similarity-", "text-search-", "code-", "gpt2",
        "gpt-2",
    ]
}
