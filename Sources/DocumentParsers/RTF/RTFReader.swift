import Domain

/// Collects the blocks of an RTF file from its tokens.
struct RTFReader {
    private(set) var body: [TextBlock] = []
    /// Footnotes and endnotes in the order of their marks.
    private(set) var notes: [String] = []
    private(set) var properties: [RTFState.Property: String] = [:]
    /// Milliseconds since 1970.
    var created: Int64? { DocumentDate.milliseconds(date) }
    /// Whether groups were open at the end of the file.
    private(set) var isCutOff = false

    var state = RTFState()
    private var outerStates: [RTFState] = []
    var flows = [RTFFlow(kind: .body, depth: 0)]
    var styles = RTFStyles()
    private var fonts = RTFFonts()
    private var decoder = RTFDecoder()
    /// Bytes of the text in the encoding of its font.
    private var encoded: [UInt8] = []
    private var highSurrogate: UInt16?
    /// Characters that are left of those which stand for one in Unicode.
    private var toSkip = 0
    /// Whether the group says that whoever does not know its first word shall pass over it.
    private var isOptional = false
    /// Text of destinations other than the body.
    private var aside: [UInt8] = []
    private var dateFields: [String: Int] = [:]

    /// Deeper than any program nests groups.
    private static let maximumDepth = 5000
    private static let maximumBlocks = 2_000_000

    mutating func read(_ bytes: UnsafeBufferPointer<UInt8>) throws(ParseError) {
        var tokenizer = RTFTokenizer(bytes)
        while let token = tokenizer.next() {
            switch token {
            case .groupStart: try beginGroup()
            // White space or a byte order mark before the document.
            case _ where outerStates.isEmpty: continue
            case .groupEnd:
                endGroup()
                // What follows the outermost group is no part of the document.
                if outerStates.isEmpty { return finish() }
            case .word(let name, let parameter): try word(name, parameter)
            case .symbol(let byte): symbol(byte)
            case .hexadecimal(let byte): append(encoded: CollectionOfOne(byte))
            case .text(let bytes): append(encoded: bytes)
            }
        }
        isCutOff = !outerStates.isEmpty
        finish()
    }

    private mutating func finish() {
        while !outerStates.isEmpty { endGroup() }
        while flows.count > 1 { endFlow() }
        flows[0].finish(state.paragraph, styles: styles)
        body = flows[0].blocks
    }

    // MARK: Groups

    private mutating func beginGroup() throws(ParseError) {
        flush()
        toSkip = 0
        guard outerStates.count < Self.maximumDepth else {
            throw .tooLarge("its groups are nested beyond all measure")
        }
        outerStates.append(state)
        isOptional = false
    }

    private mutating func endGroup() {
        flush()
        toSkip = 0
        guard let outer = outerStates.popLast() else { return }
        switch state.destination {
        case .fontTable: fonts.endDefinition(named: takeAside())
        case .styleSheet: if outer.destination == .styleSheet { styles.end(named: takeAside()) }
        case .property(let property) where outer.destination != state.destination:
            let value = takeAside().trimmed
            if !value.isEmpty { properties[property] = value }
        default: break
        }
        if let flow = flows.last, flow.kind != .body, flow.depth == outerStates.count + 1 { endFlow() }
        state = outer
        isOptional = false
    }

    mutating func beginFlow(_ kind: RTFFlow.Kind) {
        flush()
        state.destination = .text
        state.paragraph = RTFState.Paragraph()
        flows.append(RTFFlow(kind: kind, depth: outerStates.count))
    }

    private mutating func endFlow() {
        var flow = flows.removeLast()
        flow.finish(state.paragraph, styles: styles)
        switch flow.kind {
        case .note(let index): notes[index] = flow.blocks.map(\.text).joined(separator: " ")
        case .textBox, .body: flows[flows.count - 1].boxes += flow.blocks
        }
    }

    // MARK: Words

