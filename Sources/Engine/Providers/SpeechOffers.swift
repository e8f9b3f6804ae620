import Domain

/// Texts that a vendor's models say aloud.
struct SpeakingOffer: Sendable {
    enum Wire: Sendable {
        /// The contract leaves it to the browser; a server has nothing to ask.
        case browser
        case server(SpeakingDialect)
    }

    let wire: Wire
}

/// How one vendor is asked to speak.
struct SpeakingDialect: Sendable {
    var language = SpeechEndpoint.Dialect.openAI
    var base: BaseAddress
    var key: Credential
    var model: ModelChoice
    var voice: ModelChoice
}

/// Speech that a vendor's models understand, said to whoever asks: not as a document, for which there is
/// ``TranscriptionOffer``.
struct ListeningOffer: Sendable {
    enum Wire: Sendable {
        /// The contract leaves it to the browser; a server has nothing to ask.
        case browser
        case server(TranscriptionDialect)
    }

    let wire: Wire
}

extension String {
    /// What is said where a setting is missing that speaking or listening needs.
    static func speechSetting(_ key: String, _ variable: String) -> String {
        "The speech provider needs \(key) (\(variable)), which is not set."
    }
}
