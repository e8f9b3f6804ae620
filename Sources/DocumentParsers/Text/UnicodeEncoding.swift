/// A Unicode encoding form, found by its byte order mark or by the pattern of its bytes.
enum UnicodeEncoding: Equatable {
    /// Also what is not Unicode at all: only validating the whole text tells.
    case utf8
    case utf16(bigEndian: Bool)
    case utf32(bigEndian: Bool)

    static func detect(_ bytes: [UInt8]) -> UnicodeEncoding {
        byteOrderMark(bytes)?.encoding ?? byPattern(bytes)
    }

    /// The mark at the start, and its length in bytes. UTF-32 goes first: its little-endian mark begins like UTF-16's.
    static func byteOrderMark(_ bytes: [UInt8]) -> (encoding: UnicodeEncoding, length: Int)? {
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { return (.utf8, 3) }
        if bytes.starts(with: [0xFF, 0xFE, 0, 0]) { return (.utf32(bigEndian: false), 4) }
        if bytes.starts(with: [0, 0, 0xFE, 0xFF]) { return (.utf32(bigEndian: true), 4) }
        if bytes.starts(with: [0xFF, 0xFE]) { return (.utf16(bigEndian: false), 2) }
        if bytes.starts(with: [0xFE, 0xFF]) { return (.utf16(bigEndian: true), 2) }
        return nil
    }

    /// Without a mark the wide forms are recognised by bytes that no narrow text holds, and by what they make when they are
    /// read: whole code points that people write, in an order in which some language has them.
    private static func byPattern(_ bytes: [UInt8]) -> UnicodeEncoding {
        let sample = bytes.prefix(sampleBytes)
        let controls = strayControls(sample)
        guard sample.count >= 4, controls > 0 else { return .utf8 }
        for bigEndian in [false, true] where isPlausibleUTF32(sample, bigEndian: bigEndian) {
            return .utf32(bigEndian: bigEndian)
        }
        let orders = [false, true].compactMap { WideReading(sample, bigEndian: $0) }
        guard let best = orders.min(by: { $0.cost < $1.cost }) else { return .utf8 }
        if best.isLikely, best.cost < controls * UnexpectedCharacter.impossible {
            return .utf16(bigEndian: best.bigEndian)
        }
        // Rare characters in a row, but set off by lines and full stops, and in bytes that are nothing else.
        let isNarrow = String(validating: sample, as: UTF8.self) != nil
        let separated = orders.filter { $0.separators * 50 >= $0.characters }.max { $0.separators < $1.separators }
        if !isNarrow, let separated { return .utf16(bigEndian: separated.bigEndian) }
        return .utf8
    }

    private static let sampleBytes = 1024

    /// Bytes that a narrow text would not hold: control characters and, beside the upper half of a space, those of white space
    /// where they are every second byte, for they are the upper halves of the scripts of India.
    private static func strayControls(_ sample: ArraySlice<UInt8>) -> Int {
        var controls = 0
        var whiteSpace = [0, 0]
        for (index, byte) in sample.enumerated() {
            if isControl(byte) { controls += 1 } else if byte < 0x20 { whiteSpace[index % 2] += 1 }
        }
        guard sample.contains(0) else { return controls }
        return controls + whiteSpace.reduce(0) { $0 + ($1 * 3 >= sample.count ? $1 : 0) }
    }

    private static func isControl(_ byte: UInt8) -> Bool {
        byte < 0x20 && !(0x09...0x0D).contains(byte) && byte != 0x1B || byte == 0x7F
    }

    private static func isPlausibleUTF32(_ sample: ArraySlice<UInt8>, bigEndian: Bool) -> Bool {
        guard sample.count >= 8 else { return false }
        let text = utf32(sample, bigEndian: bigEndian)
        return !CharacterStream(text).items.contains { $0.kind == .impossible }
    }

    /// A sample read as UTF-16 in one of the two orders of bytes.
    private struct WideReading {
        let bigEndian: Bool
        let characters: Int
        /// How many of them end words, lines and sentences in any script.
        let separators: Int
        /// How improbable they are, in quarters of a nat.
        let cost: Int

        /// What the characters of a text cost on average at most.
        private static let mostPerCharacter = 34

        var isLikely: Bool { cost <= Self.mostPerCharacter * characters }

        /// - Returns: nil where nobody writes what comes out.
        init?(_ sample: ArraySlice<UInt8>, bigEndian: Bool) {
            let stream = CharacterStream(UnicodeEncoding.utf16(sample, bigEndian: bigEndian))
            let impossible = stream.items.reduce(0) { $0 + ($1.kind == .impossible ? 1 : 0) }
            guard impossible * 50 <= stream.items.count else { return nil }
            self.bigEndian = bigEndian
            characters = stream.items.count
            // Bytes the other way round make U+2000 of a space and U+0A00 of a line feed.
            separators = stream.items.reduce(0) {
                let isSeparator =
                    $1.kind == .space && $1.isASCII || [0x3000, 0x3001, 0x3002, 0xFF0C].contains($1.folded)
                return $0 + (isSeparator ? 1 : 0)
            }
            cost = min(
                LanguageModels.cost(of: stream, in: LanguageModels.Group.allCases),
                LanguageModels.scriptCost(of: stream))
        }
    }

    static func utf16(_ bytes: ArraySlice<UInt8>, bigEndian: Bool) -> String {
        let base = bytes.startIndex
        let units = (0..<bytes.count / 2).lazy.map { index in
            let first = UInt16(bytes[base + 2 * index])
            let second = UInt16(bytes[base + 2 * index + 1])
            return bigEndian ? first << 8 | second : second << 8 | first
        }
        return String(decoding: Array(units), as: UTF16.self)
    }

    static func utf32(_ bytes: ArraySlice<UInt8>, bigEndian: Bool) -> String {
        let base = bytes.startIndex
        let units = (0..<bytes.count / 4).lazy.map { index in
            let four = bytes[base + 4 * index..<base + 4 * index + 4]
            return (bigEndian ? Array(four) : four.reversed()).reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        }
        return String(decoding: Array(units), as: UTF32.self)
    }
}
