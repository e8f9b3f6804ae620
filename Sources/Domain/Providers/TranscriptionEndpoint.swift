/// A provider that speaks OpenAI's `audio/transcriptions`.
package struct TranscriptionEndpoint: Sendable, Equatable {
    /// As messages to people name it.
    package var label: String
    /// Everything before `/audio/transcriptions`.
    package var baseURL: String
    package var apiKey: String?
    package var modelID: String
    /// Of a file at most; `nil` where nobody says.
    package var maximumFileBytes: Int?

    package init(label: String, baseURL: String, apiKey: String?, modelID: String, maximumFileBytes: Int?) {
        self.label = label
        self.baseURL = baseURL
        self.apiKey = apiKey
        self.modelID = modelID
        self.maximumFileBytes = maximumFileBytes
    }

    /// Short, and another one wherever the same recording may give another text. Credentials play no part in it.
    package var fingerprint: String {
        var address = WebAddress.withoutUserinfo(baseURL)
        while address.last == "/" { address.removeLast() }
        return "openai:\(modelID):\(FNV1a("\(address)\0\(modelID)").hexadecimal)"
    }
}
