import Domain

/// A document of Word 97 to 2003 ([MS-DOC]): one text that is stored in pieces, in which single characters end paragraphs, cells
/// and fields.
struct BinaryWordDocument {
    private let document: ByteReader
    private let pieces: [Piece]
    private let paragraphs: FormattedPages
    private let characters: FormattedPages
    /// Characters of the main text, of the footnotes, of what lies between, and of the endnotes.
    private let counts: (text: Int, footnotes: Int, between: Int, endnotes: Int)

    private struct Piece {
        let characters: Range<Int>
        let offset: Int
        let isWide: Bool
    }

    /// The flags of a document's header.
    private enum Flag {
        static let encrypted: UInt16 = 0x0100
        static let secondTable: UInt16 = 0x0200
    }

    private static let damage = ParseError.corrupt("it is a damaged Word document")
    /// Word 97; what was before is laid out otherwise.
    private static let firstVersion: UInt16 = 105

    /// - Throws: `.encrypted` where it needs a password.
    init(_ file: CompoundFile) throws(ParseError) {
        guard let stream = try file.stream("WordDocument") else { throw Self.damage }
        document = ByteReader(stream)
        let flags = document.uint16(0x0A)
        guard flags & Flag.encrypted == 0 else { throw .encrypted }
        guard document.uint16(2) >= Self.firstVersion else {
            throw .corrupt("it is a document of Word 95 or older, which is not supported; save it as DOCX")
        }
        let name = flags & Flag.secondTable != 0 ? "1Table" : "0Table"
        guard let tables = try file.stream(name).map({ ByteReader($0) }) else { throw Self.damage }
        let header = document
        let table = { (place: Int) in
            ByteReader(tables.slice(Int(header.uint32(place)), Int(header.uint32(place + 4))))
        }
        pieces = Self.pieces(table(0x01A2))
        guard !pieces.isEmpty else { throw Self.damage }
        characters = FormattedPages(index: table(0xFA), document: document, isOfParagraphs: false)
        paragraphs = FormattedPages(index: table(0x0102), document: document, isOfParagraphs: true)
        let count = { (place: Int) in Int(min(header.uint32(place), 0x7FFF_FFFF)) }
        counts = (count(0x4C), count(0x50), count(0x54) + count(0x58) + count(0x5C), count(0x60))
    }

    /// The list of pieces comes behind any number of lists of properties ([MS-DOC] 2.9.38).
    private static func pieces(_ table: ByteReader) -> [Piece] {
        var offset = 0
        while table.uint8(offset) == 1 { offset += 3 + Int(table.uint16(offset + 1)) }
        guard table.uint8(offset) == 2 else { return [] }
        let count = max(0, (min(Int(table.uint32(offset + 1)), table.count) - 4) / 12)
        let start = offset + 5
        return (0..<count).compactMap { number in
            let (first, end) = (table.uint32(start + 4 * number), table.uint32(start + 4 * number + 4))
            guard first < end, end < 0x7FFF_FFFF else { return nil }
            let place = table.uint32(start + 4 * (count + 1) + 8 * number + 2)
            // A flag says that the characters have one byte each, and that the place counts halves.
            let isWide = place & 0x4000_0000 == 0
            let byte = Int(place & 0x3FFF_FFFF)
            return Piece(characters: Int(first)..<Int(end), offset: isWide ? byte : byte / 2, isWide: isWide)
        }
    }

    /// The text, then the notes, as blocks.
    func blocks() -> [TextBlock] {
        var reader = BinaryWordReader()
        read(0..<counts.text, into: &reader)
        reader.endPart()
        let notes = counts.text..<counts.text + counts.footnotes
        let endnotes = notes.upperBound + counts.between..<notes.upperBound + counts.between + counts.endnotes
        for range in [notes, endnotes] where !range.isEmpty {
            read(range, into: &reader)
            reader.endPart()
        }
        return reader.blocks
    }

    private func read(_ range: Range<Int>, into reader: inout BinaryWordReader) {
        for piece in pieces {
            let part = piece.characters.clamped(to: range)
            guard !part.isEmpty else { continue }
            let width = piece.isWide ? 2 : 1
            let start = piece.offset + width * (part.lowerBound - piece.characters.lowerBound)
            // What lies behind the end of the stream is not there, however long the piece says it is.
            let end = min(start + width * part.count, document.count)
            var offset = start
            var look: FormattedPages.Stretch?
            while offset + width <= end {
                if look?.range.contains(offset) != true { look = characters.stretch(at: offset) }
                let unit = piece.isWide ? document.uint16(offset) : Self.western(document.uint8(offset))
                let paragraph = BinaryWordReader.ends(unit) ? paragraphs.stretch(at: offset) : nil
                reader.read(unit, look: look, paragraph: paragraph)
                offset += width
            }
        }
    }

