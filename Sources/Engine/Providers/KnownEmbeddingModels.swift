/// What is known of embedding models by their names, as their makers state it: how texts are to begin, by what they are for,
/// and how many tokens they may have.
struct KnownEmbeddingModel: Sendable, Equatable {
    var queryPrefix = ""
    var passagePrefix = ""
    var tokens: Int?
    /// Whether the tokens are those of OpenAI's cl100k_base, so that they can be counted exactly.
    var isCountedExactly = false

    /// How far the tokens of other vocabularies may be from those that are counted.
    private static let slack = 0.8

    /// Tokens of cl100k_base that are sure to be within the limit, or nearly.
    var tokenLimit: Int? { tokens.map { isCountedExactly ? $0 : Int(Double($0) * Self.slack) } }

    /// Vendors that resell models name them `maker/model`, Ollama `model:tag`, LM Studio `text-embedding-model`. The longest
    /// beginning that fits wins.
    init?(_ id: String) {
        let last = (id.split(separator: "/").last ?? "").prefix { $0 != ":" && $0 != "@" }
        let name = last.lowercased()
        let bare = name.hasPrefix("text-embedding-") ? String(name.dropFirst("text-embedding-".count)) : name
        guard let found = Self.family(of: name) ?? Self.family(of: bare) else { return nil }
        self = found
    }

    private init(query: String = "", passage: String = "", tokens: Int?, exact: Bool = false) {
        (queryPrefix, passagePrefix, self.tokens, isCountedExactly) = (query, passage, tokens, exact)
    }

    private static func family(of name: String) -> KnownEmbeddingModel? {
        families.filter { name.hasPrefix($0.key) }.max { $0.key.count < $1.key.count }?.value
    }

    private static let representation = "Represent this sentence for searching relevant passages: "
    private static let instruction =
        "Instruct: Given a web search query, retrieve relevant passages that answer the query\n"

    private static let families: KeyValuePairs<String, KnownEmbeddingModel> = [
        "text-embedding-3": .init(tokens: 8191, exact: true), "text-embedding-ada": .init(tokens: 8191, exact: true),
        "text-embedding-004": .init(tokens: 2048), "gemini-embedding-001": .init(tokens: 2048),
        "gemini-embedding-2": .init(
            query: "task: search result | query: ", passage: "title: none | text: ", tokens: 8192),
        "embeddinggemma": .init(query: "task: search result | query: ", passage: "title: none | text: ", tokens: 2048),
        "mistral-embed": .init(tokens: 8192), "codestral-embed": .init(tokens: 8192),
        "embed-english": .init(tokens: 512), "embed-multilingual": .init(tokens: 512),
        "embed-v4": .init(tokens: 128_000), "voyage-": .init(tokens: 16_000), "voyage-3": .init(tokens: 32_000),
        "voyage-4": .init(tokens: 32_000), "voyage-code-3": .init(tokens: 32_000),
        "voyage-finance-2": .init(tokens: 32_000), "voyage-multilingual-2": .init(tokens: 32_000),
        "voyage-2": .init(tokens: 4000),
        "nomic-embed-text": .init(query: "search_query: ", passage: "search_document: ", tokens: 8192),
        "nomic-embed-text-v2": .init(query: "search_query: ", passage: "search_document: ", tokens: 512),
        "e5-": .init(query: "query: ", passage: "passage: ", tokens: 512),
        "multilingual-e5-": .init(query: "query: ", passage: "passage: ", tokens: 512),
        "multilingual-e5-large-instruct": .init(query: instruction + "Query: ", tokens: 512),
        "e5-mistral": .init(query: instruction + "Query: ", tokens: 4096),
        "qwen3-embedding": .init(query: instruction + "Query:", tokens: 32_768),
        "mxbai-embed-large": .init(query: representation, tokens: 512),
        "snowflake-arctic-embed": .init(query: representation, tokens: 512),
        "snowflake-arctic-embed2": .init(query: "query: ", tokens: 8192),
        "snowflake-arctic-embed-l-v2": .init(query: "query: ", tokens: 8192),
        "snowflake-arctic-embed-m-v2": .init(query: "query: ", tokens: 8192),
        "bge-small-en": .init(query: representation, tokens: 512),
        "bge-base-en": .init(query: representation, tokens: 512),
        "bge-large-en": .init(query: representation, tokens: 512), "bge-m3": .init(tokens: 8192),
        "jina-embeddings-v2": .init(tokens: 8192), "jina-embeddings-v3": .init(tokens: 8192),
        "all-minilm": .init(tokens: 512), "all-mpnet": .init(tokens: 512), "gte-": .init(tokens: 512),
    ]
}
