/// Rows that vendors bring along, with the rows of the choice between them.
extension SettingTable {
    static let languageModels: [SettingTableRow] =
        [
            .key("LLMProvider", "LLM_PROVIDER", [.nonEmpty, .oneOf(.languageModels)], .text),
            .fact(.languageModel),
            .key("ModelRouterId", "MODEL_ROUTER_ID", [], .textOrNull, limit: .wholeNumber(1...2_147_483_647)),
        ] + ProviderRegistry.all.flatMap { $0.chat?.settings ?? [] }

    static let imageGeneration: [SettingTableRow] =
        [
            .key("ImageGenerationProvider", "IMAGE_GEN_PROVIDER", [.nonEmpty, .oneOf(.imageGenerators)], .textOrNull),
            .key("ImageGenerationModelPref", "IMAGE_GEN_MODEL_PREF", [], .textOrNull),
            .key("ImageGenerationDimensions", "IMAGE_GEN_SIZE_PREF", [], .textElse("512x512")),
        ]
        // The order in which the contract reports these four, which no other list has.
        + [Provider.openAI, .openRouter, .ollama, .lemonade].flatMap { $0.images?.settings ?? [] }

    static let vectorDatabases: [SettingTableRow] =
        [.key("VectorDB", "VECTOR_DB", [.nonEmpty, .oneOf(.vectorDatabases)], .text)]
        + ProviderRegistry.all.flatMap { $0.vectors?.settings ?? [] }
}
