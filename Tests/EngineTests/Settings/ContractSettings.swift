/// What the contract says of each setting, written down from its own text (chapters 1.3 and 2.2 of the settings
/// reference) and independent of the product's table, so that the two can disagree.
enum ContractSettings {
    /// Setting key, variable, rule codes, value in `GET /v1/system`.
    static let rows = #"""
        LLMProvider LLM_PROVIDER NE,LLM str?
        ModelRouterId MODEL_ROUTER_ID - str/null
        OpenAiKey OPEN_AI_KEY NE,SK bool
        OpenAiModelPref OPEN_MODEL_PREF NE str="gpt-4.1-nano"
        AzureOpenAiEndpoint AZURE_OPENAI_ENDPOINT NE str?
        AzureOpenAiTokenLimit AZURE_OPENAI_TOKEN_LIMIT AZTL str,elsenum4096
        AzureOpenAiKey AZURE_OPENAI_KEY NE bool
        AzureOpenAiModelPref AZURE_OPENAI_MODEL_PREF NE str?
        AzureOpenAiModelType AZURE_OPENAI_MODEL_TYPE MT str="default"
        AnthropicApiKey ANTHROPIC_API_KEY NE,SKA bool
        AnthropicModelPref ANTHROPIC_MODEL_PREF NE str="claude-sonnet-4-6"
        AnthropicCacheControl ANTHROPIC_CACHE_CONTROL CC str="none"
        GeminiLLMApiKey GEMINI_API_KEY NE bool
        GeminiLLMModelPref GEMINI_LLM_MODEL_PREF NE str="gemini-2.0-flash-lite"
        GeminiSafetySetting GEMINI_SAFETY_SETTING GS str="BLOCK_MEDIUM_AND_ABOVE"
        LMStudioBasePath LMSTUDIO_BASE_PATH NE,V1,DOCK str?
        LMStudioModelPref LMSTUDIO_MODEL_PREF - str?
        LMStudioTokenLimit LMSTUDIO_MODEL_TOKEN_LIMIT - str/null
        LMStudioAuthToken LMSTUDIO_AUTH_TOKEN - bool
        LocalAiBasePath LOCAL_AI_BASE_PATH NE,V1,DOCK str?
        LocalAiModelPref LOCAL_AI_MODEL_PREF - str?
        LocalAiTokenLimit LOCAL_AI_MODEL_TOKEN_LIMIT NZ str?
        LocalAiApiKey LOCAL_AI_API_KEY - bool
        OllamaLLMBasePath OLLAMA_BASE_PATH NE,OLL,DOCK str?
        OllamaLLMModelPref OLLAMA_MODEL_PREF - str?
        OllamaLLMTokenLimit OLLAMA_MODEL_TOKEN_LIMIT - str/null
        OllamaLLMKeepAliveSeconds OLLAMA_KEEP_ALIVE_TIMEOUT INT str,elsenum300
        OllamaLLMAuthToken OLLAMA_AUTH_TOKEN - bool
        MistralApiKey MISTRAL_API_KEY NE bool
        MistralModelPref MISTRAL_MODEL_PREF NE str?
        KoboldCPPBasePath KOBOLD_CPP_BASE_PATH NE,URL str?
        KoboldCPPModelPref KOBOLD_CPP_MODEL_PREF NE str?
        KoboldCPPTokenLimit KOBOLD_CPP_MODEL_TOKEN_LIMIT NZ str?
        KoboldCPPMaxTokens KOBOLD_CPP_MAX_TOKENS NZ str?
        TextGenWebUIBasePath TEXT_GEN_WEB_UI_BASE_PATH URL str?
        TextGenWebUITokenLimit TEXT_GEN_WEB_UI_MODEL_TOKEN_LIMIT NZ str?
        TextGenWebUIAPIKey TEXT_GEN_WEB_UI_API_KEY - bool
        LiteLLMModelPref LITE_LLM_MODEL_PREF NE str?
        LiteLLMTokenLimit LITE_LLM_MODEL_TOKEN_LIMIT NZ str?
        LiteLLMBasePath LITE_LLM_BASE_PATH URL str?
        LiteLLMApiKey LITE_LLM_API_KEY - bool
        GenericOpenAiBasePath GENERIC_OPEN_AI_BASE_PATH URL str?
        GenericOpenAiModelPref GENERIC_OPEN_AI_MODEL_PREF NE str?
        GenericOpenAiTokenLimit GENERIC_OPEN_AI_MODEL_TOKEN_LIMIT NZ str?
        GenericOpenAiKey GENERIC_OPEN_AI_API_KEY - bool
        GenericOpenAiMaxTokens GENERIC_OPEN_AI_MAX_TOKENS NZ str?
        AwsBedrockLLMApiKey AWS_BEDROCK_LLM_API_KEY NE bool
        AwsBedrockLLMRegion AWS_BEDROCK_LLM_REGION NE str?
        AwsBedrockLLMModel AWS_BEDROCK_LLM_MODEL_PREFERENCE NE str?
        AwsBedrockLLMTokenLimit AWS_BEDROCK_LLM_MODEL_TOKEN_LIMIT NZ str,elsenum8192
        AwsBedrockLLMMaxTokens AWS_BEDROCK_LLM_MAX_TOKENS - str,elsenum4096
        TogetherAiApiKey TOGETHER_AI_API_KEY NE bool
        TogetherAiModelPref TOGETHER_AI_MODEL_PREF NE str?
        FireworksAiLLMApiKey FIREWORKS_AI_LLM_API_KEY NE bool
        FireworksAiLLMModelPref FIREWORKS_AI_LLM_MODEL_PREF NE str?
        PerplexityApiKey PERPLEXITY_API_KEY NE bool
        PerplexityModelPref PERPLEXITY_MODEL_PREF NE str?
        OpenRouterApiKey OPENROUTER_API_KEY NE bool
        OpenRouterModelPref OPENROUTER_MODEL_PREF NE str?
        OpenRouterTimeout OPENROUTER_TIMEOUT_MS - str?
        NovitaLLMApiKey NOVITA_LLM_API_KEY NE bool
        NovitaLLMModelPref NOVITA_LLM_MODEL_PREF NE str?
        NovitaLLMTimeout NOVITA_LLM_TIMEOUT_MS - str?
        GroqApiKey GROQ_API_KEY NE bool
        GroqModelPref GROQ_MODEL_PREF NE str?
        CohereApiKey COHERE_API_KEY NE bool
        CohereModelPref COHERE_MODEL_PREF NE str?
        DeepSeekApiKey DEEPSEEK_API_KEY NE bool
        DeepSeekModelPref DEEPSEEK_MODEL_PREF NE str?
        MinimaxApiKey MINIMAX_API_KEY NE bool
        MinimaxModelPref MINIMAX_MODEL_PREF NE str?
        CerebrasApiKey CEREBRAS_API_KEY NE bool
        CerebrasModelPref CEREBRAS_MODEL_PREF NE str?
        ApipieLLMApiKey APIPIE_LLM_API_KEY NE bool
        ApipieLLMModelPref APIPIE_LLM_MODEL_PREF NE str?
        XAIApiKey XAI_LLM_API_KEY NE bool
        XAIModelPref XAI_LLM_MODEL_PREF NE str?
        NvidiaNimLLMBasePath NVIDIA_NIM_LLM_BASE_PATH URL str?
        NvidiaNimLLMModelPref NVIDIA_NIM_LLM_MODEL_PREF - str?
        PPIOApiKey PPIO_API_KEY NE bool
        PPIOModelPref PPIO_MODEL_PREF NE str?
        MoonshotAiApiKey MOONSHOT_AI_API_KEY NE bool
        MoonshotAiModelPref MOONSHOT_AI_MODEL_PREF NE str="moonshot-v1-32k"
        FoundryBasePath FOUNDRY_BASE_PATH NE str?
        FoundryModelPref FOUNDRY_MODEL_PREF NE str?
        FoundryModelTokenLimit FOUNDRY_MODEL_TOKEN_LIMIT - str?
        CometApiLLMApiKey COMETAPI_LLM_API_KEY NE bool
        CometApiLLMModelPref COMETAPI_LLM_MODEL_PREF NE str?
        CometApiLLMTimeout COMETAPI_LLM_TIMEOUT_MS - str?
        ZAiApiKey ZAI_API_KEY NE bool
        ZAiModelPref ZAI_MODEL_PREF NE str?
        GiteeAIApiKey GITEE_AI_API_KEY NE bool
        GiteeAIModelPref GITEE_AI_MODEL_PREF NE str?
        GiteeAITokenLimit GITEE_AI_MODEL_TOKEN_LIMIT NZ str,elsenum8192
        DockerModelRunnerBasePath DOCKER_MODEL_RUNNER_BASE_PATH URL str?
        DockerModelRunnerModelPref DOCKER_MODEL_RUNNER_LLM_MODEL_PREF NE str?
        DockerModelRunnerModelTokenLimit DOCKER_MODEL_RUNNER_LLM_MODEL_TOKEN_LIMIT NZ str,elsenum8192
        PrivateModeBasePath PRIVATEMODE_LLM_BASE_PATH URL str?
        PrivateModeModelPref PRIVATEMODE_LLM_MODEL_PREF NE str?
        SambaNovaLLMApiKey SAMBANOVA_LLM_API_KEY NE bool
        SambaNovaLLMModelPref SAMBANOVA_LLM_MODEL_PREF NE str?
        LemonadeLLMBasePath LEMONADE_LLM_BASE_PATH URL str?
        LemonadeLLMApiKey LEMONADE_LLM_API_KEY - bool
        LemonadeLLMModelPref LEMONADE_LLM_MODEL_PREF NE str?
        LemonadeLLMModelTokenLimit LEMONADE_LLM_MODEL_TOKEN_LIMIT NZ str,elsenum8192
        OMLXLLMBasePath OMLX_LLM_BASE_PATH URL str?
        OMLXLLMApiKey OMLX_LLM_API_KEY - bool
        OMLXLLMModelPref OMLX_LLM_MODEL_PREF NE str?
        OMLXLLMTokenLimit OMLX_LLM_TOKEN_LIMIT - str?
        AzureOpenAiEmbeddingModelPref EMBEDDING_MODEL_PREF NE str?
        EmbeddingEngine EMBEDDING_ENGINE EMB str="native"
        EmbeddingBasePath EMBEDDING_BASE_PATH NE,DOCK str?
        EmbeddingModelPref EMBEDDING_MODEL_PREF NE str?
        EmbeddingModelMaxChunkLength EMBEDDING_MODEL_MAX_CHUNK_LENGTH NZ str?
        EmbeddingOutputDimensions EMBEDDING_OUTPUT_DIMENSIONS - str/null
        OllamaEmbeddingBatchSize OLLAMA_EMBEDDING_BATCH_SIZE NZ str,elsenum1
        GeminiEmbeddingApiKey GEMINI_EMBEDDING_API_KEY NE bool
        GenericOpenAiEmbeddingApiKey GENERIC_OPEN_AI_EMBEDDING_API_KEY - bool
        GenericOpenAiEmbeddingMaxConcurrentChunks GENERIC_OPEN_AI_EMBEDDING_MAX_CONCURRENT_CHUNKS NZ str,elsenum500
        GenericOpenAiEmbeddingPassagePrefix GENERIC_OPEN_AI_EMBEDDING_PASSAGE_PREFIX - str=""
        GenericOpenAiEmbeddingQueryPrefix GENERIC_OPEN_AI_EMBEDDING_QUERY_PREFIX - str=""
        VoyageAiApiKey VOYAGEAI_API_KEY NE bool
        VectorDB VECTOR_DB NE,VDB str?
        ChromaEndpoint CHROMA_ENDPOINT URL,CHR,DOCK str?
        ChromaApiHeader CHROMA_API_HEADER - str?
        ChromaApiKey CHROMA_API_KEY - bool
        ChromaCloudApiKey CHROMACLOUD_API_KEY NE bool
        ChromaCloudTenant CHROMACLOUD_TENANT NE str?
        ChromaCloudDatabase CHROMACLOUD_DATABASE NE str?
        WeaviateEndpoint WEAVIATE_ENDPOINT URL,DOCK str?
        WeaviateApiKey WEAVIATE_API_KEY - bool
        QdrantEndpoint QDRANT_ENDPOINT URL,DOCK str?
        QdrantApiKey QDRANT_API_KEY - bool
        PineConeKey PINECONE_API_KEY - bool
        PineConeIndex PINECONE_INDEX - str?
        MilvusAddress MILVUS_ADDRESS URL,DOCK str?
        MilvusUsername MILVUS_USERNAME NE str?
        MilvusPassword MILVUS_PASSWORD NE bool
        ZillizEndpoint ZILLIZ_ENDPOINT URL str?
        ZillizApiToken ZILLIZ_API_TOKEN NE bool
        AstraDBApplicationToken ASTRA_DB_APPLICATION_TOKEN NE bool
        AstraDBEndpoint ASTRA_DB_ENDPOINT NE str?
        PGVectorConnectionString PGVECTOR_CONNECTION_STRING NE,PG bool
        PGVectorTableName PGVECTOR_TABLE_NAME NE str="anythingllm_vectors"
        ImageGenerationProvider IMAGE_GEN_PROVIDER NE,IMG str/null
        ImageGenerationModelPref IMAGE_GEN_MODEL_PREF - str/null
        ImageGenerationDimensions IMAGE_GEN_SIZE_PREF - str="512x512"
        ImageGenerationOpenAiKey IMAGE_GEN_OPENAI_KEY NE,SK bool
        ImageGenerationOpenRouterApiKey IMAGE_GEN_OPENROUTER_API_KEY NE bool
        ImageGenerationOllamaBasePath IMAGE_GEN_OLLAMA_BASE_PATH NE,OLL,DOCK str?
        ImageGenerationOllamaAuthToken IMAGE_GEN_OLLAMA_AUTH_TOKEN - bool
        ImageGenerationLemonadeBasePath IMAGE_GEN_LEMONADE_BASE_PATH URL str?
        ImageGenerationLemonadeApiKey IMAGE_GEN_LEMONADE_API_KEY - bool
        WhisperProvider WHISPER_PROVIDER NE,TR str="local"
        WhisperModelPref WHISPER_MODEL_PREF WH str="Xenova/whisper-small"
        WhisperGenericOpenAiBaseUrl WHISPER_GENERIC_OPEN_AI_BASE_URL URL str?
        WhisperGenericOpenAiApiKey WHISPER_GENERIC_OPEN_AI_API_KEY - bool
        WhisperGenericOpenAiModel WHISPER_GENERIC_OPEN_AI_MODEL NE str?
        TextToSpeechProvider TTS_PROVIDER TTS str="native"
        TTSOpenAIKey TTS_OPEN_AI_KEY SK bool
        TTSOpenAIVoiceModel TTS_OPEN_AI_VOICE_MODEL - str?
        TTSElevenLabsKey TTS_ELEVEN_LABS_KEY NE bool
        TTSElevenLabsVoiceModel TTS_ELEVEN_LABS_VOICE_MODEL - str?
        TTSPiperTTSVoiceModel TTS_PIPER_VOICE_MODEL - str="en_US-hfc_female-medium"
        TTSOpenAICompatibleKey TTS_OPEN_AI_COMPATIBLE_KEY - bool
        TTSOpenAICompatibleModel TTS_OPEN_AI_COMPATIBLE_MODEL - str?
        TTSOpenAICompatibleVoiceModel TTS_OPEN_AI_COMPATIBLE_VOICE_MODEL NE str?
        TTSOpenAICompatibleEndpoint TTS_OPEN_AI_COMPATIBLE_ENDPOINT URL str?
        TTSKokoroEndpoint TTS_KOKORO_ENDPOINT URL str?
        TTSKokoroKey TTS_KOKORO_KEY - bool
        TTSKokoroVoiceModel TTS_KOKORO_VOICE_MODEL NE str?
        SpeechToTextProvider STT_PROVIDER STT str="native"
        STTOpenAIModel STT_OPEN_AI_MODEL - str?
        STTLemonadeBasePath STT_LEMONADE_BASE_PATH URL str?
        STTLemonadeModelPref STT_LEMONADE_MODEL_PREF - str?
        STTDeepgramApiKey STT_DEEPGRAM_API_KEY NE bool
        STTDeepgramModel STT_DEEPGRAM_MODEL NE str?
        STTOpenAICompatibleKey STT_OPEN_AI_COMPATIBLE_KEY - bool
        STTOpenAICompatibleModel STT_OPEN_AI_COMPATIBLE_MODEL - str?
        STTOpenAICompatibleEndpoint STT_OPEN_AI_COMPATIBLE_ENDPOINT URL str?
        STTGroqApiKey STT_GROQ_API_KEY NE bool
        STTGroqModel STT_GROQ_MODEL NE str?
        AuthToken AUTH_TOKEN FORCE,PW bool
        JWTSecret JWT_SECRET FORCE bool
        DisableTelemetry DISABLE_TELEMETRY - str="false"
        AgentSerpApiKey AGENT_SERPAPI_API_KEY - true/null
        AgentSerpApiEngine AGENT_SERPAPI_ENGINE - str="google"
        AgentSearchApiKey AGENT_SEARCHAPI_API_KEY - true/null
        AgentSearchApiEngine AGENT_SEARCHAPI_ENGINE - str="google"
        AgentSerperApiKey AGENT_SERPER_DEV_KEY - true/null
        AgentBingSearchApiKey AGENT_BING_SEARCH_API_KEY - true/null
        AgentBaiduSearchApiKey AGENT_BAIDU_SEARCH_API_KEY - true/null
        AgentSerplyApiKey AGENT_SERPLY_API_KEY - true/null
        AgentSearXNGApiUrl AGENT_SEARXNG_API_URL - str/null
        AgentTavilyApiKey AGENT_TAVILY_API_KEY - true/null
        AgentExaApiKey AGENT_EXA_API_KEY - true/null
        AgentPerplexityApiKey AGENT_PERPLEXITY_API_KEY - true/null
        AgentBraveApiKey AGENT_BRAVE_API_KEY - true/null
        AgentCrwApiKey AGENT_CRW_API_KEY - true/null
        AgentCrwApiUrl AGENT_CRW_API_URL - str/null
        AgentYouApiKey AGENT_YOU_API_KEY - true/null
        AgentSkillMaxToolCalls AGENT_MAX_TOOL_CALLS NZ num,10
        AgentSkillRerankerEnabled AGENT_SKILL_RERANKER_ENABLED - bool
        AgentSkillRerankerTopN AGENT_SKILL_RERANKER_TOP_N NZ num,15
        """#

    /// Keys in the order in which they are sent. `b` boolean, `t` true or null, `s` text or no key, `n` text or
    /// null, `d` text with a default, `m` text or else a number, `#` number.
    static let emission = #"""
        RequiresAuth:b AuthToken:b JWTSecret:b StorageDir:s MultiUserMode:b MemoryEnabled:b MemoryAutoExtraction:b
        DisableTelemetry:d EmbeddingEngine:d HasExistingEmbeddings:b HasCachedEmbeddings:b EmbeddingBasePath:s
        EmbeddingModelPref:s EmbeddingOutputDimensions:n EmbeddingModelMaxChunkLength:s OllamaEmbeddingBatchSize:m
        VoyageAiApiKey:b GenericOpenAiEmbeddingApiKey:b GenericOpenAiEmbeddingMaxConcurrentChunks:m
        GeminiEmbeddingApiKey:b GenericOpenAiEmbeddingPassagePrefix:d GenericOpenAiEmbeddingQueryPrefix:d
        ImageGenerationProvider:n ImageGenerationModelPref:n ImageGenerationDimensions:d ImageGenerationOpenAiKey:b
        ImageGenerationOpenRouterApiKey:b ImageGenerationOllamaBasePath:s ImageGenerationOllamaAuthToken:b
        ImageGenerationLemonadeBasePath:s ImageGenerationLemonadeApiKey:b VectorDB:s PineConeKey:b PineConeIndex:s
        ChromaEndpoint:s ChromaApiHeader:s ChromaApiKey:b ChromaCloudApiKey:b ChromaCloudTenant:s
        ChromaCloudDatabase:s WeaviateEndpoint:s WeaviateApiKey:b QdrantEndpoint:s QdrantApiKey:b MilvusAddress:s
        MilvusUsername:s MilvusPassword:b ZillizEndpoint:s ZillizApiToken:b AstraDBApplicationToken:b
        AstraDBEndpoint:s PGVectorConnectionString:b PGVectorTableName:d LLMProvider:s LLMModel:n ModelRouterId:n
        OpenAiKey:b OpenAiModelPref:d AzureOpenAiEndpoint:s AzureOpenAiKey:b AzureOpenAiModelPref:s
        AzureOpenAiEmbeddingModelPref:s AzureOpenAiTokenLimit:m AzureOpenAiModelType:d AnthropicApiKey:b
        AnthropicModelPref:d AnthropicCacheControl:d GeminiLLMApiKey:b GeminiLLMModelPref:d GeminiSafetySetting:d
        LMStudioBasePath:s LMStudioTokenLimit:n LMStudioModelPref:s LMStudioAuthToken:b LocalAiApiKey:b
        LocalAiBasePath:s LocalAiModelPref:s LocalAiTokenLimit:s OllamaLLMAuthToken:b OllamaLLMBasePath:s
        OllamaLLMModelPref:s OllamaLLMTokenLimit:n OllamaLLMKeepAliveSeconds:m NovitaLLMApiKey:b
        NovitaLLMModelPref:s NovitaLLMTimeout:s TogetherAiApiKey:b TogetherAiModelPref:s FireworksAiLLMApiKey:b
        FireworksAiLLMModelPref:s PerplexityApiKey:b PerplexityModelPref:s OpenRouterApiKey:b OpenRouterModelPref:s
        OpenRouterTimeout:s MistralApiKey:b MistralModelPref:s GroqApiKey:b GroqModelPref:s KoboldCPPModelPref:s
        KoboldCPPBasePath:s KoboldCPPTokenLimit:s KoboldCPPMaxTokens:s TextGenWebUIBasePath:s
        TextGenWebUITokenLimit:s TextGenWebUIAPIKey:b LiteLLMModelPref:s LiteLLMTokenLimit:s LiteLLMBasePath:s
        LiteLLMApiKey:b MoonshotAiApiKey:b MoonshotAiModelPref:d GenericOpenAiBasePath:s GenericOpenAiModelPref:s
        GenericOpenAiTokenLimit:s GenericOpenAiKey:b GenericOpenAiMaxTokens:s FoundryBasePath:s FoundryModelPref:s
        FoundryModelTokenLimit:s AwsBedrockLLMApiKey:b AwsBedrockLLMRegion:s AwsBedrockLLMModel:s
        AwsBedrockLLMTokenLimit:m AwsBedrockLLMMaxTokens:m CohereApiKey:b CohereModelPref:s DeepSeekApiKey:b
        DeepSeekModelPref:s ApipieLLMApiKey:b ApipieLLMModelPref:s XAIApiKey:b XAIModelPref:s
        NvidiaNimLLMBasePath:s NvidiaNimLLMModelPref:s NvidiaNimLLMTokenLimit:s PPIOApiKey:b PPIOModelPref:s
        CometApiLLMApiKey:b CometApiLLMModelPref:s CometApiLLMTimeout:s ZAiApiKey:b ZAiModelPref:s GiteeAIApiKey:b
        GiteeAIModelPref:s GiteeAITokenLimit:m DockerModelRunnerBasePath:s DockerModelRunnerModelPref:s
        DockerModelRunnerModelTokenLimit:m PrivateModeBasePath:s PrivateModeModelPref:s SambaNovaLLMApiKey:b
        SambaNovaLLMModelPref:s LemonadeLLMBasePath:s LemonadeLLMApiKey:b LemonadeLLMModelPref:s
        LemonadeLLMModelTokenLimit:m MinimaxApiKey:b MinimaxModelPref:s CerebrasApiKey:b CerebrasModelPref:s
        OMLXLLMBasePath:s OMLXLLMApiKey:b OMLXLLMModelPref:s OMLXLLMTokenLimit:s WhisperProvider:d
        WhisperModelPref:d WhisperGenericOpenAiBaseUrl:s WhisperGenericOpenAiApiKey:b WhisperGenericOpenAiModel:s
        TextToSpeechProvider:d TTSOpenAIKey:b TTSOpenAIVoiceModel:s TTSElevenLabsKey:b TTSElevenLabsVoiceModel:s
        TTSPiperTTSVoiceModel:d TTSOpenAICompatibleKey:b TTSOpenAICompatibleModel:s TTSOpenAICompatibleVoiceModel:s
        TTSOpenAICompatibleEndpoint:s TTSKokoroEndpoint:s TTSKokoroKey:b TTSKokoroVoiceModel:s
        SpeechToTextProvider:d STTOpenAIModel:s STTLemonadeBasePath:s STTLemonadeModelPref:s STTDeepgramApiKey:b
        STTDeepgramModel:s STTOpenAICompatibleKey:b STTOpenAICompatibleModel:s STTOpenAICompatibleEndpoint:s
        STTGroqApiKey:b STTGroqModel:s AgentSerpApiKey:t AgentSerpApiEngine:d AgentSearchApiKey:t
        AgentSearchApiEngine:d AgentSerperApiKey:t AgentBingSearchApiKey:t AgentBaiduSearchApiKey:t
        AgentSerplyApiKey:t AgentSearXNGApiUrl:n AgentTavilyApiKey:t AgentExaApiKey:t AgentPerplexityApiKey:t
        AgentBraveApiKey:t AgentCrwApiKey:t AgentCrwApiUrl:n AgentYouApiKey:t DisableViewChatHistory:b
        WorkspaceDeletionProtection:b SimpleSSOEnabled:b SimpleSSONoLogin:b SimpleSSONoLoginRedirect:n
        AgentSkillMaxToolCalls:# AgentSkillRerankerEnabled:b AgentSkillRerankerTopN:#
        AgentClarifyingQuestionsEnabled:b AgentClarifyingQuestionsMaxPerTurn:#
        """#
}
