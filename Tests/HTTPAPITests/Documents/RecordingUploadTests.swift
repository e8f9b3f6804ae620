import Domain
import Foundation
import HTTPTypes
import HummingbirdTesting
import NIOCore
import OrderedJSON
import TestSupport
import Testing

/// Recordings, from the upload to the sources of an answer.
@Suite struct RecordingUploadTests {
    @Test func `a recording becomes a document whose chunks know their times`() async throws {
        let transcriber = Hearing([
            .init(text: " The ferry leaves at nine.", from: 0, to: 2.5),
            .init(text: " Tickets are sold on board.", from: 64, to: 67),
        ])
        try await TestServer.run(environment: ["TEXT_SPLITTER_CHUNK_SIZE": "40"], transcriber: transcriber) { client in
            try await client.makeWorkspaces("w")
            let answer = try await client.upload(recording: "speech.mp3", to: "w")
            #expect(answer["success"] == true && answer["error"] == .null)
            let document = try #require(answer["documents"]?.arrayValue?.first)
            #expect(document["pageContent"] == "The ferry leaves at nine.\n\nTickets are sold on board.")
            #expect(document["title"] == "speech.mp3" && document["docAuthor"] == "no author found")
            #expect(document["description"] == "No description found.")
            #expect(document["docSource"] == "audio file uploaded by the user.")
            #expect(document["wordCount"] == 10)
            let found = try await client.json(
                .post, "/v1/workspace/w/vector-search", ["query": "tickets on board", "topN": 1])
            let result = try #require(found["results"]?.arrayValue?.first)
            #expect(result["metadata"]?["second"] == 64)
            let chat = try await client.json(
                .post, "/v1/workspace/w/chat", ["message": "Where are tickets sold, on board?"])
            let source = chat["sources"]?.arrayValue?.first { $0["chunk"] == "Tickets are sold on board." }
            #expect(source?["second"] == 64 && source?["lastSecond"] == 66)
            #expect(source?["page"] == .null)
            #expect(transcriber.count == 1)

            // The same bytes cost nothing.
            _ = try await client.upload(recording: "speech.mp3", to: "w")
            #expect(transcriber.count == 1)
        }
    }

    @Test func `where nobody transcribes, the answer names the settings`() async throws {
        for environment in [[:], ["WHISPER_PROVIDER": "local"], ["WHISPER_PROVIDER": "xyz"]] {
            try await TestServer.run(environment: environment) { client in
                let answer = try await client.upload(recording: "speech.wav", status: 500)
                #expect(answer["success"] == false && answer["documents"] == [])
                let error = try #require(answer["error"]?.stringValue)
                for name in ["WHISPER_PROVIDER", "OPEN_AI_KEY", "WHISPER_GENERIC_OPEN_AI_BASE_URL"] {
                    #expect(error.contains(name))
                }
                let types = try await client.json(.get, "/v1/document/accepted-file-types")["types"]?.objectValue
                #expect(types?.keys.contains { $0.hasPrefix("audio/") || $0.hasPrefix("video/") } == false)
            }
        }
        try await TestServer.run(environment: ["WHISPER_PROVIDER": "openai"]) { client in
            let answer = try await client.upload(recording: "speech.wav", status: 500)
            #expect(answer["error"]?.stringValue?.hasPrefix("No OpenAI API key was set.") == true)
        }
        try await TestServer.run(environment: ["WHISPER_PROVIDER": "generic-openai"]) { client in
            let answer = try await client.upload(recording: "speech.wav", status: 500)
            #expect(answer["error"]?.stringValue?.hasPrefix("No base URL was set.") == true)
        }
    }

