package import AsyncHTTPClient
package import Domain
import NIOCore
import OrderedJSON
import Synchronization

/// Has recordings transcribed at a provider outside this process. One is made for each recording.
package final class RemoteTranscriber: Transcriber {
    /// In bytes, for an answer: twelve hours of speech with all that is told of each segment.
    private static let maximumAnswerLength = 64 * 1024 * 1024

    /// How the answer is asked for.
    private enum AnswerFormat: String {
        /// With segments and their times.
        case verbose = "verbose_json"
        /// The text alone, all that some models give.
        case text = "json"
    }

    private let endpoint: TranscriptionEndpoint
    private let connection: ProviderConnection
    private let format = Mutex(AnswerFormat.verbose)

    /// - Parameter client: made with `HTTPClient.Configuration.modelProviders` and the same `timeouts`; the caller keeps it
    ///   and shuts it down.
    package init(
        endpoint: TranscriptionEndpoint, client: HTTPClient, timeouts: ProviderTimeouts = .transcription,
        retries: RetryPolicy = RetryPolicy()
    ) {
        self.endpoint = endpoint
        connection = ProviderConnection(
            name: endpoint.label, baseURL: endpoint.baseURL, apiKey: endpoint.apiKey, customHeaders: CustomHeaders(),
            timeouts: timeouts, retries: retries, client: client)
    }

    package var fingerprint: String { endpoint.fingerprint }
    package var maximumFileBytes: Int? { endpoint.maximumFileBytes }

    /// Those that OpenAI names.
    package var formats: Set<RecordingFormat> {
        endpoint.takesWAVAlone ? [.wav] : [.flac, .m4a, .mp3, .mp4, .mpeg, .ogg, .wav, .webm]
    }

    package func transcript(of recording: RecordingFile) async throws -> Transcript {
        try await transcript(of: recording, TranscriptionHints())
    }

    package func transcript(of recording: RecordingFile, _ hints: TranscriptionHints) async throws -> Transcript {
        let format = format.withLock { $0 }
        do {
            return try await transcript(of: recording, hints, as: format)
        } catch let error as ServiceError where format == .verbose && [400, 422].contains(error.providerStatus) {
            // Perhaps the model has no segments. Whatever else is wrong is so with the text alone.
            let transcript = try await transcript(of: recording, hints, as: .text)
            self.format.withLock { $0 = .text }
            return transcript
        }
    }

    private func transcript(
        of recording: RecordingFile, _ hints: TranscriptionHints, as format: AnswerFormat
    ) async throws -> Transcript {
        var fields = [("model", endpoint.modelID), ("temperature", "0"), ("response_format", format.rawValue)]
        // What is translated may be in any language.
        if let language = hints.language, !hints.translates { fields.append(("language", language)) }
        if let prompt = hints.prompt { fields.append(("prompt", prompt)) }
        let form = FileForm(
            fields: fields,
            path: recording.path, byteCount: recording.byteCount,
            // Servers tell the format by the name, of which the client's says nothing reliable.
            fileName: "recording\(recording.format.fileExtension)")
        let response = try await connection.post(
            form, to: hints.translates ? "audio/translations" : "audio/transcriptions")
        let body = try await response.body.collect(upTo: Self.maximumAnswerLength)
        // Some servers give plain text whatever they are asked for.
        if response.contentType.hasPrefix("text/plain") {
            return transcript(of: String(buffer: body))
        }
        guard let json = try? JSON(parsing: body.readableBytesView) else { throw connection.unusable("is not JSON") }
        if let error = json["error"], error != .null { throw connection.reported(ProviderMessage.extract(from: json)) }
        return try transcript(in: json)
    }

    private func transcript(in json: JSON) throws -> Transcript {
        let segments = json["segments"]?.arrayValue ?? []
        let timed = segments.compactMap { segment -> Transcript.Segment? in
            guard let text = segment["text"]?.stringValue, let start = segment["start"]?.doubleValue,
                let end = segment["end"]?.doubleValue
            else { return nil }
            return Transcript.Segment(text: text, from: start, to: end)
        }
        if !segments.isEmpty, timed.count == segments.count { return Transcript(segments: timed) }
        guard let text = json["text"]?.stringValue else { throw connection.unusable("holds no text") }
        return transcript(of: text)
    }

    /// Where nothing is said, nothing is missing of the times.
    private func transcript(of text: String) -> Transcript {
        Transcript(segments: text.trimmed.isEmpty ? [] : [.init(text: text, seconds: nil)])
    }
}

extension ProviderTimeouts {
    /// An answer begins when all of it is there: a quarter of an hour for ten minutes of sound, which a small machine takes.
    package static let transcription = ProviderTimeouts(firstByte: .seconds(900), idle: .seconds(900))

    /// No shorter than what operators set for all providers.
    package static func transcription(atLeast others: ProviderTimeouts) -> ProviderTimeouts {
        let limit = max(transcription.firstByte, others.firstByte)
        return ProviderTimeouts(firstByte: limit, idle: limit)
    }
}
