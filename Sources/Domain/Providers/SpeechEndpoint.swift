/// A provider that says texts aloud.
package struct SpeechEndpoint: Sendable, Equatable {
    package enum Dialect: Sendable, Equatable {
        /// OpenAI's `audio/speech`, which Kokoro and many others have.
        case openAI
        /// ElevenLabs' `text-to-speech/<voice>`.
        case elevenLabs
    }

    /// As messages to people name it.
    package var label: String
    package var dialect: Dialect
    /// Everything before the path of the operation.
    package var baseURL: String
    package var apiKey: String?
    package var modelID: String
    /// Speaks where no other is asked for.
    package var voice: String

    package init(
        label: String, dialect: Dialect = .openAI, baseURL: String, apiKey: String?, modelID: String, voice: String
    ) {
        self.label = label
        self.dialect = dialect
        self.baseURL = baseURL
        self.apiKey = apiKey
        self.modelID = modelID
        self.voice = voice
    }
}
