/// The opening bytes of common formats that are not text and that too few control characters would give away.
enum BinarySignatures {
    /// From each format's specification, as the `file` command's database also lists them.
    private static let openings: [[UInt8]] = [
        Array("8BPS".utf8),  // Photoshop
        [0x1F, 0x8B], [0x1F, 0x9D],  // gzip, compress
        [0x42, 0x5A, 0x68, 0x31, 0x41, 0x59], [0x42, 0x5A, 0x68, 0x39, 0x31, 0x41],  // bzip2
        [0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00],  // xz
        [0x28, 0xB5, 0x2F, 0xFD], [0x04, 0x22, 0x4D, 0x18],  // Zstandard, LZ4
        [0x37, 0x7A, 0xBC, 0xAF, 0x27, 0x1C],  // 7-Zip
        Array("Rar!".utf8) + [0x1A, 0x07],
        [0x7F, 0x45, 0x4C, 0x46],  // ELF
        [0xCA, 0xFE, 0xBA, 0xBE], [0x00, 0x61, 0x73, 0x6D],  // Java class, WebAssembly
        Array("SQLite format 3".utf8) + [0],
        Array("OggS".utf8) + [0], Array("fLaC".utf8), Array("wOFF".utf8), Array("wOF2".utf8), [0x00, 0x01, 0x00, 0x00],
        [0x1A, 0x45, 0xDF, 0xA3],  // Matroska, WebM
    ]

    static func match(_ sample: ArraySlice<UInt8>) -> Bool {
        openings.contains { sample.starts(with: $0) } || isRIFF(sample) || isMediaContainer(sample)
            || isMP3(sample) || isTar(sample)
    }

    /// WAV, AVI: the length stands between the two marks.
    private static func isRIFF(_ sample: ArraySlice<UInt8>) -> Bool {
        guard sample.count >= 12, sample.starts(with: "RIFF".utf8) else { return false }
        let form = Array(sample.dropFirst(8).prefix(4))
        return ["WAVE", "AVI "].contains { Array($0.utf8) == form }
    }

    /// MP4, QuickTime, HEIC: a box of type `ftyp` comes first (ISO/IEC 14496-12).
    private static func isMediaContainer(_ sample: ArraySlice<UInt8>) -> Bool {
        sample.dropFirst(4).starts(with: "ftyp".utf8) && (sample.first ?? 1) == 0
    }

    /// An ID3 tag, or the synchronisation bits of MPEG audio; the latter must not look like a UTF-16 byte order mark.
    private static func isMP3(_ sample: ArraySlice<UInt8>) -> Bool {
        let bytes = Array(sample.prefix(4))
        guard bytes.count == 4 else { return false }
        let hasTag = bytes.starts(with: "ID3".utf8) && bytes[3] < 0x10
        return hasTag || (bytes[0] == 0xFF && [0xFB, 0xF3, 0xF2, 0xFA].contains(bytes[1]))
    }

    private static func isTar(_ sample: ArraySlice<UInt8>) -> Bool {
        sample.dropFirst(257).starts(with: "ustar".utf8)
    }
}
