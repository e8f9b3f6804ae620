import Domain
import Foundation
import Glibc
import Synchronization
import TestSupport
import Testing

@testable import DocumentParsers

@Suite(.timeLimit(.minutes(2))) struct RecordingTests {
    /// Made by `script/fixtures/make-recordings`, with what they are.
    static let files: [(String, RecordingFormat)] = [
        ("speech.wav", .wav), ("speech.mp3", .mp3), ("speech.m4a", .m4a), ("speech.ogg", .ogg), ("speech.flac", .flac),
        ("speech.aac", .aac), ("speech.aiff", .aiff), ("speech.au", .au), ("speech.caf", .caf),
        ("speech.wma", .windowsMedia), ("speech.webm", .webm), ("speech.mkv", .matroska), ("speech.mp4", .mp4),
        ("speech.mov", .quickTime), ("speech.3gp", .threeGP), ("speech.avi", .avi), ("speech.mpeg", .mpeg),
        ("speech.mts", .mpegTransport), ("speech.flv", .flash),
    ]

    private func path(_ name: String) throws -> String { try Fixture.path("recordings/\(name)") }

    @Test(arguments: files) func `a recording is known by its content, whatever its name`(
        name: String, format: RecordingFormat
    ) async throws {
        let reader = InProcessDocumentReader()
        for fileName in [name, "recording", "a.unheard-of", "other.mp3"] {
            #expect(try await reader.recordingFormat(path: path(name), fileName: fileName) == format)
        }
        #expect(try await reader.recordingFormat(path: path(name), fileName: "a.pdf") == nil)
        await #expect(throws: ParseError.self) { try await reader.read(path: path(name), fileName: "a.pdf") }
    }

    @Test func `what only looks like a recording is none`() async throws {
        let reader = InProcessDocumentReader()
        let others: [[UInt8]] = [
            [0, 0, 0, 0x18] + Array("ftypheic".utf8), [0xFF, 0xFE, 0x41, 0x00], Array("RIFF is a format".utf8),
            Array("GGGG".utf8), [0x1A, 0x45, 0xDF], Array("ID3 tags stand before music".utf8),
        ]
        for bytes in others {
            let format = try await Fixture.withFile(bytes) { try await reader.recordingFormat(path: $0, fileName: "a") }
            #expect(format == nil, "\(bytes)")
        }
        for name in ["speech.mp3", "speech.mp4"] {
            await #expect(throws: ParseError.self) { try await Fixture.read(Array("words".utf8), as: name) }
        }
    }

    // MARK: Sound

    @Test(arguments: files.map(\.0)) func `the sound comes out of every format`(name: String) async throws {
        let sound = try await decoded(path(name), by: InProcessRecordingDecoder())
        let seconds = Double(sound.count) / Double(PlainSound.bytesPerSecond)
        #expect((1.4...2.4).contains(seconds), "\(seconds)")
        let samples = stride(from: 0, to: sound.count - 1, by: 2).map {
            Int(Int16(truncatingIfNeeded: Int(sound[$0]) | Int(sound[$0 + 1]) << 8))
        }
        #expect(samples.contains { $0 > 3000 } && samples.contains { $0 < -3000 })
    }

    @Test func `the sandboxed child gives the same sound, and the same reasons`() async throws {
        let sandboxed = SandboxedRecordingDecoder(command: [try ServerBinary.path(), "decode-recording"])
        for name in ["speech.mp4", "speech.ogg"] {
            let sound = try await decoded(path(name), by: sandboxed)
            let expected = try await decoded(path(name), by: InProcessRecordingDecoder())
            #expect(sound == expected && !sound.isEmpty)
        }
        for decoder in [sandboxed, InProcessRecordingDecoder()] as [any RecordingDecoder] {
            await #expect(throws: ParseError.empty) { try await decoded(path("silent-film.mp4"), by: decoder) }
            let damaged = try Array(Data(contentsOf: URL(filePath: path("speech.mp4"))).prefix(300))
            await #expect(throws: ParseError.corrupt("it is damaged or not a recording")) {
                try await Fixture.withFile(damaged) { try await decoded($0, by: decoder) }
            }
        }
    }

    /// A playlist would have ffmpeg open other files, on this machine and elsewhere.
    @Test func `a playlist is no recording`() async throws {
        let playlist = "#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXTINF:2,\n\(try path("speech.mp3"))\n#EXT-X-ENDLIST\n"
        await #expect(throws: ParseError.corrupt("it is damaged or not a recording")) {
            try await Fixture.withFile(Array(playlist.utf8)) { try await decoded($0, by: InProcessRecordingDecoder()) }
        }
    }

    @Test func `whoever takes the sound can end it, and so does the task`() async throws {
        struct Enough: Error {}
        let decoder = SandboxedRecordingDecoder(command: [try ServerBinary.path(), "decode-recording"])
        let path = try path("speech.mp4")
        await #expect(throws: Enough.self) { try await decoder.decode(path: path) { _ in throw Enough() } }
        let endless = SandboxedRecordingDecoder(command: ["/bin/sh", "-c", "echo x; sleep 600", "sh"])
        let pieces = Observed(0)
        let task = Task { try await endless.decode(path: path) { _ in pieces.change { $0 += 1 } } }
        try await pieces.wait { $0 > 0 }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
    }

    private func decoded(_ path: String, by decoder: any RecordingDecoder) async throws -> [UInt8] {
        let sound = Mutex<[UInt8]>([])
        try await decoder.decode(path: path) { piece in sound.withLock { $0 += piece } }
        return sound.withLock { $0 }
    }
}
