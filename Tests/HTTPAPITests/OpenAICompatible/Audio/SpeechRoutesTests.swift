import Domain
import Engine
import Foundation
import HTTPTypes
import HummingbirdTesting
import NIOCore
import OrderedJSON
import ServerAssembly
import Synchronization
import TestSupport
import Testing

@Suite struct SpeechRoutesTests {
    private static let speech = "/v1/openai/audio/speech"

    // MARK: Speech

    @Test func `the sound comes as it is, with its type`() async throws {
        let speaker = Speaking()
        try await TestServer.run(synthesizer: speaker) { client in
            let body: JSON = ["model": "tts-1", "input": "Ahoy", "voice": "alloy"]
            let (headers, bytes) = try await client.client.execute(
                uri: "/api" + Self.speech, method: .post,
                headers: [.authorization: "Bearer \(client.key)", .contentType: "application/json"],
                body: ByteBuffer(string: body.text)
            ) { ($0.headers, Array($0.body.readableBytesView)) }
            #expect(bytes == FakeSpeechReply.mp3 && headers[.contentType] == "audio/mpeg")
            for more in [
                ["input": "Ahoy", "voice": ["id": "v"], "response_format": "opus", "speed": 2, "instructions": "calm"],
                ["input": "Ahoy", "voice": "default", "response_format": nil, "stream_format": "audio"],
            ] as [JSON] {
                let status = try await client.send(.post, Self.speech, more).status
                #expect(status == 200)
            }
            #expect(
                speaker.prompts == [
                    SpeechPrompt(text: "Ahoy", voice: "alloy"),
                    SpeechPrompt(text: "Ahoy", voice: "v", format: .opus, speed: 2, instructions: "calm"),
                    SpeechPrompt(text: "Ahoy"),
                ])
        }
    }

    @Test(arguments: [
        (#"{}"#, "input"), (#"{"input":" "}"#, "input"), (#"{"input":7}"#, "input"),
        (#"{"input":"\#(String(repeating: "x", count: 32_001))"}"#, "input"), (#"{"input":"a","voice":7}"#, "voice"),
        (#"{"input":"a","voice":{}}"#, "voice.id"), (#"{"input":"a","response_format":"midi"}"#, "response_format"),
        (#"{"input":"a","speed":5}"#, "speed"), (#"{"input":"a","stream_format":"sse"}"#, "stream_format"),
    ]) func `a field that is wrong is named`(body: String, parameter: String) async throws {
        let speaker = Speaking()
        try await TestServer.run(synthesizer: speaker) { client in
            let (status, text) = try await client.send(.post, Self.speech, raw: body)
            #expect(status == 400)
            #expect(try JSON(parsing: text)["error"]?["param"]?.stringValue == parameter)
            #expect(speaker.prompts.isEmpty)
        }
    }

    static let failures: [(ServiceError, Int)] = [
        (.invalid("ElevenLabs does not speak aac."), 400), (ServiceError(.unavailable, "Not set."), 503),
        (ServiceError(.upstream, "Busy.", retryAfter: 7, providerStatus: 429), 429),
        (ServiceError(.upstream, "Down."), 502),
    ]

    @Test(arguments: failures) func `what fails has OpenAI's shape and a fitting status`(
        failure: ServiceError, expected: Int
    ) async throws {
        try await TestServer.run(synthesizer: Speaking(failure: failure)) { client in
            let (status, text) = try await client.send(.post, Self.speech, ["input": "a"])
            #expect(status == expected)
            #expect(try JSON(parsing: text)["error"]?["message"]?.stringValue == failure.message)
        }
    }

    @Test func `where nobody speaks, the answer names the settings`() async throws {
        try await TestServer.run { client in
            let silent = try await client.send(.post, Self.speech, ["input": "a"])
            #expect(silent.status == 503 && silent.text.contains("TTS_OPEN_AI_KEY"))
        }
    }

    @Test func `a key needs the right to use models`() async throws {
        try await TestServer.run(synthesizer: Speaking()) { client in
            let reader = try await client.withKey(scopes: [.read])
            let refused = try await reader.send(.post, Self.speech, ["input": "a"])
            #expect(refused.status == 403)
        }
    }
}

private final class Speaking: SpeechSynthesizer {
    private let failure: ServiceError?
    private let asked = Mutex<[SpeechPrompt]>([])

    init(failure: ServiceError? = nil) { self.failure = failure }

    var prompts: [SpeechPrompt] { asked.withLock { $0 } }

    func speech(for prompt: SpeechPrompt) async throws -> Speech {
        asked.withLock { $0.append(prompt) }
        if let failure { throw failure }
        return Speech(bytes: FakeSpeechReply.mp3, mediaType: "audio/mpeg")
    }
}
