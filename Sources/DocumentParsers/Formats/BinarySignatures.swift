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
        Array("wOFF".utf8), Array("wOF2".utf8), [0x00, 0x01, 0x00, 0x00],
    ]

    static func match(_ sample: ArraySlice<UInt8>) -> Bool {
        openings.contains { sample.starts(with: $0) } || isPictureContainer(sample) || isTar(sample)
    }

    /// HEIC and its like: a box of type `ftyp` comes first (ISO/IEC 14496-12). Recordings in such boxes are known by then.
    private static func isPictureContainer(_ sample: ArraySlice<UInt8>) -> Bool {
        sample.dropFirst(4).starts(with: "ftyp".utf8) && (sample.first ?? 1) == 0
    }

    private static func isTar(_ sample: ArraySlice<UInt8>) -> Bool {
        sample.dropFirst(257).starts(with: "ustar".utf8)
    }
}
