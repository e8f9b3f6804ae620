import Domain

/// Walks over the directories of a TIFF file, one for each page (TIFF 6.0, section 2; the BigTIFF design, which has eight bytes
/// where TIFF has four).
struct TIFFDirectories {
    private static let width = 256
    private static let height = 257
    /// More entries than the standard has tags.
    private static let maximumEntries = 1024
    private static let maximumPages = 10_000

    private let input: ParserInput
    private let isBigEndian: Bool
    private let isBigTIFF: Bool

    init(_ input: ParserInput) throws(ParseError) {
        self.input = input
        let mark = try input.prefix(4)
        isBigEndian = mark.first == UInt8(ascii: "M")
        isBigTIFF = mark.contains(0x2B)
    }

    /// Bytes of an offset, of the number of a directory's entries, and of an entry.
    private var lengths: (offset: Int, count: Int, entry: Int) { isBigTIFF ? (8, 8, 20) : (4, 2, 12) }

    /// - Throws: `.corrupt` where one is damaged or they form a loop.
    func sizes() throws(ParseError) -> [PictureHeader.Size] {
        var sizes: [PictureHeader.Size] = []
        var seen: Set<Int> = []
        var offset = try number(isBigTIFF ? 8 : 4, lengths.offset)
        while offset != 0 {
            guard seen.insert(offset).inserted, sizes.count < Self.maximumPages else { throw PictureHeader.damaged }
            guard offset < input.count else { throw PictureHeader.damaged }
            let count = try number(offset, lengths.count)
            guard count <= Self.maximumEntries else { throw PictureHeader.damaged }
            let entries = try part(offset + lengths.count, lengths.entry * count)
            sizes.append(size(in: entries))
            offset = try number(offset + lengths.count + lengths.entry * count, lengths.offset)
        }
        return sizes
    }

    /// Entries of tag, type (3 is of two bytes, 4 of four), count, value, which is at the entry's end.
    private func size(in entries: [UInt8]) -> PictureHeader.Size {
        var size = PictureHeader.Size(width: 0, height: 0)
        for start in stride(from: 0, to: entries.count, by: lengths.entry) {
            let type = entries.number(start + 2, 2, bigEndian: isBigEndian)
            let value = entries.number(start + (isBigTIFF ? 12 : 8), type == 3 ? 2 : 4, bigEndian: isBigEndian)
            switch entries.number(start, 2, bigEndian: isBigEndian) {
            case Self.width: size.width = value
            case Self.height: size.height = value
            default: break
            }
        }
        return size
    }

    private func number(_ offset: Int, _ count: Int) throws(ParseError) -> Int {
        let bytes = try part(offset, count)
        let value = bytes.number(0, count, bigEndian: isBigEndian)
        // Of eight bytes the first may be that of a negative number.
        guard value >= 0 else { throw PictureHeader.damaged }
        return value
    }

    private func part(_ offset: Int, _ count: Int) throws(ParseError) -> [UInt8] {
        let bytes = try input.bytes(at: offset, count: count)
        guard bytes.count == count else { throw PictureHeader.damaged }
        return bytes
    }
}
