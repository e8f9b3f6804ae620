package import Domain

extension SettingsSnapshot {
    /// Who transcribes recordings.
    ///
    /// - Throws: `unavailable` where nobody is to, or something that the provider needs is not set.
    package func transcriptionEndpoint() throws(ServiceError) -> TranscriptionEndpoint {
        let provider = value(for: "WHISPER_PROVIDER").flatMap(ProviderRegistry.provider)
        guard let provider, case .transcriptions(let dialect)? = provider.transcription?.wire else {
            throw ServiceError(.unavailable, Self.noTranscription)
        }
        return try endpoint(dialect, of: provider)
    }

    private static let noTranscription =
        "Recordings are not transcribed on this server, which has no Whisper of its own. Set WhisperProvider "
        + "(WHISPER_PROVIDER) to openai, with OpenAiKey (OPEN_AI_KEY), or to generic-openai, with "
        + "WhisperGenericOpenAiBaseUrl (WHISPER_GENERIC_OPEN_AI_BASE_URL)."
}
