extension SettingTable {
    /// Rows for image generation, in the order in which they are sent.
    // A table reads by its columns, so the formatter leaves it alone.
    // swift-format-ignore
    static let imageGeneration: [SettingTableRow] = [
        .key("ImageGenerationProvider",         "IMAGE_GEN_PROVIDER",           [.nonEmpty, .oneOf(.imageGenerators)],                   .textOrNull),
        .key("ImageGenerationModelPref",        "IMAGE_GEN_MODEL_PREF",         [],                                                      .textOrNull),
        .key("ImageGenerationDimensions",       "IMAGE_GEN_SIZE_PREF",          [],                                                      .textElse("512x512")),
        .key("ImageGenerationOpenAiKey",        "IMAGE_GEN_OPENAI_KEY",         [.nonEmpty, .openAIKey],                                 .presence),
        .key("ImageGenerationOpenRouterApiKey", "IMAGE_GEN_OPENROUTER_API_KEY", [.nonEmpty],                                             .presence),
        .key("ImageGenerationOllamaBasePath",   "IMAGE_GEN_OLLAMA_BASE_PATH",   [.nonEmpty, .baseWithoutSlash, .reachableFromContainer], .text),
        .key("ImageGenerationOllamaAuthToken",  "IMAGE_GEN_OLLAMA_AUTH_TOKEN",  [],                                                      .presence),
        .key("ImageGenerationLemonadeBasePath", "IMAGE_GEN_LEMONADE_BASE_PATH", [.url],                                                  .text),
        .key("ImageGenerationLemonadeApiKey",   "IMAGE_GEN_LEMONADE_API_KEY",   [],                                                      .presence),
    ]
}