    /// Windows-1252, the code of narrow pieces.
    private static func western(_ byte: UInt8) -> UInt16 {
        guard 0x80...0x9F ~= byte else { return UInt16(byte) }
        let table: [UInt16] = [
            0x20AC, 0x81, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0x8D,
            0x017D, 0x8F, 0x90, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A,
            0x0153, 0x9D, 0x017E, 0x0178,
        ]
        return table[Int(byte) - 0x80]
    }
}

/// Makes blocks of the characters of a binary Word document.
struct BinaryWordReader {
    private(set) var blocks: [TextBlock] = []
    private var text: [UInt16] = []
    /// What the open row of a table holds: cells, and paragraphs of the open cell.
    private var row: [String] = []
    private var cell: [String] = []
    private var rows: [[String]] = []
    /// For each open field, whether its code is over and its result has begun.
    private var fields: [Bool] = []

    /// Properties ([MS-DOC] 2.6).
    private enum Property {
        static let deleted: UInt16 = 0x0800
        static let hidden: UInt16 = 0x083C
        static let symbol: UInt16 = 0x6A09
        static let inTable: UInt16 = 0x2416
        static let rowEnd: UInt16 = 0x2417
        static let outlineLevel: UInt16 = 0x2640
        static let list: UInt16 = 0x460B
        static let listLevel: UInt16 = 0x260A
    }

    private static let longestFieldChain = 100

    /// Whether the character ends a paragraph, a cell or a section.
    static func ends(_ unit: UInt16) -> Bool { unit == 0x0D || unit == 0x07 || unit == 0x0C }

    mutating func read(_ unit: UInt16, look: FormattedPages.Stretch?, paragraph: FormattedPages.Stretch?) {
        // Deleted and hidden text is passed over, deleted ends of paragraphs too.
        if let look, look.value(Property.deleted) == 1 || look.value(Property.hidden) == 1, unit != 0x07 { return }
        switch unit {
        case 0x13: if fields.count < Self.longestFieldChain { fields.append(false) }
        case 0x14: if !fields.isEmpty { fields[fields.count - 1] = true }
        case 0x15: _ = fields.popLast()
        case 0x07, 0x0C, 0x0D: if !fields.contains(false) { end(unit, paragraph) }
        default: if !fields.contains(false) { add(unit, look) }
        }
    }

    private mutating func add(_ unit: UInt16, _ look: FormattedPages.Stretch?) {
        switch unit {
        case 0x09: text.append(unit)
        case 0x0B: text.append(0x0A)
        case 0x1E: text.append(0x2D)
        case 0x28 where look?.properties[Property.symbol] != nil:
            // The number of a font and a character of it; which font is told elsewhere, and nearly always it is Symbol.
            let symbol = ByteReader(look?.properties[Property.symbol] ?? [])
            text += Array(String(SymbolFont.character(UInt32(symbol.uint16(2)), in: "Symbol")).utf16)
        // Places of pictures, notes and the like, and soft hyphens.
        case 0..<0x20: break
        default: text.append(unit)
        }
    }

    private mutating func end(_ unit: UInt16, _ paragraph: FormattedPages.Stretch?) {
        let line = TextDecoder.cleaned(String(decoding: text, as: UTF16.self)).trimmed
        text.removeAll(keepingCapacity: true)
        if unit == 0x07 {
            if paragraph?.value(Property.rowEnd) == 1 { return endRow() }
            cell.append(line)
            row.append(
                cell.joined(separator: " ").split(whereSeparator: \.isWhitespace).joined(separator: " "))
            cell = []
        } else if paragraph?.value(Property.inTable) == 1 {
            cell.append(line)
        } else {
            endTable()
            guard !line.isEmpty else { return }
            blocks.append(block(line, paragraph))
        }
    }

    private func block(_ line: String, _ paragraph: FormattedPages.Stretch?) -> TextBlock {
        var block = TextBlock(text: line)
        guard let paragraph else { return block }
        // The first nine styles are those of headings, whatever the language.
        if 1...9 ~= paragraph.style { block.headingLevel = paragraph.style }
        if let level = paragraph.value(Property.outlineLevel) { block.headingLevel = level < 9 ? Int(level) + 1 : nil }
        let list = paragraph.properties[Property.list].map { ByteReader($0).uint16(0) } ?? 0
        if block.headingLevel == nil, list != 0 {
            block.listLevel = min(Int(paragraph.value(Property.listLevel) ?? 0), 8)
        }
        return block
    }

    private mutating func endRow() {
        if row.contains(where: { !$0.isEmpty }) { rows.append(row) }
        row = []
        cell = []
    }

    private mutating func endTable() {
        endRow()
        guard !rows.isEmpty else { return }
        blocks.append(TextBlock(text: rows.map { $0.joined(separator: " | ") }.joined(separator: "\n")))
        rows = []
    }

    /// Ends what is still open behind the last character.
    mutating func endPart() {
        fields = []
        end(0x0D, nil)
        endTable()
    }
}
