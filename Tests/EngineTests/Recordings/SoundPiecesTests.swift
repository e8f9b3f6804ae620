import Domain
import Foundation
import Testing

@testable import Engine

@Suite struct SoundPiecesTests {
    private let directory: TemporaryDirectory
    private let spool: SpoolDirectory

    init() throws {
        directory = try TemporaryDirectory()
        spool = try SpoolDirectory(path: directory.path)
    }

    private static let second = PlainSound.bytesPerSecond

    /// A tone that is silent between the given tenths of a second.
    private func sound(seconds: Int, silentTenths: Set<Int> = []) -> [UInt8] {
        (0..<seconds * 10).flatMap { tenth -> [UInt8] in
            (0..<PlainSound.sampleRate / 10).flatMap { index -> [UInt8] in
                let sample = silentTenths.contains(tenth) ? Int16(0) : (index / 20 % 2 == 0 ? 8000 : -8000)
                return [UInt8(truncatingIfNeeded: sample), UInt8(truncatingIfNeeded: sample >> 8)]
            }
        }
    }

    /// Gives the sound in odd pieces, and returns what stands in the files.
    private func cut(
        _ sound: [UInt8], maximumBytes: Int, longestSeconds: Int = 3600
    ) throws -> [(piece: SoundPieces.Piece, content: [UInt8])] {
        let pieces = SoundPieces(into: spool, maximumBytes: maximumBytes, longestSeconds: longestSeconds)
        defer { pieces.discard() }
        for start in stride(from: 0, to: sound.count, by: 9973) {
            try pieces.append(sound[start..<min(start + 9973, sound.count)])
        }
        return try pieces.finish().map { piece in
            (piece, Array(try Data(contentsOf: URL(filePath: spool.path(of: piece.file)))))
        }
    }

    @Test func `short sound is one WAV file`() throws {
        let sound = sound(seconds: 2)
        let pieces = try cut(sound, maximumBytes: 1 << 20)
        #expect(pieces.count == 1)
        let (piece, content) = try #require(pieces.first)
        #expect(piece.seconds == 0 && piece.byteCount == content.count)
        #expect(Array(content.dropFirst(44)) == sound)
        // As the format's specification has it: one channel, 16,000 samples of 16 bits a second.
        #expect(
            Array(content.prefix(44)) == Array("RIFF".utf8) + [0x24, 0xFA, 0x00, 0x00] + Array("WAVEfmt ".utf8) + [
                16, 0, 0, 0, 1, 0, 1, 0, 0x80, 0x3E, 0, 0, 0x00, 0x7D, 0, 0, 2, 0, 16, 0,
            ] + Array("data".utf8) + [0x00, 0xFA, 0x00, 0x00])
        #expect(try FileManager.default.contentsOfDirectory(atPath: spool.path) == [])
    }

    @Test func `long sound is cut where it is quiet, and nothing of it is lost`() throws {
        let sound = sound(seconds: 30, silentTenths: [75, 76, 77, 78, 140, 141, 142, 143])
        let limit = 10 * Self.second + 44
        let pieces = try cut(sound, maximumBytes: limit)
        #expect(pieces.flatMap { $0.content.dropFirst(44) } == sound)
        #expect(pieces.allSatisfy { $0.content.count <= limit && $0.content.count == $0.piece.byteCount })
        let starts = pieces.map(\.piece.seconds)
        #expect(starts.count >= 4)
        #expect((7.5...7.9).contains(starts[1]) && (14.0...14.4).contains(starts[2]))
        var place = 0
        for (piece, content) in pieces {
            #expect(piece.seconds == Double(place) / Double(Self.second))
            place += content.count - 44
        }
    }

    @Test func `next to nothing is no piece, and what is too long is refused`() throws {
        #expect(try cut(Array(sound(seconds: 1).prefix(1000)), maximumBytes: 1 << 20).isEmpty)
        #expect(try cut([], maximumBytes: 1 << 20).isEmpty)
        #expect(throws: ParseError.tooLarge("it is longer than 0 hours")) {
            _ = try cut(sound(seconds: 3), maximumBytes: 1 << 20, longestSeconds: 2)
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: spool.path) == [])
    }
}
