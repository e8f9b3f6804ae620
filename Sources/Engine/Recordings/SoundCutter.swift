import Domain

/// Finds where sound can be cut without tearing a word: where it is quietest.
enum SoundCutter {
    /// 20 ms.
    private static let frameBytes = PlainSound.bytesPerSecond / 50
    /// Frames that are quiet together: the shortest pause between two words.
    private static let pauseFrames = 15

    /// In the middle of the quietest stretch.
    ///
    /// - Parameter sound: as `PlainSound` has it.
    /// - Returns: how many bytes come before the cut, a whole number of samples.
    static func cut(_ sound: ArraySlice<UInt8>) -> Int {
        let loudness = stride(from: sound.startIndex, through: sound.endIndex - frameBytes, by: frameBytes).map {
            start in
            Self.loudness(of: sound[start..<start + frameBytes])
        }
        guard loudness.count > pauseFrames else { return sound.count / PlainSound.sampleBytes * PlainSound.sampleBytes }
        var sum = loudness[..<pauseFrames].reduce(0, +)
        var (quietest, place) = (sum, 0)
        for end in pauseFrames..<loudness.count {
            sum += loudness[end] - loudness[end - pauseFrames]
            if sum < quietest { (quietest, place) = (sum, end - pauseFrames + 1) }
        }
        return (place + pauseFrames / 2) * frameBytes
    }

    private static func loudness(of frame: ArraySlice<UInt8>) -> Int {
        stride(from: frame.startIndex, to: frame.endIndex - 1, by: PlainSound.sampleBytes).reduce(0) { sum, index in
            sum + abs(Int(Int16(truncatingIfNeeded: Int(frame[index]) | Int(frame[index + 1]) << 8)))
        }
    }
}

/// The header of a WAV file with plain sound (Multimedia Programming Interface and Data Specifications 1.0, 3).
enum WAVHeader {
    static let byteCount = 44

    static func bytes(soundBytes: Int) -> [UInt8] {
        let number = { (value: Int, count: Int) in (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) } }
        return Array("RIFF".utf8) + number(36 + soundBytes, 4) + Array("WAVEfmt ".utf8) + number(16, 4)
            + number(1, 2) + number(1, 2) + number(PlainSound.sampleRate, 4) + number(PlainSound.bytesPerSecond, 4)
            + number(PlainSound.sampleBytes, 2) + number(8 * PlainSound.sampleBytes, 2)
            + Array("data".utf8) + number(soundBytes, 4)
    }
}
