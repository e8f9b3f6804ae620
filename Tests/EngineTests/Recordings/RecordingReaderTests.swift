import Domain
import Foundation
import Synchronization
import Testing

@testable import Engine

@Suite struct RecordingReaderTests {
    private let directory: TemporaryDirectory
    private let spool: SpoolDirectory

    init() throws {
        directory = try TemporaryDirectory()
        spool = try SpoolDirectory(path: directory.path + "/spool")
    }

    private func reader(_ transcriber: HeardFiles?, decoder: (any RecordingDecoder)? = nil) -> RecordingReader {
        RecordingReader(over: NamedFormats(), decoder: decoder, spool: spool) {
            guard let transcriber else { throw ServiceError(.unavailable, "Set it up.") }
            return transcriber
        }
    }

    private func read(
        _ name: String, bytes: Int = 100, _ transcriber: HeardFiles?, decoder: (any RecordingDecoder)? = nil
    ) async throws -> [ParsedDocument] {
        let path = directory.path + "/file"
        try Data().write(to: URL(filePath: path))
        // Without taking any room.
        try FileHandle(forWritingTo: URL(filePath: path)).truncate(atOffset: UInt64(bytes))
        return try await reader(transcriber, decoder: decoder).read(path: path, fileName: name)
    }

    @Test func `documents are read as ever, and small sound goes out as it is`() async throws {
        let transcriber = HeardFiles()
        #expect(try await read("a.txt", nil) == [ParsedDocument(text: "read")])
        let documents = try await read("a.mp3", transcriber, decoder: Silence(seconds: 5))
        #expect(documents.map(\.text) == ["mp3 of 100 bytes"])
        #expect(transcriber.files.map(\.path) == [directory.path + "/file"])
    }

    @Test(arguments: ["a.mp4", "a.mkv", "large.mp3"])
    func `video, other formats and large files are sent as plain sound in pieces`(name: String) async throws {
        let transcriber = HeardFiles()
        let bytes = name == "large.mp3" ? 26 << 20 : 100
        let documents = try await read(name, bytes: bytes, transcriber, decoder: Silence(seconds: 1500))
        #expect(transcriber.files.map(\.format) == [.wav, .wav, .wav])
        #expect(transcriber.files.allSatisfy { $0.byteCount <= 25 << 20 })
        // Each was there when it was asked about, and none is any more.
        #expect(transcriber.sizes == transcriber.files.map(\.byteCount))
        #expect(try FileManager.default.contentsOfDirectory(atPath: spool.path) == [])
        let document = try #require(documents.first)
        #expect(document.text.split(separator: "\n\n").count == 3)
        // The last piece begins after twenty minutes less twice the stretch that is searched for a pause.
        let last = document.divisions?.starts.count ?? 0
        #expect((1140...1202).contains(last))
    }