    @Test func `where somebody does, recordings are listed in the order of the contract`() async throws {
        try await TestServer.run(transcriber: Hearing([])) { client in
            let types = try await client.json(.get, "/v1/document/accepted-file-types")["types"]?.objectValue
            let keys = Array((types?.keys.map(\.self) ?? []).drop { $0 != "application/mbox" }.prefix(10))
            #expect(
                keys == [
                    "application/mbox", "audio/wav", "audio/mpeg", "audio/ogg", "audio/opus", "audio/mp4",
                    "audio/x-m4a", "audio/webm", "video/mp4", "video/mpeg",
                ])
            #expect(types?["audio/ogg"] == [".ogg", ".oga"] && types?["video/quicktime"] == [".mov"])
            let silent = try await client.upload(recording: "speech.wav", status: 500)
            #expect(silent["error"] == "No text content found in speech.wav.")
            let film = try await client.upload(recording: "silent-film.mp4", status: 500)
            #expect(film["error"] == "No text content found in silent-film.mp4.")
        }
    }

    @Test func `a recording behind a link, and one that comes with a question`() async throws {
        let transcriber = Hearing([.init(text: "The ferry leaves at nine.", from: 0, to: 2)])
        let file = try RecordingFixture.bytes("speech.mp4")
        try await FakeSite.run(["/talk": .bytes("video/mp4", file)]) { site in
            let model = ConversingModel([.text("At nine.")], supportsTools: false)
            let environment = ["COLLECTOR_ALLOW_ANY_IP": "true"]
            try await TestServer.run(model: model, environment: environment, transcriber: transcriber) { client in
                let answer = try await client.json(
                    .post, "/v1/document/upload-link", ["link": .string(site.address + "/talk")])
                let document = try #require(answer["documents"]?.arrayValue?.first)
                #expect(document["pageContent"] == "The ferry leaves at nine.")
                #expect(document["title"] == "127.0.0.1-talk.mp4")
                // Only its sound went out.
                #expect(transcriber.heardFormats == [.wav])

                try await client.makeWorkspaces("w")
                let item: JSON = [
                    "name": "speech.mp4", "mime": "application/anythingllm-document",
                    "contentString": .string(Data(file).base64EncodedString()),
                ]
                let chat = try await client.json(
                    .post, "/v1/workspace/w/chat", ["message": "When?", "attachments": [item]])
                #expect(chat["textResponse"] == "At nine.")
                #expect(model.instruction.contains("The ferry leaves at nine."))
            }
        }
    }
}

/// Files that `script/fixtures/make-recordings` makes.
enum RecordingFixture {
    static func bytes(_ name: String) throws -> [UInt8] {
        let tests = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../..")
        return Array(try Data(contentsOf: tests.appending(path: "DocumentParsersTests/Fixtures/recordings/\(name)")))
    }
}

extension TestClient {
    fileprivate func upload(recording name: String, to workspace: String? = nil, status: Int = 200) async throws -> JSON
    {
        var body = ByteBuffer()
        if let workspace {
            body.writeString(
                "--b\r\nContent-Disposition: form-data; name=\"addToWorkspaces\"\r\n\r\n\(workspace)\r\n")
        }
        body.writeString("--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"\(name)\"\r\n\r\n")
        body.writeBytes(try RecordingFixture.bytes(name))
        body.writeString("\r\n--b--\r\n")
        return try await client.execute(
            uri: "/api/v1/document/upload", method: .post,
            headers: [.authorization: "Bearer \(key)", .contentType: "multipart/form-data; boundary=b"], body: body
        ) { response in
            #expect(Int(response.status.code) == status)
            return try JSON(parsing: response.body.readableBytesView)
        }
    }
}

/// Hears the same in every recording.
final class Hearing: Transcriber {
    let fingerprint = "hearing"
    let maximumFileBytes: Int? = nil
    let formats: Set<RecordingFormat> = [.wav, .mp3]
    private let segments: [Transcript.Segment]
    private let heard = Observed<[RecordingFormat]>([])

    init(_ segments: [Transcript.Segment]) { self.segments = segments }

    var heardFormats: [RecordingFormat] { heard.value }
    var count: Int { heard.value.count }

    func transcript(of recording: RecordingFile) async throws -> Transcript {
        heard.change { $0.append(recording.format) }
        return Transcript(segments: segments)
    }
}
