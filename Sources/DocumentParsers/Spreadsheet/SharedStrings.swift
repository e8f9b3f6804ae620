import Domain

/// The text of a cell from its runs (ECMA-376 part 1, 18.4.8): what is pronounced (`rPh`) is no part of it.
struct CellString {
    private(set) var text = ""
    private var isInText = false
    private var isRaised = false
    private var pronunciations = 0
    /// Where the open run's text begins.
    private var runStart = 0

    mutating func start(_ element: XMLCursor.Element) {
        switch element.name {
        case "t": isInText = true
        case "r":
            isRaised = false
            runStart = text.utf8.count
        case "vertAlign": isRaised = element.attributes["val"] == "superscript"
        case "rPh": pronunciations += 1
        default: break
        }
    }

    mutating func end(_ name: String) {
        switch name {
        case "t": isInText = false
        case "r": if isRaised { raise() }
        case "rPh": pronunciations -= 1
        default: break
        }
    }

    mutating func add(_ piece: String) {
        if isInText, pronunciations == 0 { text += piece }
    }

    private mutating func raise() {
        let start = text.utf8.index(text.startIndex, offsetBy: runStart)
        guard let last = text[..<start].last, !last.isWhitespace, Exponent.isNumber(String(text[start...])) else {
            return
        }
        text.insert(contentsOf: Exponent.mark, at: start)
    }

    /// As a reader sees it: `_x000D_` stands for the character of this code (ECMA-376 part 1, 22.9.2.19).
    static func cleaned(_ text: String) -> String {
        let decoded = text.utf8.contains(UInt8(ascii: "_")) ? decodingEscapes(text) : text
        let isPlain = decoded.utf8.allSatisfy { (0x20..<0x7F).contains($0) }
        return (isPlain ? decoded : TextDecoder.cleaned(decoded)).trimmed
    }

    private static func decodingEscapes(_ text: String) -> String {
        var decoded = String.UnicodeScalarView()
        var rest = text.unicodeScalars[...]
        while let scalar = rest.popFirst() {
            let escape = rest.prefix(6)
            if scalar == "_", escape.count == 6, escape.first == "x", escape.last == "_",
                let code = UInt32(String(escape.dropFirst().prefix(4)), radix: 16),
                let meant = Unicode.Scalar(code)
            {
                decoded.append(meant)
                rest = rest.dropFirst(6)
            } else {
                decoded.append(scalar)
            }
        }
        return String(decoded)
    }
}

/// The texts that the cells of a workbook refer to by number.
enum SharedStrings {
    static func read(_ content: [UInt8]) throws(ParseError) -> [String] {
        let cursor = try XMLCursor(content, maximumEvents: WorkbookLimits.maximumEvents)
        var strings: [String] = []
        var string: CellString?
        while let event = try cursor.next() {
            switch event {
            case .start(let element):
                if element.name == "si" { string = CellString() } else { string?.start(element) }
            case .text(let piece): string?.add(piece)
            case .end(let name, _):
                if name == "si", let ended = string {
                    strings.append(CellString.cleaned(ended.text))
                    string = nil
                } else {
                    string?.end(name)
                }
            }
        }
        return strings
    }
}
