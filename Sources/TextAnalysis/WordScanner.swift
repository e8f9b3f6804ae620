/// Finds the words of a text.
///
/// A simplification of Unicode's word boundaries (UAX #29) for search: whatever is written in one piece is one run, with the
/// signs that join names, numbers and file names; and of scripts that set no spaces, what stands together.
struct WordScanner {
    struct Run: Equatable {
        enum Kind { case word, spaceless }

        var kind: Kind
        /// In UTF-8.
        var range: Range<Int>
    }

    private let bytes: UnsafeBufferPointer<UInt8>
    private var position = 0

    /// Bytes of a run at most: longer ones are no words, and what is left of them is a run again.
    private static let longestRun = 512

    /// `bytes` is valid UTF-8 and outlives this value.
    init(_ bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

    mutating func next() -> Run? {
        while position < bytes.count {
            if let end = endOfOption() {
                defer { position = end }
                return Run(kind: .word, range: position..<end)
            }
            let (kind, width) = classify(position)
            switch kind {
            case .spaceless: return run(.spaceless) { $0 == .spaceless || $0 == .mark }
            case .letter, .digit: return run(.word) { $0.isOfWord || $0 == .mark }
            case .mark, .joiner, .other: position += width
            }
        }
        return nil
    }

    private mutating func run(_ kind: Run.Kind, _ isInside: (ScalarClass) -> Bool) -> Run {
        let start = position
        while position < bytes.count, position - start < Self.longestRun {
            let (next, width) = classify(position)
            if isInside(next) {
                position += width
            } else if next == .joiner, kind == .word, position + width - start < Self.longestRun,
                position + width < bytes.count, classify(position + width).kind.isOfWord
            {
                // Only between two letters or digits, the second of which still belongs to the run.
                position += width
            } else {
                break
            }
        }
        if kind == .word { position = endOfSigns() }
        return Run(kind: kind, range: start..<position)
    }

    /// The hyphen, and what typesetters put in its place.
    static let hyphens: Set<Unicode.Scalar> = ["-", "\u{2010}", "\u{2011}", "\u{2012}", "\u{2013}", "\u{2212}"]

    /// Behind a hyphen and a letter as programs have their options, `-f`; `nil` where no such thing stands here.
    private func endOfOption() -> Int? {
        guard bytes[position] == UInt8(ascii: "-") || bytes[position] == 0xE2, let width = hyphenWidth(position) else {
            return nil
        }
        let letter = position + width
        guard letter < bytes.count, ScalarClass.ofASCII(bytes[letter]) == .letter else { return nil }
        if position > 0 {
            var before = position - 1
            while before > 0, bytes[before] & 0xC0 == 0x80 { before -= 1 }
            let kind = classify(before).kind
            guard !kind.isOfWord, kind != .mark, hyphenWidth(before) == nil else { return nil }
        }
        let end = letter + 1
        guard end < bytes.count else { return end }
        let next = classify(end).kind
        return next.isOfWord || next == .mark || hyphenWidth(end) != nil ? nil : end
    }

    private func hyphenWidth(_ place: Int) -> Int? {
        let (scalar, width) = scalar(place)
        return scalar.map(Self.hyphens.contains) == true ? width : nil
    }

    /// Behind the signs that end a name: `C++`, `C#`, `Ca2+`.
    private func endOfSigns() -> Int {
        guard position < bytes.count else { return position }
        let sign = bytes[position]
        let most = sign == UInt8(ascii: "+") ? 2 : sign == UInt8(ascii: "#") ? 1 : 0
        var end = position
        while end < bytes.count, end - position < most, bytes[end] == sign { end += 1 }
        // `a+b` and `issue#7` are not named so, `C++17` is.
        guard end > position, end == bytes.count || end - position == 2 || !isSignOrWord(end) else { return position }
        return end
    }

    private func isSignOrWord(_ place: Int) -> Bool {
        classify(place).kind.isOfWord || bytes[place] == UInt8(ascii: "+") || bytes[place] == UInt8(ascii: "#")
    }

    private func classify(_ place: Int) -> (kind: ScalarClass, width: Int) {
        let first = bytes[place]
        if let kind = ScalarClass.ofASCII(first) { return (kind, 1) }
        let (scalar, width) = scalar(place)
        return (scalar.map { ScalarClass($0) } ?? .other, width)
    }

    private func scalar(_ place: Int) -> (scalar: Unicode.Scalar?, width: Int) {
        let first = bytes[place]
        guard first >= 0x80 else { return (Unicode.Scalar(first), 1) }
        let width = first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4
        var value = UInt32(first) & (0x7F >> UInt32(width))
        for offset in 1..<width { value = value << 6 | UInt32(bytes[place + offset] & 0x3F) }
        return (Unicode.Scalar(value), width)
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

    /// `nil` for a byte of a longer character.
    static func ofASCII(_ byte: UInt8) -> ScalarClass? { byte < 0x80 ? ascii[Int(byte)] : nil }

    private static let ascii: [ScalarClass] = (0..<128).map { byte in
        switch Unicode.Scalar(UInt8(byte)) {
        case "a"..."z", "A"..."Z": .letter
        case "0"..."9": .digit
        case "-", "_", ".", "'", ",": .joiner
        default: .other
        }
    }

    init(_ scalar: Unicode.Scalar) {
        let value = scalar.value
        if value < 0x80 {
            self = Self.ascii[Int(value)]
        } else if Self.isSpaceless(value) {
            self = .spaceless
        } else {
            switch scalar.properties.generalCategory {
            case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .letterNumber:
                self = .letter
            case .decimalNumber, .otherNumber: self = .digit
            case .nonspacingMark, .spacingMark, .enclosingMark: self = .mark
            default: self = value == 0x2019 || value == 0x2010 || value == 0x2011 ? .joiner : .other
            }
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

extension String {
    /// Calls `body` with each run of letters and digits, as it is written.
    func forEachRun(_ body: (_ kind: WordScanner.Run.Kind, _ written: Substring) -> Void) {
        var text = self
        text.makeContiguousUTF8()
        let runs = text.withUTF8 { bytes in
            var scanner = WordScanner(bytes)
            var runs: [WordScanner.Run] = []
            while let run = scanner.next() { runs.append(run) }
            return runs
        }
        for run in runs {
            let start = text.utf8.index(text.startIndex, offsetBy: run.range.lowerBound)
            body(run.kind, text[start..<text.utf8.index(start, offsetBy: run.range.count)])
        }
    }
}
