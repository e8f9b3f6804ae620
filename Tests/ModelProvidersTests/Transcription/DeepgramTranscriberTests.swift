import AsyncHTTPClient
import Domain
import Foundation
import ModelProviders
import OrderedJSON
import TestSupport
import Testing

/// Recordings on their way to Deepgram, over a real socket.
@Suite(.timeLimit(.minutes(1))) struct DeepgramTranscriberTests {
    @Test func `the bare file arrives, with model and key, and its sentences come back with their times`() async throws
    {
        try await FakeProvider.run { provider in
            provider.answerTranscriptions(
                .segments([.init(0, 2.5, "The ferry leaves at nine."), .init(4.75, 6, "Mind the step.")]))
            // Longer than what is read from the disk at once.
            let bytes = (0..<300_003).map { UInt8(truncatingIfNeeded: $0 &* 31) }
            let transcript = try await Self.transcript(of: bytes, by: provider)
            #expect(
                transcript.segments == [
                    .init(text: "The ferry leaves at nine.", seconds: 0...2.5),
                    .init(text: "Mind the step.", seconds: 4.75...6),
                ])
            let request = try #require(provider.requests.first)
            #expect(request.path == "/v1/listen" && request.query == "model=nova%203&smart_format=true")
            #expect(request.headers["authorization"] == "Token secret-key")
            #expect(request.headers["content-type"] == "audio/mpeg")
            #expect(request.bytes == bytes && request.headers["content-length"] == "300003")
        }
    }

    static let answers: [(JSON, [String])] = [
        (["results": ["channels": [["alternatives": [["transcript": "Words."]]]]]], ["Words."]),
        (["results": ["channels": [["alternatives": [["transcript": " "]]]]]], []),
        (
            [
                "results": [
                    "channels": [
                        [
                            "alternatives": [
                                [
                                    "transcript": "Words.",
                                    "paragraphs": ["paragraphs": [["sentences": [["text": "Words."]]]]],
                                ]
                            ]
                        ]
                    ]
                ]
            ], ["Words."]
        ),
    ]

    @Test(arguments: answers) func `without times the text is taken`(answer: JSON, texts: [String]) async throws {
        try await FakeProvider.run { provider in
            provider.answerTranscriptions(.json(answer))
            let transcript = try await Self.transcript(of: [1], by: provider)
            #expect(transcript.segments == texts.map { .init(text: $0, seconds: nil) })
        }
    }

    @Test func `Deepgram's own words come with a refusal, and a busy provider is given the file again`() async throws {
        try await FakeProvider.run { provider in
            provider.fail(.json(["err_code": "INVALID_AUTH", "err_msg": "Invalid credentials."], status: 401))
            let error = await #expect(throws: ServiceError.self) {
                _ = try await Self.transcript(of: [1], by: provider)
            }
            #expect(error?.message == "Deepgram answered 401 Unauthorized: Invalid credentials.")
            provider.fail(.failure(503, "busy"))
            _ = try await Self.transcript(of: [1, 2], by: provider, retries: .immediately(1))
            #expect(provider.requests.map(\.bytes) == [[1], [1, 2], [1, 2]])
        }
    }

    private static func transcript(
        of bytes: [UInt8], by provider: FakeProvider, retries: RetryPolicy = .never
    ) async throws -> Transcript {
        let file = FileManager.default.temporaryDirectory.appending(path: "lectern-\(UUID().uuidString)")
        try Data(bytes).write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        let endpoint = TranscriptionEndpoint(
            label: "Deepgram", dialect: .deepgram, baseURL: provider.baseURL, apiKey: "secret-key", modelID: "nova 3",
            maximumFileBytes: nil)
        return try await HTTPClient.withHTTPClient(configuration: .modelProviders()) { client in
            let transcriber = DeepgramTranscriber(endpoint: endpoint, client: client, retries: retries)
            return try await transcriber.transcript(
                of: RecordingFile(path: file.path, format: .mp3, byteCount: bytes.count))
        }
    }
}
