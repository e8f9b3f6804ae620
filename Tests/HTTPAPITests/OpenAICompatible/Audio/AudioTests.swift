import Domain
import Engine
import HTTPAPI
import HTTPTypes
import HummingbirdTesting
import NIOCore
import OrderedJSON
import TestSupport
import Testing

/// Speech as text, and what is refused beside it.
@Suite struct AudioTests {
    private static let words = [
        Transcript.Segment(text: " The ferry leaves at nine.", from: 0, to: 2.5),
        Transcript.Segment(text: " Mind the <step>.\n\n", from: 3661.25, to: 3663),
    ]
    private static let text = "The ferry leaves at nine.\n\nMind the <step>."

    @Test func `a recording is answered in the form that was asked for, and is not kept`() async throws {
        try await TestServer.run(transcriber: Interpreter(Self.words)) { client in
            let plain = try await client.sendRecording([:])
            #expect(plain == (200, JSON.object(["text": .string(Self.text)]).text))
            let text = try await client.sendRecording(["response_format": "text"])
            #expect(text == (200, Self.text + "\n"))
            let verbose = try JSON(
                parsing: try await client.sendRecording([
                    "response_format": "verbose_json", "language": "en", "timestamp_granularities[]": "segment",
                ]).text)
            #expect(verbose["task"] == "transcribe" && verbose["language"] == "en" && verbose["duration"] == 3663)
            #expect(verbose["segments"]?.arrayValue?.map { $0["start"] } == [0, 3661.25])
            let srt = try await client.sendRecording(["response_format": "srt"]).text
            #expect(
                srt == "1\n00:00:00,000 --> 00:00:02,500\nThe ferry leaves at nine.\n\n"
                    + "2\n01:01:01,250 --> 01:01:03,000\nMind the <step>.\n\n")
            let vtt = try await client.sendRecording(["response_format": "vtt"]).text
            #expect(
                vtt.hasPrefix("WEBVTT\n\n00:00:00.000 --> 00:00:02.500\nThe ferry leaves at nine.\n\n")
                    && vtt.contains("Mind the &lt;step&gt;."))
            let stream = try await client.sendRecording(["stream": "true"]).text
            #expect(stream.hasPrefix("event: transcript.text.delta\ndata: ") && stream.contains("transcript.text.done"))
            #expect(client.server.services.library.ingestion.spool.removeLeftovers() == 0)
            let files = try await client.json(.get, "/v1/openai/files")
            #expect(files["data"] == [])
        }
    }

    @Test func `hints reach the transcriber, and translations are told apart`() async throws {
        let interpreter = Interpreter(Self.words)
        try await TestServer.run(transcriber: interpreter) { client in
            _ = try await client.sendRecording(["language": "de", "prompt": "Fähre"])
            let translation = try await client.sendRecording(["response_format": "verbose_json"], to: "translations")
            #expect(try JSON(parsing: translation.text)["task"] == "translate")
            var first = TranscriptionHints()
            (first.language, first.prompt) = ("de", "Fähre")
            var second = TranscriptionHints()
            second.translates = true
            #expect(interpreter.hints == [first, second])
        }
    }

    @Test func `what cannot be done is said in OpenAI's shape, and leaves nothing behind`() async throws {
        try await TestServer.run(transcriber: Interpreter([.init(text: "Words.", seconds: nil)])) { client in
            for (fields, parameter) in [
                (["response_format": "diarized_json"], "response_format"),
                (["response_format": "srt"], "response_format"),
                (["timestamp_granularities[]": "word"], "timestamp_granularities"),
                (["temperature": "2"], "temperature"),
            ] {
                let answer = try await client.sendRecording(fields)
                #expect(answer.status == 400)
                #expect(try JSON(parsing: answer.text)["error"]?["param"]?.stringValue == parameter)
            }
            let text = try await client.sendRecording([:], bytes: Array("no sound".utf8), named: "a.txt")
            #expect(text.status == 400 && text.text.contains("a.txt is no recording"))
            let none = try await client.send(.post, "/v1/openai/audio/transcriptions", ["model": "whisper-1"])
            #expect(none.status == 400)
            #expect(client.server.services.library.ingestion.spool.removeLeftovers() == 0)
        }
        try await TestServer.run { client in
            let answer = try await client.sendRecording([:])
            #expect(answer.status == 400 && answer.text.contains("WHISPER_PROVIDER"))
        }
    }

    @Test func `texts are not judged`() async throws {
        try await TestServer.run { client in
            let answer = try await client.send(.post, address: "/v1/moderations", ["input": "x"])
            #expect(answer.status == 400)
            let error = try JSON(parsing: answer.text)["error"]
            #expect(error?["code"] == "unsupported_operation" && error?["type"] == "invalid_request_error")
        }
    }
}

extension TestClient {
    fileprivate func sendRecording(
        _ fields: [String: String], to operation: String = "transcriptions", bytes: [UInt8]? = nil,
        named name: String = "speech.mp3"
    ) async throws -> (status: Int, text: String) {
        var body = ByteBuffer()
        for (name, value) in fields {
            body.writeString("--b\r\nContent-Disposition: form-data; name=\"\(name)\"\r\n\r\n\(value)\r\n")
        }
        body.writeString("--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"\(name)\"\r\n\r\n")
        body.writeBytes(try bytes ?? RecordingFixture.bytes("speech.mp3"))
        body.writeString("\r\n--b--\r\n")
        return try await client.execute(
            uri: "/v1/audio/\(operation)", method: .post,
            headers: [.authorization: "Bearer \(key)", .contentType: "multipart/form-data; boundary=b"], body: body
        ) { (Int($0.status.code), String(buffer: $0.body)) }
    }
}

/// Hears the same in every recording, and remembers what it was told of it.
private final class Interpreter: Transcriber {
    let fingerprint = "interpreter"
    let maximumFileBytes: Int? = nil
    let formats: Set<RecordingFormat> = [.wav, .mp3]
    private let segments: [Transcript.Segment]
    private let told = Observed<[TranscriptionHints]>([])

    init(_ segments: [Transcript.Segment]) { self.segments = segments }

    var hints: [TranscriptionHints] { told.value }

    func transcript(of recording: RecordingFile) async throws -> Transcript { Transcript(segments: segments) }

    func transcript(of recording: RecordingFile, _ hints: TranscriptionHints) async throws -> Transcript {
        told.change { $0.append(hints) }
        return Transcript(segments: segments)
    }
}
