import Domain

/// Walks over the directories of a TIFF file, one for each page (TIFF 6.0, section 2).
struct TIFFDirectories {
    private static let width = 256
    private static let height = 257
    /// More entries than the standard has tags.
    private static let maximumEntries = 1024
    private static let maximumPages = 10_000

    private let input: ParserInput
    private let isBigEndian: Bool

    init(_ input: ParserInput) throws(ParseError) {
        self.input = input
        isBigEndian = try input.prefix(1).first == UInt8(ascii: "M")
    }

    /// - Throws: `.corrupt` where one is damaged or they form a loop.
    func sizes() throws(ParseError) -> [PictureHeader.Size] {
        var sizes: [PictureHeader.Size] = []
        var seen: Set<Int> = []
        var offset = try number(4, 4)
        while offset != 0 {
            guard seen.insert(offset).inserted, sizes.count < Self.maximumPages else { throw PictureHeader.damaged }
            let count = try number(offset, 2)
            guard count <= Self.maximumEntries else { throw PictureHeader.damaged }
            let entries = try part(offset + 2, 12 * count)
            sizes.append(size(in: entries))
            offset = try number(offset + 2 + 12 * count, 4)
        }
        return sizes
    }

    /// Entries of twelve bytes: tag, type (3 is of two bytes, 4 of four), count, value.
    private func size(in entries: [UInt8]) -> PictureHeader.Size {
        var size = PictureHeader.Size(width: 0, height: 0)
        for start in stride(from: 0, to: entries.count, by: 12) {
            let type = entries.number(start + 2, 2, bigEndian: isBigEndian)
            let value = entries.number(start + 8, type == 3 ? 2 : 4, bigEndian: isBigEndian)
            switch entries.number(start, 2, bigEndian: isBigEndian) {
            case Self.width: size.width = value
            case Self.height: size.height = value
            default: break
            }
        }
        return size
    }

    private func number(_ offset: Int, _ count: Int) throws(ParseError) -> Int {
        try part(offset, count).number(0, count, bigEndian: isBigEndian)
    }

    private func part(_ offset: Int, _ count: Int) throws(ParseError) -> [UInt8] {
        let bytes = try input.bytes(at: offset, count: count)
        guard bytes.count == count else { throw PictureHeader.damaged }
        return bytes
    }
}
