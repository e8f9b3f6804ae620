/// The context windows of well-known model families, in tokens, as their makers state them for input.
///
/// Vendors that resell models name them `maker/model`; the last part counts. The longest beginning that fits wins.
enum KnownContextWindows {
    static func window(of model: String) -> Int? {
        let name = (model.split(separator: "/").last.map(String.init) ?? model).lowercased()
        return families.filter { name.hasPrefix($0.key) }.max { $0.key.count < $1.key.count }?.value
    }

    private static let families: KeyValuePairs = [
        "gpt-3.5": 16_385, "gpt-4": 8192, "gpt-4-turbo": 128_000, "gpt-4-1106": 128_000, "gpt-4-0125": 128_000,
        "gpt-4o": 128_000, "chatgpt-4o": 128_000, "gpt-4.5": 128_000, "gpt-4.1": 1_047_576, "gpt-5": 272_000,
        "gpt-oss": 131_072,
        "o1": 200_000, "o1-mini": 128_000, "o1-preview": 128_000, "o3": 200_000, "o4": 200_000,
        "claude": 200_000, "gemini-1.5-pro": 2_097_152, "gemini-1.5-flash": 1_048_576, "gemini-2": 1_048_576,
        "gemini-3": 1_048_576, "grok-4": 256_000, "llama-4": 131_072,
        "gemma-3": 131_072, "gemma-3-1b": 32_768, "grok": 131_072, "glm-4": 131_072, "deepseek": 65_536,
        "llama-3.1": 131_072, "llama-3.2": 131_072, "llama-3.3": 131_072, "meta-llama-3.1": 131_072,
        "meta-llama-3.3": 131_072, "qwen2.5": 32_768, "qwen-2.5": 32_768, "qwen3": 32_768, "mistral": 32_000,
        "mixtral": 32_768, "command-r": 128_000, "command-a": 256_000, "moonshot-v1-8k": 8192,
        "moonshot-v1-32k": 32_768, "moonshot-v1-128k": 131_072, "kimi-k2": 131_072, "minimax": 196_000,
        "sonar": 127_072, "sonar-pro": 200_000,
    ]
}
