/// What cl100k_base's pattern tells apart.
enum CharacterClass: UInt8 {
    case other, letter, number, space
    /// CR and LF, which are white space, too.
    case lineEnd

    init(_ scalar: Unicode.Scalar) {
        switch scalar.properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter: self = .letter
        case .decimalNumber, .letterNumber, .otherNumber: self = .number
        default:
            let isLineEnd = scalar == "\r" || scalar == "\n"
            self = isLineEnd ? .lineEnd : scalar.properties.isWhitespace ? .space : .other
        }
    }

    /// Of all code points below U+30000; what is above is asked for one by one.
    struct Table: Sendable {
        static let shared = Table()

        private static let limit: UInt32 = 0x3_0000
        private let classes: [CharacterClass]

        private init() {
            classes = (0..<Self.limit).map { Unicode.Scalar($0).map(CharacterClass.init) ?? .other }
        }

        @inline(__always)
        func ofASCII(_ byte: UInt8) -> CharacterClass { classes[Int(byte)] }

        @inline(__always)
        func of(_ code: UInt32) -> CharacterClass {
            if code < Self.limit { return classes[Int(code)] }
            return Unicode.Scalar(code).map(CharacterClass.init) ?? .other
        }
    }
}
