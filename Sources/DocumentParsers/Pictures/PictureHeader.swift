import Domain

/// The sizes of a picture's pages, from its header alone: before a decoder makes room for them.
struct PictureHeader {
    struct Size: Equatable {
        var width: Int
        var height: Int
    }

    let input: ParserInput
    let kind: PictureKind

    /// One for each page; only TIFF has several.
    /// - Throws: `.corrupt` where the header is damaged.
    func sizes() throws(ParseError) -> [Size] {
        let sizes =
            switch kind {
            case .png: [try png()]
            case .jpeg: [try JPEGHeader(input).size]
            case .webp: [try webp()]
            case .gif: [try gif()]
            case .bmp: [try bmp()]
            case .tiff: try TIFFDirectories(input).sizes()
            }
        guard !sizes.isEmpty, sizes.allSatisfy({ $0.width > 0 && $0.height > 0 }) else { throw Self.damaged }
        return sizes
    }

    static let damaged = ParseError.corrupt("it is damaged or not a picture")

    /// The header chunk comes first (PNG specification, 11.2.2).
    private func png() throws(ParseError) -> Size {
        let bytes = try part(8, 16)
        guard bytes[4...].starts(with: "IHDR".utf8) else { throw Self.damaged }
        return Size(width: bytes.number(8, 4, bigEndian: true), height: bytes.number(12, 4, bigEndian: true))
    }

    /// The three forms of WebP's container specification: extended, lossy (RFC 6386, 9.1), lossless.
    private func webp() throws(ParseError) -> Size {
        let bytes = try part(12, 18)
        if bytes.starts(with: "VP8X".utf8) {
            return Size(width: bytes.number(12, 3) + 1, height: bytes.number(15, 3) + 1)
        }
        if bytes.starts(with: "VP8 ".utf8) {
            return Size(width: bytes.number(14, 2) & 0x3FFF, height: bytes.number(16, 2) & 0x3FFF)
        }
        guard bytes.starts(with: "VP8L".utf8) else { throw Self.damaged }
        let bits = bytes.number(9, 4)
        return Size(width: (bits & 0x3FFF) + 1, height: (bits >> 14 & 0x3FFF) + 1)
    }

    private func gif() throws(ParseError) -> Size {
        let bytes = try part(6, 4)
        return Size(width: bytes.number(0, 2), height: bytes.number(2, 2))
    }

    /// Sizes have two bytes in the header of OS/2 and four, with a sign, in all others; a negative height counts from the top.
    private func bmp() throws(ParseError) -> Size {
        let bytes = try part(14, 12)
        if bytes.number(0, 4) == 12 { return Size(width: bytes.number(4, 2), height: bytes.number(6, 2)) }
        let signed = { Int(Int32(truncatingIfNeeded: bytes.number($0, 4))) }
        return Size(width: signed(4), height: abs(signed(8)))
    }

    private func part(_ offset: Int, _ count: Int) throws(ParseError) -> [UInt8] {
        let bytes = try input.bytes(at: offset, count: count)
        guard bytes.count == count else { throw Self.damaged }
        return bytes
    }
}

extension [UInt8] {
    /// Up to eight bytes from `start` as a number; those of eight may be negative.
    func number(_ start: Int, _ count: Int, bigEndian: Bool = false) -> Int {
        let bytes = self[start..<start + count]
        return (bigEndian ? bytes : ArraySlice(bytes.reversed())).reduce(0) { $0 << 8 | Int($1) }
    }
}