    private mutating func word(_ name: String, _ parameter: Int?) throws(ParseError) {
        if name == "u" {
            unicode(parameter ?? 0)
            return
        }
        // The specification counts every word as a character; but some writers leave the characters out.
        if toSkip > 0, RTFWords.characters[name] != nil {
            toSkip -= 1
            return
        }
        toSkip = 0
        flush()
        let mustBeKnown = isOptional
        isOptional = false
        if let destination = RTFWords.destinations[name] {
            begin(destination)
        } else if mustBeKnown, !RTFWords.knownOptional.contains(name) {
            state.destination = .skipped
        } else if state.destination != .skipped {
            try control(name, parameter)
        }
    }

    private mutating func begin(_ destination: RTFWords.Destination) {
        switch destination {
        case .skipped: state.destination = .skipped
        case .both:
            state.unicodeDestination = state.destination
            state.destination = .skipped
        case .unicode: state.destination = state.unicodeDestination
        // Within what is passed over nothing counts.
        case _ where state.destination == .skipped: break
        case .note:
            notes.append("")
            append("[^\(notes.count)]")
            beginFlow(.note(notes.count - 1))
        case .textBox: beginFlow(.textBox)
        case .listText:
            flows[flows.count - 1].listText = []
            state.destination = .listText
        case .other(let destination):
            aside = []
            state.destination = destination
        }
    }

    private mutating func control(_ name: String, _ parameter: Int?) throws(ParseError) {
        switch state.destination {
        case .fontTable:
            if name == "f" { fonts.endDefinition(named: takeAside()) }
            fonts.define(name, parameter)
        case .creationTime: dateFields[name] = parameter
        case .styleSheet:
            switch name {
            case "s": styles.begin(parameter ?? 0)
            case "outlinelevel": styles.set(outlineLevel: parameter ?? 9)
            case "sbasedon": styles.set(basedOn: parameter ?? 0)
            default: break
            }
        case .nestedTable: if name == "nestrow" { flows[flows.count - 1].endNestedRow() }
        case .text, .property, .listText, .skipped:
            if let text = RTFWords.characters[name] {
                append(text)
            } else if !fonts.set(name, parameter) {
                textWord(name, parameter)
                guard flows[flows.count - 1].blocks.count <= Self.maximumBlocks else {
                    throw .tooLarge("it has more parts than any document has")
                }
            }
        }
    }

    private mutating func symbol(_ byte: UInt8) {
        if toSkip > 0 {
            toSkip -= 1
            return
        }
        switch byte {
        case UInt8(ascii: "*"): isOptional = true
        case UInt8(ascii: "~"): append("\u{A0}")
        case UInt8(ascii: "_"): append("-")
        case UInt8(ascii: "\\"), UInt8(ascii: "{"), UInt8(ascii: "}"): append(encoded: CollectionOfOne(byte))
        case 0x09: append("\t")
        // A line end after a backslash is the end of a paragraph.
        case 0x0A, 0x0D:
            flush()
            if state.destination == .text { endParagraph() }
        default: break
        }
    }

    mutating func endParagraph() { flows[flows.count - 1].endParagraph(state.paragraph, styles: styles) }

    // MARK: Text

    private var isKept: Bool {
        switch state.destination {
        case .text: !state.isHidden && !state.isDeleted
        case .fontTable, .styleSheet, .property, .listText: true
        default: false
        }
    }

    private mutating func append(encoded bytes: some Collection<UInt8>) {
        let rest = bytes.dropFirst(toSkip)
        toSkip = max(0, toSkip - bytes.count)
        guard isKept else { return }
        if highSurrogate != nil, !rest.isEmpty { highSurrogate = nil }
        let page = fonts.codePage(of: state.font)
        for byte in rest {
            // ASCII goes straight on, unless it is the second byte of a character.
            if byte < 0x80, encoded.isEmpty, page != RTFDecoder.symbols {
                put(CollectionOfOne(byte))
            } else if byte < 0x80, !endsInLead(page) {
                decodePending()
                put(CollectionOfOne(byte))
            } else {
                encoded.append(byte)
            }
        }
    }

    private func endsInLead(_ page: RTFDecoder.CodePage) -> Bool {
        if page == RTFDecoder.symbols { return true }
        var isInCharacter = false
        for byte in encoded { isInCharacter = !isInCharacter && RTFDecoder.isLead(byte, in: page) }
        return isInCharacter
    }

