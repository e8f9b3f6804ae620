extension SettingTable {
    /// Rows for agents, and the switches that sit between them on the wire, in the order in which they are sent.
    // A table reads by its columns, so the formatter leaves it alone.
    // swift-format-ignore
    static let agents: [SettingTableRow] = [
        .key("AgentSerpApiKey",           "AGENT_SERPAPI_API_KEY",        [],           .presenceOrNull),
        .key("AgentSerpApiEngine",        "AGENT_SERPAPI_ENGINE",         [],           .textElse("google")),
        .key("AgentSearchApiKey",         "AGENT_SEARCHAPI_API_KEY",      [],           .presenceOrNull),
        .key("AgentSearchApiEngine",      "AGENT_SEARCHAPI_ENGINE",       [],           .textElse("google")),
        .key("AgentSerperApiKey",         "AGENT_SERPER_DEV_KEY",         [],           .presenceOrNull),
        .key("AgentBingSearchApiKey",     "AGENT_BING_SEARCH_API_KEY",    [],           .presenceOrNull),
        .key("AgentBaiduSearchApiKey",    "AGENT_BAIDU_SEARCH_API_KEY",   [],           .presenceOrNull),
        .key("AgentSerplyApiKey",         "AGENT_SERPLY_API_KEY",         [],           .presenceOrNull),
        .key("AgentSearXNGApiUrl",        "AGENT_SEARXNG_API_URL",        [],           .textOrNull, limit: .url),
        .key("AgentTavilyApiKey",         "AGENT_TAVILY_API_KEY",         [],           .presenceOrNull),
        .key("AgentExaApiKey",            "AGENT_EXA_API_KEY",            [],           .presenceOrNull),
        .key("AgentPerplexityApiKey",     "AGENT_PERPLEXITY_API_KEY",     [],           .presenceOrNull),
        .key("AgentBraveApiKey",          "AGENT_BRAVE_API_KEY",          [],           .presenceOrNull),
        .key("AgentCrwApiKey",            "AGENT_CRW_API_KEY",            [],           .presenceOrNull),
        .key("AgentCrwApiUrl",            "AGENT_CRW_API_URL",            [],           .textOrNull, limit: .url),
        .key("AgentYouApiKey",            "AGENT_YOU_API_KEY",            [],           .presenceOrNull),
        .fact(.chatHistoryHidden),
        .fact(.workspaceDeletionProtected),
        .fact(.simpleSSOEnabled),
        .fact(.simpleSSOWithoutLogin),
        .fact(.simpleSSORedirect),
        .key("AgentSkillMaxToolCalls",    "AGENT_MAX_TOOL_CALLS",         [.aboveZero], .number(10), limit: .wholeNumber(1...ChatConfiguration.mostToolCalls)),
        .key("AgentSkillRerankerEnabled", "AGENT_SKILL_RERANKER_ENABLED", [],           .trueUnlessFalse),
        .key("AgentSkillRerankerTopN",    "AGENT_SKILL_RERANKER_TOP_N",   [.aboveZero], .number(15)),
        .fact(.clarifyingQuestionsEnabled),
        .fact(.clarifyingQuestionsPerTurn),
    ]
}
