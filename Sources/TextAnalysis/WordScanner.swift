/// Finds the words of a text, and what stands between them.
///
/// A simplification of Unicode's word boundaries (UAX #29) for search: whatever is written in one piece is one run, with the
/// signs that join names, numbers and file names, and scripts that set no spaces are runs of their own.
struct WordScanner: Sequence, IteratorProtocol {
    struct Run: Equatable {
        enum Kind { case word, spaceless }

        var kind: Kind
        /// As written.
        var scalars: [Unicode.Scalar]
    }

    private var rest: Substring.UnicodeScalarView.SubSequence

    /// Longer runs are no words; what is left of them is a run again.
    private static let longestRun = 256

    init(_ text: String) { rest = Substring(text).unicodeScalars[...] }

    mutating func next() -> Run? {
        while let first = rest.first {
            switch ScalarClass(first) {
            case .spaceless: return spacelessRun()
            case .letter, .digit: return word()
            case .mark, .joiner, .other: rest.removeFirst()
            }
        }
        return nil
    }

    private mutating func spacelessRun() -> Run {
        var scalars: [Unicode.Scalar] = []
        while scalars.count < Self.longestRun, let next = rest.first {
            let kind = ScalarClass(next)
            guard kind == .spaceless || (kind == .mark && !scalars.isEmpty) else { break }
            scalars.append(next)
            rest.removeFirst()
        }
        return Run(kind: .spaceless, scalars: scalars)
    }

    private mutating func word() -> Run {
        var scalars: [Unicode.Scalar] = []
        while scalars.count < Self.longestRun, let next = rest.first {
            switch ScalarClass(next) {
            case .letter, .digit, .mark: scalars.append(next)
            case .joiner:
                // Only between two letters or digits.
                guard let behind = rest.dropFirst().first, ScalarClass(behind).isOfWord else {
                    return Run(kind: .word, scalars: scalars)
                }
                scalars.append(next)
            case .spaceless, .other: return Run(kind: .word, scalars: scalars)
            }
            rest.removeFirst()
        }
        return Run(kind: .word, scalars: scalars)
    }
}

/// What a character is to words.
enum ScalarClass {
    case letter, digit, mark
    /// Joins the parts of a name, a number or a word.
    case joiner
    /// Of a script that sets no spaces between words, or glues particles to them.
    case spaceless
    case other

    var isOfWord: Bool { self == .letter || self == .digit }

    init(_ scalar: Unicode.Scalar) {
        let value = scalar.value
        if value < 0x80 {
            switch scalar {
            case "a"..."z", "A"..."Z": self = .letter
            case "0"..."9": self = .digit
            case "-", "_", ".", "'", ",": self = .joiner
            default: self = .other
            }
            return
        }
        if Self.isSpaceless(value) {
            self = .spaceless
            return
        }
        switch scalar.properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .letterNumber:
            self = .letter
        case .decimalNumber, .otherNumber: self = .digit
        case .nonspacingMark, .spacingMark, .enclosingMark: self = .mark
        default: self = value == 0x2019 || value == 0x2010 || value == 0x2011 ? .joiner : .other
        }
    }

    /// Han, kana, Hangul, Thai, Lao, Khmer, Burmese, Tibetan.
    private static func isSpaceless(_ value: UInt32) -> Bool {
        switch value {
        case 0x0E00...0x0E4E, 0x0E80...0x0EFF, 0x0F00...0x0FFF, 0x1000...0x109F, 0x1780...0x17D3, 0x1100...0x11FF,
            0x3005...0x3007, 0x3040...0x30FA, 0x30FC...0x30FF, 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xAC00...0xD7A3,
            0xF900...0xFAFF, 0x20000...0x3FFFF:
            true
        default: false
        }
    }
}
