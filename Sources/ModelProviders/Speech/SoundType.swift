/// What a file of sound is, by its first bytes.
enum SoundType {
    /// A media type; `nil` where the bytes are none of the known formats.
    ///
    /// - Parameter mayBeSamples: then marks of two bytes are none, for samples may begin with any.
    static func mediaType(of bytes: some Collection<UInt8>, mayBeSamples: Bool = false) -> String? {
        let head = Array(bytes.prefix(12))
        if head.starts(with: "RIFF".utf8), head.dropFirst(8).elementsEqual("WAVE".utf8) { return "audio/wav" }
        if head.starts(with: "OggS".utf8) { return "audio/ogg" }
        if head.starts(with: "fLaC".utf8) { return "audio/flac" }
        if head.dropFirst(4).starts(with: "ftyp".utf8) { return "audio/mp4" }
        if head.starts(with: [0x1A, 0x45, 0xDF, 0xA3]) { return "audio/webm" }
        if head.starts(with: "ID3".utf8) { return "audio/mpeg" }
        guard !mayBeSamples, head.count > 1, head[0] == 0xFF else { return nil }
        // Eleven bits of synchronization; ADTS has the layer 0, which MPEG audio does not.
        if head[1] & 0xF6 == 0xF0 { return "audio/aac" }
        return head[1] & 0xE0 == 0xE0 && head[1] & 0x06 != 0 ? "audio/mpeg" : nil
    }

    /// Samples of 16 bits, one channel, as a WAV file.
    static func wav(_ samples: [UInt8], sampleRate: UInt32) -> [UInt8] {
        func number(_ value: some FixedWidthInteger) -> [UInt8] { withUnsafeBytes(of: value.littleEndian, Array.init) }
        let length = UInt32(clamping: samples.count)
        var file = Array("RIFF".utf8)
        file += number(length &+ 36) + Array("WAVEfmt ".utf8) + number(UInt32(16))
        // PCM, one channel, samples and bytes in a second, bytes and bits of a sample.
        file += number(UInt16(1)) + number(UInt16(1)) + number(sampleRate) + number(sampleRate * 2)
        file += number(UInt16(2)) + number(UInt16(16)) + Array("data".utf8) + number(length)
        return file + samples
    }
}
