import Domain

/// A presentation of PowerPoint 97 to 2003 ([MS-PPT]): records within records, found through tables of what was saved last.
struct BinaryPresentation {
    private enum Record {
        static let document: UInt16 = 0x03E8
        static let slideAtom: UInt16 = 0x03EF
        static let slidePersist: UInt16 = 0x03F3
        static let slideShowInformation: UInt16 = 0x03F9
        static let drawing: UInt16 = 0x040C
        static let placeholder: UInt16 = 0x0BC3
        static let outlineReference: UInt16 = 0x0F9E
        static let textHeader: UInt16 = 0x0F9F
        static let textCharacters: UInt16 = 0x0FA0
        static let textBytes: UInt16 = 0x0FA8
        static let slideList: UInt16 = 0x0FF0
        static let userEdit: UInt16 = 0x0FF5
        static let persistDirectory: UInt16 = 0x1772
        static let shape: UInt16 = 0xF004
        static let textBox: UInt16 = 0xF00D
    }

    struct Slide {
        var title = ""
        var paragraphs: [TextBlock] = []
        var isHidden = false
        var notes: [String] = []
    }

    private struct Header {
        let type: UInt16
        let instance: Int
        let isContainer: Bool
        let content: Range<Int>
    }

    /// A text with the role that it has on its slide.
    private struct Text {
        var kind: UInt32
        var text: String
    }

    private let bytes: ByteReader
    private var persisted: [UInt32: Int] = [:]
    private var documentID: UInt32 = 0

    private static let damage = ParseError.corrupt("it is a damaged PowerPoint presentation")
    private static let encryptedToken: UInt32 = 0xF3D1_C4DF
    private static let deepest = 30
    private static let maximumRecords = 2_000_000
    private var records = 0

    /// - Throws: `.encrypted` where it needs a password.
    init(_ file: CompoundFile) throws(ParseError) {
        guard let stream = try file.stream("PowerPoint Document"), let user = try file.stream("Current User") else {
            throw Self.damage
        }
        bytes = ByteReader(stream)
        let current = ByteReader(user)
        if current.uint32(12) == Self.encryptedToken { throw .encrypted }
        readEdits(from: Int(current.uint32(16)))
        guard !persisted.isEmpty else { throw Self.damage }
    }

    /// Each save says where what it changed lies, and where the save before it is.
    private mutating func readEdits(from offset: Int) {
        var next = offset
        var seen: Set<Int> = []
        while next > 0, seen.insert(next).inserted, let edit = header(at: next), edit.type == Record.userEdit {
            let data = edit.content.lowerBound
            if documentID == 0 { documentID = bytes.uint32(data + 16) }
            if let directory = header(at: Int(bytes.uint32(data + 12))), directory.type == Record.persistDirectory {
                readDirectory(directory.content)
            }
            next = Int(bytes.uint32(data + 8))
        }
    }

    private mutating func readDirectory(_ range: Range<Int>) {
        var place = range.lowerBound
        while place + 4 <= range.upperBound {
            let entry = bytes.uint32(place)
            place += 4
            for index in 0..<(entry >> 20) where place + 4 <= range.upperBound {
                let id = (entry & 0xF_FFFF) + index
                if persisted[id] == nil { persisted[id] = Int(bytes.uint32(place)) }
                place += 4
            }
        }
    }

    private func header(at offset: Int) -> Header? {
        guard offset >= 0, offset + 8 <= bytes.count else { return nil }
        let first = bytes.uint16(offset)
        let end = min(offset + 8 + Int(bytes.uint32(offset + 4)), bytes.count)
        return Header(
            type: bytes.uint16(offset + 2), instance: Int(first >> 4), isContainer: first & 0xF == 0xF,
            content: offset + 8..<end)
    }

    private mutating func children(of range: Range<Int>) throws(ParseError) -> [Header] {
        var children: [Header] = []
        var offset = range.lowerBound
        while offset + 8 <= range.upperBound, let child = header(at: offset) {
            records += 1
            guard records <= Self.maximumRecords else { throw .tooLarge("it has more parts than any document has") }
            children.append(child)
            offset = child.content.upperBound
        }
        return children
    }

    // MARK: Slides

