package import Domain

extension SettingsSnapshot {
    /// Who says texts aloud; OpenAI where nothing is set, as the contract has it.
    ///
    /// - Throws: `unavailable` where it is left to browsers, or something that the provider needs is not set.
    package func speechEndpoint() throws(ServiceError) -> SpeechEndpoint {
        let id = value(for: "TTS_PROVIDER") ?? Provider.openAI.id
        guard let row = ProviderRegistry.provider(id), let offer = row.speaking else {
            throw ServiceError(.unavailable, "\(id) is not a valid TTS provider.")
        }
        guard case .server(let dialect) = offer.wire else {
            throw ServiceError(.unavailable, Self.leftToBrowsers("speaking", id, "TextToSpeechProvider (TTS_PROVIDER)"))
        }
        return SpeechEndpoint(
            label: row.name, dialect: dialect.language, baseURL: try address(dialect.base),
            apiKey: try credential(dialect.key), modelID: try modelID(dialect.model) ?? "",
            voice: try modelID(dialect.voice) ?? "")
    }

    /// Who understands what is said to the server: where that is left to browsers, whoever transcribes recordings.
    ///
    /// - Throws: `unavailable` where there is nobody, or something that the provider needs is not set.
    package func listeningEndpoint() throws(ServiceError) -> TranscriptionEndpoint {
        let id = effectiveValue(for: "STT_PROVIDER") ?? Provider.native.id
        guard let row = ProviderRegistry.provider(id), let offer = row.listening else {
            throw ServiceError(.unavailable, "\(id) is not a valid STT provider.")
        }
        if case .server(let dialect) = offer.wire { return try endpoint(dialect, of: row) }
        if let endpoint = try? transcriptionEndpoint() { return endpoint }
        let settings = "SpeechToTextProvider (STT_PROVIDER) or WhisperProvider (WHISPER_PROVIDER)"
        throw ServiceError(.unavailable, Self.leftToBrowsers("listening", id, settings))
    }

    private static func leftToBrowsers(_ what: String, _ id: String, _ setting: String) -> String {
        "With the provider \(id), \(what) is left to the browser. Set \(setting) to one that the server can ask."
    }

    func endpoint(_ dialect: TranscriptionDialect, of row: Provider) throws(ServiceError) -> TranscriptionEndpoint {
        TranscriptionEndpoint(
            label: row.name, dialect: dialect.language, baseURL: try address(dialect.base),
            apiKey: try credential(dialect.key), modelID: try modelID(dialect.model) ?? "",
            maximumFileBytes: dialect.maximumFileBytes, takesWAVAlone: dialect.takesWAVAlone)
    }
}
