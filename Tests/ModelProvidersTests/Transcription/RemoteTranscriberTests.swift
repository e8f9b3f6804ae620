import AsyncHTTPClient
import Domain
import Foundation
import ModelProviders
import OrderedJSON
import TestSupport
import Testing

/// Recordings on their way to a provider, over a real socket.
@Suite(.timeLimit(.minutes(1))) struct RemoteTranscriberTests {
    @Test func `a file arrives as it is, with model and key, and its segments come back`() async throws {
        try await FakeProvider.run { provider in
            provider.answerTranscriptions(
                .segments([.init(0, 2.5, " The ferry leaves at nine."), .init(4.75, 6, " Mind the step.")]))
            // Longer than what is read from the disk at once.
            let bytes = (0..<1_000_003).map { UInt8(truncatingIfNeeded: $0 &* 31) }
            let transcript = try await Self.transcript(of: bytes, .mp3, by: provider)
            #expect(
                transcript.segments == [
                    .init(text: " The ferry leaves at nine.", seconds: 0...2.5),
                    .init(text: " Mind the step.", seconds: 4.75...6),
                ])
            let request = try #require(provider.requests.first)
            #expect(request.path == "/v1/audio/transcriptions")
            #expect(request.headers["authorization"] == "Bearer sk-secret")
            #expect(request.headers["content-length"] == String(request.bytes.count))
            let form = try #require(SentForm(request))
            #expect(form.file == bytes)
            #expect(form.fileName == "recording.mp3")
            #expect(form.fields == ["model": "whisper-1", "temperature": "0", "response_format": "verbose_json"])
        }
    }

    @Test func `what is known of a recording is said with it, and a translation is another request`() async throws {
        try await FakeProvider.run { provider in
            provider.answerTranscriptions(.plain("Words."))
            try await Self.withTranscriber(at: provider) { transcriber, file in
                var hints = TranscriptionHints()
                (hints.language, hints.prompt) = ("de", "Fähre")
                _ = try await transcriber.transcript(of: file, hints)
                hints.translates = true
                _ = try await transcriber.transcript(of: file, hints)
            }
            #expect(provider.requests.map(\.path) == ["/v1/audio/transcriptions", "/v1/audio/translations"])
            let fields = provider.requests.compactMap { SentForm($0)?.fields }
            #expect(fields.map { $0["language"] } == ["de", nil] && fields.map { $0["prompt"] } == ["Fähre", "Fähre"])
        }
    }

    @Test func `a model without segments is asked for the text, and no second time for segments`() async throws {
        try await FakeProvider.run { provider in
            provider.answerTranscriptions(.textOnly("The ferry leaves at nine."))
            try await Self.withTranscriber(at: provider) { transcriber, file in
                for _ in 0..<2 {
                    let transcript = try await transcriber.transcript(of: file)
                    #expect(transcript.segments == [.init(text: "The ferry leaves at nine.", seconds: nil)])
                }
            }
            let formats = provider.requests.map { SentForm($0)?.fields["response_format"] }
            #expect(formats == ["verbose_json", "json", "json"])
        }
    }

    @Test(
        arguments: [
            (.plain("Plain words.\n"), "Plain words.\n"), (.json(["text": "Words."]), "Words."),
            (.json(["text": "Words.", "segments": []]), "Words."),
            (.json(["text": "Words.", "segments": [["text": "Words.", "start": "0"]]]), "Words."),
        ] as [(FakeTranscriptionReply, String)]) func `whatever a server makes of segments, the text is taken`(
            reply: FakeTranscriptionReply, text: String
        ) async throws
    {
        try await FakeProvider.run { provider in
            provider.answerTranscriptions(reply)
            let transcript = try await Self.transcript(of: [1], .wav, by: provider)
            #expect(transcript.segments == [.init(text: text, seconds: nil)])
        }
    }

    @Test func `silence has no segments, and times are those of a recording`() async throws {
        try await FakeProvider.run { provider in
            provider.answerTranscriptions(
                .json(["text": " ", "segments": []]),
                .segments([.init(-3, 1e300, "a"), .init(9, 2, "b")]))
            #expect(try await Self.transcript(of: [1], .wav, by: provider).segments.isEmpty)
            let transcript = try await Self.transcript(of: [1], .wav, by: provider)
            #expect(transcript.segments.map(\.seconds) == [0...345_600, 9...9])
        }
    }

    @Test func `a provider that is busy is given the whole file again`() async throws {
        try await FakeProvider.run { provider in
            provider.answerTranscriptions(.failure(503, "busy"), .sentence)
            let transcript = try await Self.transcript(
                of: Array("sound".utf8), .ogg, by: provider, retries: RetryPolicy(firstDelay: .milliseconds(1)))
            #expect(transcript.segments.count == 1)
            #expect(provider.requests.map { SentForm($0)?.file } == [Array("sound".utf8), Array("sound".utf8)])
        }
    }

    @Test(
        arguments: [
            (.failure(401, "Incorrect API key provided: sk-secret."), "401", 1),
            (.failure(413, "Maximum content size limit (26214400) exceeded"), "26214400", 1),
            (.failure(400, "Invalid file format."), "Invalid file format.", 2),
            (.json(["error": ["message": "overloaded"]]), "overloaded", 1), (.json([]), "holds no text", 1),
        ] as [(FakeTranscriptionReply, String, Int)]) func `what a provider does wrong is said without secrets`(
            reply: FakeTranscriptionReply, message: String, requests: Int
        ) async throws
    {
        try await FakeProvider.run { provider in
            provider.answerTranscriptions(reply)
            let error = await #expect(throws: ServiceError.self) {
                _ = try await Self.transcript(of: [1], .wav, by: provider)
            }
            #expect(error?.code == .upstream)
            #expect(error?.message.contains(message) == true, "\(error?.message ?? "")")
            #expect(error?.message.contains("sk-secret") == false)
            #expect(provider.requests.count == requests)
        }
    }

    @Test func `nobody who listens is said to be so`() async throws {
        let error = await #expect(throws: ServiceError.self) {
            _ = try await Self.transcript(of: [1], .wav, at: "http://127.0.0.1:1/v1", retries: .never)
        }
        #expect(error?.message == "OpenAI could not be reached at 127.0.0.1:1 (Connection refused).")
    }

    @Test func `cancelling stops the provider`() async throws {
        try await FakeProvider.run { provider in
            provider.answerTranscriptions(.silence)
            let task = Task { try await Self.transcript(of: [1], .wav, by: provider) }
            try await provider.state.wait { $0.requests.count == 1 }
            task.cancel()
            await #expect(throws: CancellationError.self) { _ = try await task.value }
            try await provider.state.wait { $0.disconnections == 1 }
        }
    }

    // MARK: -

    private static func transcript(
        of bytes: [UInt8], _ format: RecordingFormat, by provider: FakeProvider, retries: RetryPolicy = .never
    ) async throws -> Transcript {
        try await transcript(of: bytes, format, at: provider.baseURL, retries: retries)
    }

    private static func transcript(
        of bytes: [UInt8], _ format: RecordingFormat, at address: String, retries: RetryPolicy
    ) async throws -> Transcript {
        let file = FileManager.default.temporaryDirectory.appending(path: "lectern-\(UUID().uuidString)")
        try Data(bytes).write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        return try await HTTPClient.withHTTPClient(configuration: .modelProviders()) { client in
            let transcriber = RemoteTranscriber(endpoint: endpoint(address), client: client, retries: retries)
            return try await transcriber.transcript(
                of: RecordingFile(path: file.path, format: format, byteCount: bytes.count))
        }
    }

    private static func withTranscriber(
        at provider: FakeProvider, _ body: @Sendable (RemoteTranscriber, RecordingFile) async throws -> Void
    ) async throws {
        try await HTTPClient.withHTTPClient(configuration: .modelProviders()) { client in
            let transcriber = RemoteTranscriber(
                endpoint: endpoint(provider.baseURL), client: client, retries: .never)
            try await body(transcriber, RecordingFile(path: "/dev/null", format: .wav, byteCount: 0))
        }
    }

    private static func endpoint(_ address: String) -> TranscriptionEndpoint {
        TranscriptionEndpoint(
            label: "OpenAI", baseURL: address, apiKey: "sk-secret", modelID: "whisper-1", maximumFileBytes: 25 << 20)
    }
}
