import Domain

/// Vendors of speech alone.
extension Provider {
    static let elevenLabs = Provider(
        "elevenlabs", "ElevenLabs",
        speaking: SpeakingOffer(
            wire: .server(
                SpeakingDialect(
                    language: .elevenLabs, base: .fixed("https://api.elevenlabs.io/v1"),
                    key: .required(
                        "TTS_ELEVEN_LABS_KEY", else: .speechSetting("TTSElevenLabsKey", "TTS_ELEVEN_LABS_KEY")),
                    model: .fixed("eleven_multilingual_v2"),
                    voice: .set("TTS_ELEVEN_LABS_VOICE_MODEL", standard: "21m00Tcm4TlvDq8ikWAM")))))

    static let kokoro = Provider(
        "kokoro", "Kokoro",
        speaking: SpeakingOffer(
            wire: .server(
                SpeakingDialect(
                    base: .set(
                        "TTS_KOKORO_ENDPOINT", endingIn: "v1",
                        else: .speechSetting("TTSKokoroEndpoint", "TTS_KOKORO_ENDPOINT")),
                    key: .optional("TTS_KOKORO_KEY"), model: .fixed("kokoro"),
                    voice: .set("TTS_KOKORO_VOICE_MODEL", standard: "af_bella")))))

    static let deepgram = Provider(
        "deepgram", "Deepgram",
        listening: ListeningOffer(
            wire: .server(
                TranscriptionDialect(
                    language: .deepgram, base: .fixed("https://api.deepgram.com/v1"),
                    key: .required(
                        "STT_DEEPGRAM_API_KEY", else: .speechSetting("STTDeepgramApiKey", "STT_DEEPGRAM_API_KEY")),
                    model: .set("STT_DEEPGRAM_MODEL", standard: "nova-3"), maximumFileBytes: 2000 << 20))))
}
