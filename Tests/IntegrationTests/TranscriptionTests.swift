import Domain
import Foundation
import NIOHTTP1
import OrderedJSON
import TestSupport
import Testing

/// The built program: a film goes through the sandboxed child to a provider of the real wire format, and is found by time.
@Suite(.timeLimit(.minutes(2))) struct TranscriptionTests {
    @Test func `a film is transcribed by the provider that is set`() async throws {
        try await FakeProvider.run { provider in
            try await RunningServer.run { server in
                let set = try await server.api.json(
                    .POST, "/system/update-env",
                    [
                        "WhisperProvider": "generic-openai", "WhisperGenericOpenAiBaseUrl": .string(provider.baseURL),
                        "WhisperGenericOpenAiApiKey": "whisper-key", "WhisperGenericOpenAiModel": "large-v3",
                    ])
                #expect(set["error"] == .null)
                _ = try await server.api.json(.POST, "/workspace/new", ["name": "w"])
                let answer = try await server.api.upload(Self.film(), named: "film.mp4", to: "w")
                let document = try #require(answer["documents"]?.arrayValue?.first)
                #expect(document["pageContent"] == "The ferry leaves at nine.")

                let request = try #require(provider.requests.first)
                #expect(request.headers["authorization"] == "Bearer whisper-key")
                let form = try #require(SentForm(request))
                #expect(form.fields["model"] == "large-v3" && form.fileName == "recording.wav")
                // Two seconds of plain sound.
                #expect(form.file.starts(with: "RIFF".utf8) && (50_000...80_000).contains(form.file.count))

                let chat = try await server.api.json(
                    .POST, "/workspace/w/chat", ["message": "When does the ferry leave?"])
                let source = try #require(chat["sources"]?.arrayValue?.first)
                #expect(source["second"] == 0 && source["lastSecond"] == 1)
                #expect(try FileManager.default.contentsOfDirectory(atPath: server.storage + "/spool") == [])
            }
        }
    }

    private static func film() throws -> [UInt8] {
        let tests = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        let file = tests.appending(path: "DocumentParsersTests/Fixtures/recordings/speech.mp4")
        return Array(try Data(contentsOf: file))
    }
}