    /// A UTF-16 unit, which is written as a signed number.
    private mutating func unicode(_ value: Int) {
        decodePending()
        toSkip = state.unicodeSkip
        guard isKept else { return }
        let unit = UInt16(truncatingIfNeeded: value)
        if UTF16.isLeadSurrogate(unit) {
            highSurrogate = unit
            return
        }
        defer { highSurrogate = nil }
        if UTF16.isTrailSurrogate(unit) {
            guard let high = highSurrogate else { return }
            put(Array(String(decoding: [high, unit], as: UTF16.self).utf8))
        } else if 0xF000...0xF0FF ~= unit {
            // The private characters that stand for the bytes of fonts of pictures.
            put(RTFDecoder.symbols([UInt8(truncatingIfNeeded: unit)], in: fonts.symbolFont(of: state.font)))
        } else if let scalar = Unicode.Scalar(unit) {
            put(Array(String(Character(scalar)).utf8))
        }
    }

    mutating func append(_ text: String) {
        decodePending()
        if isKept { put(text.utf8) }
    }

    private mutating func put(_ bytes: some Collection<UInt8>) {
        switch state.destination {
        case .text: flows[flows.count - 1].append(bytes, isRaised: state.isRaised)
        case .listText: flows[flows.count - 1].listText?.append(contentsOf: bytes)
        default: aside += bytes
        }
    }

    private mutating func decodePending() {
        guard !encoded.isEmpty else { return }
        let page = fonts.codePage(of: state.font)
        put(
            page == RTFDecoder.symbols
                ? RTFDecoder.symbols(encoded, in: fonts.symbolFont(of: state.font))
                : decoder.decode(encoded, page: page))
        encoded = []
    }

    /// Before anything changes that decides where text goes or how it is decoded. Halves of a character, which Word may put
    /// into tokens of their own, stay together, since no word comes between them.
    private mutating func flush() { decodePending() }

    private mutating func takeAside() -> String {
        defer { aside = [] }
        return TextDecoder.cleaned(String(decoding: aside, as: UTF8.self))
    }

    private var date: String {
        func padded(_ field: String, _ length: Int, least: Int) -> String {
            let digits = String(max(least, dateFields[field] ?? least))
            return String(repeating: "0", count: max(0, length - digits.utf8.count)) + digits
        }
        guard dateFields["yr"] != nil else { return "" }
        return "\(padded("yr", 4, least: 1))-\(padded("mo", 2, least: 1))-\(padded("dy", 2, least: 1))"
            + "T\(padded("hr", 2, least: 0)):\(padded("min", 2, least: 0)):\(padded("sec", 2, least: 0))"
    }
}

/// The encodings that the fonts and the document declare.
private struct RTFFonts {
    private var document = RTFDecoder.western
    private var pages: [Int: RTFDecoder.CodePage] = [:]
    private var usual = 0
    private var defined: Int?
    private var symbolFonts: [Int: SymbolFont] = [:]

    /// The name of a font ends with a semicolon.
    mutating func endDefinition(named name: String) {
        guard let defined, let font = SymbolFont.named(String(name.prefix { $0 != ";" }).trimmed) else { return }
        symbolFonts[defined] = font
    }

    func symbolFont(of font: Int?) -> SymbolFont? { symbolFonts[font ?? usual] }

    /// A word within the table of fonts.
    mutating func define(_ name: String, _ parameter: Int?) {
        switch name {
        case "f": defined = parameter
        case "fcharset": if let defined { pages[defined] = RTFDecoder.codePage(characterSet: parameter ?? 1) }
        case "cpg": if let defined, let parameter { pages[defined] = parameter }
        default: break
        }
    }

    /// A word that declares something about the document as a whole; false for others.
    mutating func set(_ name: String, _ parameter: Int?) -> Bool {
        switch name {
        case "ansicpg": if let parameter, parameter > 0 { document = parameter }
        case "ansi": document = RTFDecoder.western
        case "mac": document = 10000
        case "pc": document = 437
        case "pca": document = 850
        case "deff": usual = parameter ?? 0
        default: return false
        }
        return true
    }

    func codePage(of font: Int?) -> RTFDecoder.CodePage { pages[font ?? usual] ?? document }
}
