package import AsyncHTTPClient
package import Domain
import NIOCore
import OrderedJSON

/// Has recordings transcribed by Deepgram's `listen`, which takes the bare file.
///
/// Source of the format: Deepgram's reference of its API for pre-recorded audio.
package struct DeepgramTranscriber: Transcriber {
    /// In bytes, for an answer: twelve hours of speech with the times of each word.
    private static let maximumAnswerLength = 128 * 1024 * 1024

    private let endpoint: TranscriptionEndpoint
    private let connection: ProviderConnection

    /// - Parameter client: made with `HTTPClient.Configuration.modelProviders` and the same `timeouts`; the caller keeps it
    ///   and shuts it down.
    package init(
        endpoint: TranscriptionEndpoint, client: HTTPClient, timeouts: ProviderTimeouts = .transcription,
        retries: RetryPolicy = RetryPolicy()
    ) {
        self.endpoint = endpoint
        connection = ProviderConnection(
            name: endpoint.label, baseURL: endpoint.baseURL, apiKey: endpoint.apiKey, keyHeader: .scheme("Token"),
            customHeaders: CustomHeaders(), timeouts: timeouts, retries: retries, client: client)
    }

    package var fingerprint: String { endpoint.fingerprint }
    package var maximumFileBytes: Int? { endpoint.maximumFileBytes }

    /// Those that Deepgram names.
    package let formats: Set<RecordingFormat> = [
        .aac, .amr, .flac, .m4a, .mp3, .mp4, .ogg, .quickTime, .wav, .webm,
    ]

    package func transcript(of recording: RecordingFile) async throws -> Transcript {
        let form = FileForm(
            bare: recording.path, byteCount: recording.byteCount, contentType: recording.format.mediaType)
        let path = "listen?model=\(endpoint.modelID.pathSegment)&smart_format=true"
        let response = try await connection.post(form, to: path)
        let body = try await response.body.collect(upTo: Self.maximumAnswerLength)
        guard let json = try? JSON(parsing: body.readableBytesView) else { throw connection.unusable("is not JSON") }
        if let error = json["err_msg"] ?? json["error"], error != .null {
            throw connection.reported(ProviderMessage.extract(from: json))
        }
        let channels = json["results"]?["channels"]?.arrayValue
        guard let best = channels?.first?["alternatives"]?.arrayValue?.first, let text = best["transcript"]?.stringValue
        else { throw connection.unusable("holds no text") }
        return transcript(of: text, best)
    }

    private func transcript(of text: String, _ alternative: JSON) -> Transcript {
        if text.trimmed.isEmpty { return Transcript() }
        let paragraphs = alternative["paragraphs"]?["paragraphs"]?.arrayValue ?? []
        let sentences = paragraphs.flatMap { $0["sentences"]?.arrayValue ?? [] }
        let timed = sentences.compactMap { sentence -> Transcript.Segment? in
            guard let text = sentence["text"]?.stringValue, let start = sentence["start"]?.doubleValue,
                let end = sentence["end"]?.doubleValue
            else { return nil }
            return Transcript.Segment(text: text, from: start, to: end)
        }
        let isWhole = !timed.isEmpty && timed.count == sentences.count
        return Transcript(segments: isWhole ? timed : [.init(text: text, seconds: nil)])
    }
}

extension RecordingFormat {
    fileprivate var mediaType: String {
        switch self {
        case .mp3: "audio/mpeg"
        case .m4a: "audio/mp4"
        case .mp4: "video/mp4"
        case .webm: "video/webm"
        case .quickTime: "video/quicktime"
        default: "audio/\(rawValue)"
        }
    }
}
