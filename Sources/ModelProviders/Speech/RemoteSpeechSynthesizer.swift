package import AsyncHTTPClient
package import Domain
import NIOCore
import OrderedJSON

/// Has texts said aloud at a provider outside this process.
package struct RemoteSpeechSynthesizer: SpeechSynthesizer {
    /// In bytes: an hour and more of MP3.
    private static let maximumAnswerLength = 64 * 1024 * 1024
    /// Of samples alone, in a second.
    private static let sampleRate: UInt32 = 24_000

    private let endpoint: SpeechEndpoint
    private let connection: ProviderConnection

    /// - Parameter client: made with `HTTPClient.Configuration.modelProviders` and the same `timeouts`; the caller keeps it
    ///   and shuts it down.
    package init(
        endpoint: SpeechEndpoint, client: HTTPClient, timeouts: ProviderTimeouts = ProviderTimeouts(),
        retries: RetryPolicy = RetryPolicy()
    ) {
        self.endpoint = endpoint
        connection = ProviderConnection(
            name: endpoint.label, baseURL: endpoint.baseURL, apiKey: endpoint.apiKey,
            keyHeader: endpoint.dialect == .elevenLabs ? .named("xi-api-key") : .bearer,
            customHeaders: CustomHeaders(), timeouts: timeouts, retries: retries, client: client)
    }

    package func speech(for prompt: SpeechPrompt) async throws -> Speech {
        let request = SpeechRequest(endpoint: endpoint, prompt: prompt)
        let response = try await connection.post(request.body(), to: request.path())
        let body = try await response.body.collect(upTo: Self.maximumAnswerLength)
        return try speech(in: body, type: response.contentType, for: prompt)
    }

    /// - Parameter type: what the answer says that it is. Providers say `audio/mpeg` of nearly everything, so the bytes come first.
    private func speech(in body: ByteBuffer, type: String, for prompt: SpeechPrompt) throws -> Speech {
        let mayBeSamples = prompt.format == .pcm || prompt.format == .wav && endpoint.dialect == .elevenLabs
        if let known = SoundType.mediaType(of: body.readableBytesView, mayBeSamples: mayBeSamples) {
            return Speech(bytes: Array(body.readableBytesView), mediaType: known)
        }
        if type.hasPrefix("application/json") || type.hasPrefix("text/"), body.readableBytes > 0 {
            let json = (try? JSON(parsing: body.readableBytesView)) ?? .null
            if let error = json["error"] ?? json["detail"], error != .null {
                throw connection.reported(ProviderMessage.extract(from: json))
            }
        }
        // Samples alone begin with no mark.
        let isSound = type.isEmpty || type.hasPrefix("audio/") || type.hasPrefix("application/octet-stream")
        guard body.readableBytes > 1, isSound, mayBeSamples else { throw connection.unusable("holds no sound") }
        let samples = Array(body.readableBytesView)
        let bytes = prompt.format == .wav ? SoundType.wav(samples, sampleRate: Self.sampleRate) : samples
        return Speech(bytes: bytes, mediaType: prompt.format.mediaType)
    }
}