    mutating func slides() throws(ParseError) -> [Slide] {
        guard let offset = persisted[documentID], let document = header(at: offset), document.type == Record.document
        else {
            throw Self.damage
        }
        let lists = try children(of: document.content).filter { $0.type == Record.slideList }
        var notes: [UInt32: [String]] = [:]
        if let list = lists.first(where: { $0.instance == 2 }) { notes = try notesByID(list) }
        guard let list = lists.first(where: { $0.instance == 0 }) else { return [] }
        var slides: [Slide] = []
        for entry in try entries(of: list) {
            var slide = Slide()
            if let offset = persisted[entry.reference], let container = header(at: offset) {
                let texts = try texts(in: container.content, outline: entry.texts, depth: 0)
                for child in try children(of: container.content) {
                    switch child.type {
                    // The third bit of the flags hides the slide.
                    case Record.slideShowInformation:
                        slide.isHidden = bytes.uint16(child.content.lowerBound + 10) & 4 != 0
                    case Record.slideAtom: slide.notes = notes[bytes.uint32(child.content.lowerBound + 16)] ?? []
                    default: break
                    }
                }
                Self.add(texts, to: &slide)
            } else {
                Self.add(entry.texts, to: &slide)
            }
            slides.append(slide)
        }
        return slides
    }

    /// What a list says of each slide: where it lies, its id, and the texts of its placeholders.
    private mutating func entries(
        of list: Header
    ) throws(ParseError) -> [(reference: UInt32, id: UInt32, texts: [Text])] {
        var entries: [(reference: UInt32, id: UInt32, texts: [Text])] = []
        for record in try children(of: list.content) {
            let start = record.content.lowerBound
            if record.type == Record.slidePersist {
                entries.append((bytes.uint32(start), bytes.uint32(start + 12), []))
            } else if let last = entries.indices.last {
                read(record, into: &entries[last].texts)
            }
        }
        return entries
    }

    private mutating func notesByID(_ list: Header) throws(ParseError) -> [UInt32: [String]] {
        var notes: [UInt32: [String]] = [:]
        for entry in try entries(of: list) {
            guard let offset = persisted[entry.reference], let container = header(at: offset) else { continue }
            let texts = try texts(in: container.content, outline: entry.texts, depth: 0)
            notes[entry.id] = texts.filter { $0.kind == 2 }.flatMap { Self.paragraphs($0.text) }
        }
        return notes
    }

    /// The texts of all shapes within; those of placeholders may stand in the list of slides.
    private mutating func texts(in range: Range<Int>, outline: [Text], depth: Int) throws(ParseError) -> [Text] {
        guard depth < Self.deepest else { return [] }
        var texts: [Text] = []
        for child in try children(of: range) {
            if child.type == Record.outlineReference {
                let index = Int(bytes.uint32(child.content.lowerBound))
                if outline.indices.contains(index) { texts.append(outline[index]) }
            } else if child.isContainer || child.type == Record.textBox {
                texts += try self.texts(in: child.content, outline: outline, depth: depth + 1)
            } else {
                read(child, into: &texts)
            }
        }
        return texts
    }

    /// A header says the role of the text in the next record.
    private func read(_ record: Header, into texts: inout [Text]) {
        let start = record.content.lowerBound
        switch record.type {
        case Record.textHeader: texts.append(Text(kind: bytes.uint32(start), text: ""))
        case Record.textCharacters:
            if let last = texts.indices.last { texts[last].text += bytes.utf16(start, count: record.content.count / 2) }
        case Record.textBytes:
            let units = bytes.slice(start, record.content.count).map(UInt16.init)
            if let last = texts.indices.last { texts[last].text += String(decoding: units, as: UTF16.self) }
        default: break
        }
    }

    private static func paragraphs(_ text: String) -> [String] {
        text.split(separator: "\r").map { line in
            TextDecoder.cleaned(String(line.map { $0 == "\u{0B}" ? "\n" : $0 })).trimmed
        }
        // A lone asterisk is the place of a date or a number.
        .filter { !$0.isEmpty && $0 != "*" }
    }

    /// Kinds 0 and 6 are titles; 1, 5, 7 and 8 are bodies, whose paragraphs are lists.
    private static func add(_ texts: [Text], to slide: inout Slide) {
        for text in texts {
            let paragraphs = paragraphs(text.text)
            if text.kind == 0 || text.kind == 6 {
                let words = paragraphs.flatMap { $0.split(whereSeparator: \.isWhitespace) }.map(String.init)
                slide.title = ([slide.title] + words).filter { !$0.isEmpty }.joined(separator: " ")
            } else {
                let isList = [1, 7, 8].contains(text.kind) && paragraphs.count > 1
                slide.paragraphs += paragraphs.map { TextBlock(text: $0, listLevel: isList ? 0 : nil) }
            }
        }
    }
}
