/// The properties of stretches of a binary Word document: pages of 512 bytes with a list of stretches each, and what holds for
/// each stretch ([MS-DOC] 2.9.33 and 2.9.175).
struct FormattedPages {
    struct Stretch {
        /// Bytes of the stream.
        let range: Range<Int>
        /// The style of paragraphs; 0 for characters.
        let style: Int
        let properties: [UInt16: ArraySlice<UInt8>]

        /// A property that is on or off, or a small number.
        func value(_ property: UInt16) -> UInt8? { properties[property]?.first }
    }

    /// In the order of their stretches.
    private let stretches: [Stretch]

    static let none = FormattedPages(stretches: [])
    private static let pageSize = 512

    /// - Parameters:
    ///   - index: the list of pages in the table stream.
    ///   - isOfParagraphs: whether it tells of paragraphs or of characters.
    init(index: ByteReader, document: ByteReader, isOfParagraphs: Bool) {
        var stretches: [Stretch] = []
        let pages = max(0, (index.count - 4) / 8)
        var seen: Set<UInt32> = []
        for number in 0..<pages {
            let page = index.uint32(4 * (pages + 1) + 4 * number) & 0x3F_FFFF
            guard seen.insert(page).inserted else { continue }
            let bytes = ByteReader(document.slice(Int(page) * Self.pageSize, Self.pageSize))
            guard bytes.count == Self.pageSize else { continue }
            let runs = Int(bytes.uint8(Self.pageSize - 1))
            for run in 0..<runs {
                let (start, end) = (Int(bytes.uint32(4 * run)), Int(bytes.uint32(4 * run + 4)))
                guard start < end else { continue }
                let place = 4 * (runs + 1) + (isOfParagraphs ? 13 : 1) * run
                let offset = 2 * Int(bytes.uint8(place))
                stretches.append(Self.stretch(start..<end, bytes, offset, isOfParagraphs: isOfParagraphs))
            }
        }
        self.stretches = stretches.sorted { $0.range.lowerBound < $1.range.lowerBound }
    }

    private init(stretches: [Stretch]) { self.stretches = stretches }

    private static func stretch(
        _ range: Range<Int>, _ page: ByteReader, _ offset: Int, isOfParagraphs: Bool
    ) -> Stretch {
        guard offset > 0 else { return Stretch(range: range, style: 0, properties: [:]) }
        guard isOfParagraphs else {
            let list = page.slice(offset + 1, Int(page.uint8(offset)))
            return Stretch(range: range, style: 0, properties: properties(ByteReader(list)))
        }
        // The length is in words, less a byte that is not there; 0 says that it stands in the next byte.
        let first = Int(page.uint8(offset))
        let (start, length) = first == 0 ? (offset + 2, 2 * Int(page.uint8(offset + 1))) : (offset + 1, 2 * first - 1)
        let list = page.slice(start + 2, length - 2)
        return Stretch(range: range, style: Int(page.uint16(start)), properties: properties(ByteReader(list)))
    }

    /// Single property modifiers: a code, whose upper bits tell how long the operand is ([MS-DOC] 2.6.1).
    private static func properties(_ list: ByteReader) -> [UInt16: ArraySlice<UInt8>] {
        var properties: [UInt16: ArraySlice<UInt8>] = [:]
        var offset = 0
        while offset + 2 <= list.count {
            let code = list.uint16(offset)
            offset += 2
            let length: Int
            switch code >> 13 {
            case 0, 1: length = 1
            case 2, 4, 5: length = 2
            case 3: length = 4
            case 7: length = 3
            // Definitions of tables have a length of two bytes, which counts one byte less.
            default: length = code == 0xD608 ? Int(list.uint16(offset)) + 1 : Int(list.uint8(offset)) + 1
            }
            properties[code] = list.slice(offset, length)
            offset += length
        }
        return properties
    }

    /// The stretch around a byte of the stream.
    func stretch(at offset: Int) -> Stretch? {
        var (low, high) = (0, stretches.count)
        while low < high {
            let middle = (low + high) / 2
            if stretches[middle].range.upperBound <= offset { low = middle + 1 } else { high = middle }
        }
        return low < stretches.count && stretches[low].range.contains(offset) ? stretches[low] : nil
    }
}
