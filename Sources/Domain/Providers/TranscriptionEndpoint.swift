/// A provider of the words of recordings.
package struct TranscriptionEndpoint: Sendable, Equatable {
    package enum Dialect: String, Sendable {
        /// OpenAI's `audio/transcriptions`.
        case openAI = "openai"
        /// Deepgram's `listen`.
        case deepgram
    }

    /// As messages to people name it.
    package var label: String
    package var dialect: Dialect
    /// Everything before the path of the operation.
    package var baseURL: String
    package var apiKey: String?
    package var modelID: String
    /// Of a file at most; `nil` where nobody says.
    package var maximumFileBytes: Int?
    /// Whether recordings of other formats are decoded before they are sent.
    package var takesWAVAlone: Bool

    package init(
        label: String, dialect: Dialect = .openAI, baseURL: String, apiKey: String?, modelID: String,
        maximumFileBytes: Int?, takesWAVAlone: Bool = false
    ) {
        self.label = label
        self.dialect = dialect
        self.baseURL = baseURL
        self.apiKey = apiKey
        self.modelID = modelID
        self.maximumFileBytes = maximumFileBytes
        self.takesWAVAlone = takesWAVAlone
    }

    /// Short, and another one wherever the same recording may give another text. Credentials play no part in it.
    package var fingerprint: String {
        var address = WebAddress.withoutUserinfo(baseURL)
        while address.last == "/" { address.removeLast() }
        return "\(dialect.rawValue):\(modelID):\(FNV1a("\(address)\0\(modelID)").hexadecimal)"
    }
}
