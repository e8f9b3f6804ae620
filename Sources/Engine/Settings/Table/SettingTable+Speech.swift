extension SettingTable {
    /// Rows for transcription and speech, in the order in which they are sent.
    // A table reads by its columns, so the formatter leaves it alone.
    // swift-format-ignore
    static let speech: [SettingTableRow] = [
        .key("WhisperProvider",               "WHISPER_PROVIDER",                   [.nonEmpty, .oneOf(.transcribers)], .textElse("local")),
        .key("WhisperModelPref",              "WHISPER_MODEL_PREF",                 [.oneOf(.whisperModels)],           .textElse("Xenova/whisper-small")),
        .key("WhisperGenericOpenAiBaseUrl",   "WHISPER_GENERIC_OPEN_AI_BASE_URL",   [.url],                             .text),
        .key("WhisperGenericOpenAiApiKey",    "WHISPER_GENERIC_OPEN_AI_API_KEY",    [],                                 .presence),
        .key("WhisperGenericOpenAiModel",     "WHISPER_GENERIC_OPEN_AI_MODEL",      [.nonEmpty],                        .text),
        .key("TextToSpeechProvider",          "TTS_PROVIDER",                       [.oneOf(.textToSpeech)],            .textElse("native")),
        .key("TTSOpenAIKey",                  "TTS_OPEN_AI_KEY",                    [.openAIKey],                       .presence),
        .key("TTSOpenAIVoiceModel",           "TTS_OPEN_AI_VOICE_MODEL",            [],                                 .text),
        .key("TTSElevenLabsKey",              "TTS_ELEVEN_LABS_KEY",                [.nonEmpty],                        .presence),
        .key("TTSElevenLabsVoiceModel",       "TTS_ELEVEN_LABS_VOICE_MODEL",        [],                                 .text),
        .key("TTSPiperTTSVoiceModel",         "TTS_PIPER_VOICE_MODEL",              [],                                 .textElse("en_US-hfc_female-medium")),
        .key("TTSOpenAICompatibleKey",        "TTS_OPEN_AI_COMPATIBLE_KEY",         [],                                 .presence),
        .key("TTSOpenAICompatibleModel",      "TTS_OPEN_AI_COMPATIBLE_MODEL",       [],                                 .text),
        .key("TTSOpenAICompatibleVoiceModel", "TTS_OPEN_AI_COMPATIBLE_VOICE_MODEL", [.nonEmpty],                        .text),
        .key("TTSOpenAICompatibleEndpoint",   "TTS_OPEN_AI_COMPATIBLE_ENDPOINT",    [.url],                             .text),
        .key("TTSKokoroEndpoint",             "TTS_KOKORO_ENDPOINT",                [.url],                             .text),
        .key("TTSKokoroKey",                  "TTS_KOKORO_KEY",                     [],                                 .presence),
        .key("TTSKokoroVoiceModel",           "TTS_KOKORO_VOICE_MODEL",             [.nonEmpty],                        .text),
        .key("SpeechToTextProvider",          "STT_PROVIDER",                       [.oneOf(.speechToText)],            .textElse("native")),
        .key("STTOpenAIModel",                "STT_OPEN_AI_MODEL",                  [],                                 .text),
        .key("STTLemonadeBasePath",           "STT_LEMONADE_BASE_PATH",             [.url],                             .text),
        .key("STTLemonadeModelPref",          "STT_LEMONADE_MODEL_PREF",            [],                                 .text),
        .key("STTDeepgramApiKey",             "STT_DEEPGRAM_API_KEY",               [.nonEmpty],                        .presence),
        .key("STTDeepgramModel",              "STT_DEEPGRAM_MODEL",                 [.nonEmpty],                        .text),
        .key("STTOpenAICompatibleKey",        "STT_OPEN_AI_COMPATIBLE_KEY",         [],                                 .presence),
        .key("STTOpenAICompatibleModel",      "STT_OPEN_AI_COMPATIBLE_MODEL",       [],                                 .text),
        .key("STTOpenAICompatibleEndpoint",   "STT_OPEN_AI_COMPATIBLE_ENDPOINT",    [.url],                             .text),
        .key("STTGroqApiKey",                 "STT_GROQ_API_KEY",                   [.nonEmpty],                        .presence),
        .key("STTGroqModel",                  "STT_GROQ_MODEL",                     [.nonEmpty],                        .text),
    ]
}