    @Test func `without the tool, what the provider takes is sent, and the rest refused with the reason`() async throws
    {
        let transcriber = HeardFiles(maximumFileBytes: 1 << 20)
        #expect(try await read("a.mp4", transcriber).map(\.text) == ["mp4 of 100 bytes"])
        let format = await #expect(throws: ServiceError.self) { try await read("a.mkv", transcriber) }
        #expect(
            format?.message
                == "a.mkv cannot be transcribed as it is: the provider does not take its format. With ffmpeg "
                + "on this server (Debian package ffmpeg) it could.")
        let size = await #expect(throws: ServiceError.self) { try await read("a.mp3", bytes: 2 << 20, transcriber) }
        #expect(size?.message.contains("the provider takes files of 1 MiB at most") == true)
        #expect(size?.code == .unprocessable)
        #expect(try await read("a.mp3", bytes: 30 << 20, HeardFiles()).count == 1)
    }

    @Test func `nobody who transcribes, and nothing that is said`() async throws {
        let missing = await #expect(throws: ServiceError.self) { try await read("a.mp3", nil) }
        #expect(missing?.message == "Set it up." && missing?.code == .unprocessable)
        await #expect(throws: ParseError.empty) { try await read("a.mp3", HeardFiles(words: " ")) }
        await #expect(throws: ParseError.empty) {
            try await read("a.mp4", HeardFiles(), decoder: Silence(seconds: 0))
        }
    }

    @Test func `a provider that fails leaves nothing behind`() async throws {
        let failing = HeardFiles(failure: ServiceError(.upstream, "No."))
        await #expect(throws: ServiceError.self) {
            try await read("a.mp4", failing, decoder: Silence(seconds: 1500))
        }
        #expect(failing.files.count == 1)
        #expect(try FileManager.default.contentsOfDirectory(atPath: spool.path) == [])
    }

    @Test func `recordings are listed where they are transcribed, and other formats where they are decoded`() {
        let types = { (reader: RecordingReader) in reader.acceptedTypes.flatMap(\.fileExtensions) }
        #expect(types(reader(nil, decoder: Silence(seconds: 1))) == [".txt"])
        #expect(types(reader(HeardFiles())) == [".txt", ".mp3", ".mp4"])
        #expect(types(reader(HeardFiles(), decoder: Silence(seconds: 1))) == [".txt", ".mp3", ".mp4", ".mkv"])
    }

    @Test func `the text of a recording depends on who transcribes it`() async throws {
        let reader = reader(HeardFiles())
        #expect(try await reader.circumstances(path: "", fileName: "a.mp3", address: nil) == "heard")
        #expect(try await reader.circumstances(path: "", fileName: "a.txt", address: nil) == "")
    }
}

/// Takes files for what their names say.
private struct NamedFormats: DocumentReader {
    private static let formats: [String: RecordingFormat] = [".mp3": .mp3, ".mp4": .mp4, ".mkv": .matroska]

    func read(
        path: String, fileName: String, address: LinkAddress?,
        progress: @escaping @Sendable (ParseProgress) async -> Void
    ) async throws -> [ParsedDocument] { [ParsedDocument(text: "read")] }
    func isPlainText(path: String, fileName: String) async -> Bool { true }
    func recordingFormat(path: String, fileName: String) async throws -> RecordingFormat? {
        Self.formats.first { fileName.hasSuffix($0.key) }?.value
    }

    var acceptedTypes: [FileType] {
        [FileType(mediaType: "text/plain", fileExtensions: [".txt"])]
            + [".mp3", ".mp4", ".mkv"].map {
                FileType(mediaType: "x/\($0)", fileExtensions: [$0], recording: Self.formats[$0])
            }
    }
}

/// Hears what file it is given, in the first second of it.
private final class HeardFiles: Transcriber {
    let fingerprint = "heard"
    let maximumFileBytes: Int?
    let formats: Set<RecordingFormat> = [.mp3, .mp4, .wav]
    private let words: String?
    private let failure: ServiceError?
    private let heard = Mutex<[(file: RecordingFile, size: Int)]>([])

    init(words: String? = nil, maximumFileBytes: Int? = nil, failure: ServiceError? = nil) {
        self.words = words
        self.maximumFileBytes = maximumFileBytes
        self.failure = failure
    }

    var files: [RecordingFile] { heard.withLock { $0.map(\.file) } }
    var sizes: [Int] { heard.withLock { $0.map(\.size) } }

    func transcript(of recording: RecordingFile) async throws -> Transcript {
        let size = try FileManager.default.attributesOfItem(atPath: recording.path)[.size] as? Int
        heard.withLock { $0.append((recording, size ?? -1)) }
        if let failure { throw failure }
        let words = words ?? "\(recording.format) of \(recording.byteCount) bytes"
        return Transcript(segments: [.init(text: words, from: 0, to: 1)])
    }
}

/// Decodes every recording to silence.
private struct Silence: RecordingDecoder {
    let seconds: Int
    let isAvailable = true

    func decode(path: String, receive: @escaping @Sendable (ArraySlice<UInt8>) throws -> Void) async throws {
        let second = [UInt8](repeating: 0, count: PlainSound.bytesPerSecond)
        for _ in 0..<seconds { try receive(second[...]) }
    }
}
