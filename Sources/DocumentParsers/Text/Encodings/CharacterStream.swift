/// What a detector needs to know of each character of a candidate's text.
struct CharacterStream {
    struct Item {
        /// In lower case where that is one scalar.
        let folded: UInt32
        let kind: Kind
        let letterCase: LetterCase
        var isASCII: Bool { folded < 0x80 }
    }

    enum Kind: UInt8 {
        case space, digit, letter, mark, sign
        /// Lines and blocks of which old programs drew frames.
        case box
        /// What no text holds: controls, characters of private planes, code points without a character, damage.
        case impossible
    }

    enum LetterCase: UInt8 { case none, lower, upper }

    let items: [Item]

    init(_ text: String) { items = text.unicodeScalars.map(Self.item) }

    private static func item(_ scalar: Unicode.Scalar) -> Item {
        if scalar.value < 0x80 { return ascii[Int(scalar.value)] }
        let properties = scalar.properties
        let kind: Kind
        switch properties.generalCategory {
        case .control, .unassigned, .privateUse, .surrogate: kind = scalar == "\u{85}" ? .space : .impossible
        case .spaceSeparator, .lineSeparator, .paragraphSeparator: kind = .space
        case .nonspacingMark, .spacingMark, .enclosingMark: kind = .mark
        case .decimalNumber: kind = .digit
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter: kind = .letter
        default: kind = (0x2500..<0x25A0).contains(scalar.value) ? .box : scalar == "\u{FFFD}" ? .impossible : .sign
        }
        let isUpper = kind == .letter && properties.isUppercase
        var folded = scalar.value
        if isUpper {
            let lower = properties.lowercaseMapping.unicodeScalars
            if lower.count == 1, let first = lower.first { folded = first.value }
        }
        let letterCase: LetterCase = isUpper ? .upper : kind == .letter && properties.isLowercase ? .lower : .none
        return Item(folded: folded, kind: kind, letterCase: letterCase)
    }

    private static let ascii: [Item] = (UInt32(0)..<0x80).map { value in
        switch value {
        case 0x20, 0x09, 0x0A, 0x0C, 0x0D: Item(folded: 0x20, kind: .space, letterCase: .none)
        case 0x30...0x39: Item(folded: 0x30, kind: .digit, letterCase: .none)
        case 0x41...0x5A: Item(folded: value + 0x20, kind: .letter, letterCase: .upper)
        case 0x61...0x7A: Item(folded: value, kind: .letter, letterCase: .lower)
        // Escape opens the colours of terminals; DOS ended its files with 0x1A.
        case 0..<0x1A, 0x1C..<0x20, 0x7F: Item(folded: value, kind: .impossible, letterCase: .none)
        default: Item(folded: 0x2E, kind: .sign, letterCase: .none)
        }
    }
}
