import Domain
import Synchronization

/// Writes the sound of a recording into files of the spool, each a WAV file that one request can carry.
///
/// Sound arrives on one thread, which may wait for the disk. Whoever has the pieces removes their files.
final class SoundPieces: Sendable {
    struct Piece: Sendable, Equatable {
        let file: SpoolFileName
        let byteCount: Int
        /// Where it begins in the recording.
        let seconds: Double
    }

    private struct State {
        var pieces: [Piece] = []
        var open: SpoolFile?
        /// Of the piece that is open, without its header.
        var writtenBytes = 0
        /// Sound of the pieces before it.
        var earlierBytes = 0
        /// Not written yet: among it the place is looked for where the piece ends.
        var held: [UInt8] = []
    }

    private let spool: SpoolDirectory
    private let maximumSoundBytes: Int
    private let searchedBytes: Int
    private let longestSeconds: Int
    private let state = Mutex(State())

    /// As much of the end of a piece is searched for a pause.
    private static let searchedSeconds = 30
    /// Shorter sound holds no word, and servers refuse it.
    private static let leastBytes = PlainSound.bytesPerSecond / 10

    /// - Parameters:
    ///   - maximumBytes: of a file.
    ///   - longestSeconds: a recording that is longer is refused.
    init(into spool: SpoolDirectory, maximumBytes: Int, longestSeconds: Int) {
        self.spool = spool
        self.longestSeconds = longestSeconds
        maximumSoundBytes = max(
            PlainSound.bytesPerSecond, Self.wholeSamples(maximumBytes - WAVHeader.byteCount))
        searchedBytes = Self.wholeSamples(
            min(Self.searchedSeconds * PlainSound.bytesPerSecond, maximumSoundBytes / 2))
    }

    private static func wholeSamples(_ bytes: Int) -> Int { bytes / PlainSound.sampleBytes * PlainSound.sampleBytes }

    /// - Throws: `ParseError.tooLarge` where the recording is too long, `ServiceError` where it cannot be written.
    func append(_ sound: ArraySlice<UInt8>) throws {
        try state.withLock { state in
            state.held += sound
            let seconds = (state.earlierBytes + state.writtenBytes + state.held.count) / PlainSound.bytesPerSecond
            guard seconds <= longestSeconds else {
                throw ParseError.tooLarge("it is longer than \(longestSeconds / 3600) hours")
            }
            while state.writtenBytes + state.held.count >= maximumSoundBytes {
                let searched = maximumSoundBytes - searchedBytes - state.writtenBytes
                if searched > 0 { try write(searched, &state) }
                try write(SoundCutter.cut(state.held.prefix(searchedBytes)), &state)
                try closePiece(&state)
            }
            // What is certainly before the place need not be held.
            let certain = min(maximumSoundBytes - searchedBytes - state.writtenBytes, state.held.count)
            if certain >= PlainSound.bytesPerSecond { try write(Self.wholeSamples(certain), &state) }
        }
    }

    /// The pieces, once all the sound has come; none where there is next to nothing.
    func finish() throws -> [Piece] {
        try state.withLock { state in
            if state.writtenBytes + state.held.count >= Self.leastBytes {
                try write(Self.wholeSamples(state.held.count), &state)
                try closePiece(&state)
            }
            return state.pieces
        }
    }

    /// Deletes all files that were made.
    func discard() {
        state.withLock { state in
            state.open?.closeHere()
            for file in state.pieces.map(\.file) + [state.open?.name].compactMap(\.self) { spool.removeHere(file) }
            state = State()
        }
    }

    private func write(_ count: Int, _ state: inout State) throws {
        let file: SpoolFile
        if let open = state.open {
            file = open
        } else {
            file = try spool.makeFile()
            state.open = file
            try file.writeHere(WAVHeader.bytes(soundBytes: 0)[...])
        }
        try file.writeHere(state.held[..<count])
        state.held.removeFirst(count)
        state.writtenBytes += count
    }

    private func closePiece(_ state: inout State) throws {
        guard let file = state.open else { return }
        try file.rewind()
        try file.writeHere(WAVHeader.bytes(soundBytes: state.writtenBytes)[...])
        file.closeHere()
        state.pieces.append(
            Piece(
                file: file.name, byteCount: WAVHeader.byteCount + state.writtenBytes,
                seconds: Double(state.earlierBytes) / Double(PlainSound.bytesPerSecond)))
        state.open = nil
        state.earlierBytes += state.writtenBytes
        state.writtenBytes = 0
    }
}
