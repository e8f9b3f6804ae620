import AsyncHTTPClient
import Domain
import Foundation
import ModelProviders
import OrderedJSON
import TestSupport
import Testing

/// Texts on their way to a provider, and the sound that comes back, over a real socket.
@Suite(.timeLimit(.minutes(1))) struct SpeechSynthesizerTests {
    @Test func `OpenAI's wire carries all that is asked for, and the sound comes back as it is`() async throws {
        try await FakeProvider.run { provider in
            let plain = try await Self.speech(SpeechPrompt(text: "Ahoy"), at: provider)
            #expect(plain == Speech(bytes: FakeSpeechReply.mp3, mediaType: "audio/mpeg"))
            let prompt = SpeechPrompt(
                text: "Ahoy", voice: "nova", format: .flac, speed: 1.5, instructions: "like a pirate")
            _ = try await Self.speech(prompt, at: provider)
            let requests = provider.requests
            #expect(requests.map(\.path) == ["/v1/audio/speech", "/v1/audio/speech"])
            #expect(requests[0].headers["authorization"] == "Bearer secret-key")
            #expect(requests[0].body.text == #"{"model":"m","voice":"v","input":"Ahoy","response_format":"mp3"}"#)
            #expect(
                requests[1].body == [
                    "model": "m", "voice": "nova", "input": "Ahoy", "response_format": "flac", "speed": 1.5,
                    "instructions": "like a pirate",
                ])
        }
    }

    @Test func `ElevenLabs' wire has voice and format in its address`() async throws {
        try await FakeProvider.run { provider in
            for voice in [nil, "alloy", "a/b"] {
                _ = try await Self.speech(
                    SpeechPrompt(text: "Ahoy", voice: voice, speed: voice == nil ? 0.9 : 1), .elevenLabs, at: provider)
            }
            let requests = provider.requests
            // Names of OpenAI's voices, which its clients must send, mean the one that is set.
            #expect(requests.prefix(2).allSatisfy { $0.path == "/v1/text-to-speech/v" })
            #expect(requests[2].path == "/v1/text-to-speech/a%2Fb")
            #expect(requests.allSatisfy { $0.query == "output_format=mp3_44100_128" })
            #expect(requests[0].headers["xi-api-key"] == "secret-key" && requests[0].headers["authorization"] == nil)
            #expect(requests[0].body == ["text": "Ahoy", "model_id": "m", "voice_settings": ["speed": 0.9]])
            #expect(requests[1].body == ["text": "Ahoy", "model_id": "m"])
        }
    }

    @Test func `what ElevenLabs cannot do is refused without a request`() async throws {
        try await FakeProvider.run { provider in
            for prompt in [
                SpeechPrompt(text: "a", format: .aac), SpeechPrompt(text: "a", format: .flac),
                SpeechPrompt(text: "a", speed: 2),
            ] {
                let error = await #expect(throws: ServiceError.self) {
                    _ = try await Self.speech(prompt, .elevenLabs, at: provider)
                }
                #expect(error?.code == .invalid)
            }
            #expect(provider.requests.isEmpty)
        }
    }

    @Test func `ElevenLabs' samples become a WAV file where one is asked for`() async throws {
        try await FakeProvider.run { provider in
            let samples: [UInt8] = [0xFF, 0xFB, 0x01, 0x00]
            provider.answerSpeech(.sound(samples, "audio/pcm"))
            let bare = try await Self.speech(SpeechPrompt(text: "a", format: .pcm), .elevenLabs, at: provider)
            #expect(bare == Speech(bytes: samples, mediaType: "audio/pcm"))
            let file = try await Self.speech(SpeechPrompt(text: "a", format: .wav), .elevenLabs, at: provider)
            #expect(file.mediaType == "audio/wav" && file.bytes.count == 44 + samples.count)
            #expect(file.bytes.starts(with: "RIFF".utf8) && file.bytes.suffix(4).elementsEqual(samples))
            // 40 bytes follow the length of the whole, 24,000 samples are a second, 4 bytes follow the length of the data.
            #expect(file.bytes[4..<8].elementsEqual([40, 0, 0, 0]))
            #expect(file.bytes[24..<28].elementsEqual([0xC0, 0x5D, 0, 0]))
            #expect(file.bytes[40..<44].elementsEqual([4, 0, 0, 0]))
        }
    }

    static let types: [([UInt8], String)] = [
        (Array("RIFF____WAVEfmt ".utf8), "audio/wav"), (Array("OggS____".utf8), "audio/ogg"),
        (Array("fLaC____".utf8), "audio/flac"), (Array("____ftypM4A ".utf8), "audio/mp4"),
        ([0x1A, 0x45, 0xDF, 0xA3], "audio/webm"), (Array("ID3_".utf8), "audio/mpeg"), ([0xFF, 0xF3, 1], "audio/mpeg"),
        ([0xFF, 0xF1, 1], "audio/aac"),
    ]

    @Test(arguments: types) func `the type is told by the bytes, whatever the provider calls them`(
        bytes: [UInt8], type: String
    ) async throws {
        try await FakeProvider.run { provider in
            provider.answerSpeech(.sound(bytes, "application/octet-stream"))
            let speech = try await Self.speech(SpeechPrompt(text: "a"), at: provider)
            #expect(speech == Speech(bytes: bytes, mediaType: type))
        }
    }

    @Test(
        arguments: [([], "audio/mpeg"), (Array("sorry".utf8), "audio/mpeg"), (Array("<html>".utf8), "text/html")]
            as [([UInt8], String)])
    func `what is no sound is refused`(bytes: [UInt8], type: String) async throws {
        try await FakeProvider.run { provider in
            provider.answerSpeech(.sound(bytes, type))
            let error = await #expect(throws: ServiceError.self) {
                _ = try await Self.speech(SpeechPrompt(text: "a"), at: provider)
            }
            #expect(error?.message == "The answer of Speaker holds no sound.")
        }
    }

    @Test func `ElevenLabs' own words come with a refusal`() async throws {
        try await FakeProvider.run { provider in
            let detail: JSON = ["status": "voice_not_found", "message": "A voice with this ID was not found."]
            provider.fail(.json(["detail": detail], status: 404))
            let error = await #expect(throws: ServiceError.self) {
                _ = try await Self.speech(SpeechPrompt(text: "a"), .elevenLabs, at: provider)
            }
            #expect(
                error?.message == "Speaker answered 404 Not Found: A voice with this ID was not found.")
        }
    }

    @Test func `cancelling stops the provider`() async throws {
        try await FakeProvider.run { provider in
            provider.answerSpeech(.silence)
            let task = Task { try await Self.speech(SpeechPrompt(text: "a"), at: provider) }
            try await provider.state.wait { $0.requests.count == 1 }
            task.cancel()
            await #expect(throws: CancellationError.self) { _ = try await task.value }
            try await provider.state.wait { $0.disconnections == 1 }
        }
    }

    private static func speech(
        _ prompt: SpeechPrompt, _ dialect: SpeechEndpoint.Dialect = .openAI, at provider: FakeProvider
    ) async throws -> Speech {
        let endpoint = SpeechEndpoint(
            label: "Speaker", dialect: dialect, baseURL: provider.baseURL, apiKey: "secret-key", modelID: "m",
            voice: "v")
        return try await HTTPClient.withHTTPClient(configuration: .modelProviders()) { client in
            try await RemoteSpeechSynthesizer(endpoint: endpoint, client: client, retries: .never).speech(for: prompt)
        }
    }
}
