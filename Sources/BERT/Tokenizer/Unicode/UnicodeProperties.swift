/// What tokenization must know of each code point, from `UnicodeTables`.
///
/// Swift's own tables are not used: they follow another version of Unicode and change with the toolchain, and the ids of a
/// text must not.
struct UnicodeProperties: Sendable {
    struct Flags: OptionSet {
        let rawValue: UInt16
        static let control = Flags(rawValue: 1 << 0)
        static let space = Flags(rawValue: 1 << 1)
        static let separator = Flags(rawValue: 1 << 2)
        static let punctuation = Flags(rawValue: 1 << 3)
        static let chinese = Flags(rawValue: 1 << 4)
        static let mark = Flags(rawValue: 1 << 5)
        static let decomposes = Flags(rawValue: 1 << 6)
        static let lowers = Flags(rawValue: 1 << 7)
        static let combines = Flags(rawValue: 1 << 8)
        static let word = Flags(rawValue: 1 << 9)
        static let letter = Flags(rawValue: 1 << 10)
        static let number = Flags(rawValue: 1 << 11)
        /// Above the flags is the number of the code point's `GraphemeClass`.
        static let graphemeClassShift: UInt16 = 12
    }

    static let shared = UnicodeProperties()

    /// Block number of each 256 code points, and the blocks; equal neighbours share one.
    private var blockIndex: [UInt16] = []
    private var blocks: [UInt16] = []
    private var combiningClasses: [UInt32: UInt8] = [:]
    private var decompositions: [UInt32: [UInt32]] = [:]
    private var lowercase: [UInt32: [UInt32]] = [:]

    private init() {
        var all = [UInt16](repeating: 0, count: 0x110000)
        Self.addSet(UnicodeTables.control, .control, to: &all)
        Self.addSet(UnicodeTables.space, .space, to: &all)
        Self.addSet(UnicodeTables.separator, .separator, to: &all)
        Self.addSet(UnicodeTables.punctuation, .punctuation, to: &all)
        Self.addSet(UnicodeTables.chinese, .chinese, to: &all)
        Self.addSet(UnicodeTables.mark, .mark, to: &all)
        Self.addSet(UnicodeTables.word, .word, to: &all)
        Self.addSet(UnicodeTables.letter, .letter, to: &all)
        Self.addSet(UnicodeTables.number, .number, to: &all)
        decompositions = Self.mapping(UnicodeTables.decomposition, .decomposes, flagging: &all)
        addCompositions(to: &all)
        lowercase = Self.mapping(UnicodeTables.lowercase, .lowers, flagging: &all)
        addCombiningClasses(to: &all)
        Self.addGraphemeClasses(to: &all)
        compress(all)
    }

    func flags(_ code: UInt32) -> Flags {
        Flags(rawValue: blocks[Int(blockIndex[Int(code >> 8)]) << 8 | Int(code & 0xff)])
    }

    func graphemeClass(_ code: UInt32) -> GraphemeClass {
        if 0xAC00..<0xD7A4 ~= code { return (code - 0xAC00).isMultiple(of: 28) ? .hangulLV : .hangulLVT }
        return GraphemeClass(rawValue: UInt8(flags(code).rawValue >> Flags.graphemeClassShift)) ?? .other
    }

    /// 0 for all that canonical ordering leaves in place.
    func combiningClass(_ code: UInt32) -> UInt8 { combiningClasses[code] ?? 0 }

    /// Calls `body` with what the code point's canonical decomposition consists of.
    func forEachDecomposed(_ code: UInt32, _ body: (UInt32) -> Void) {
        if code >= 0xAC00 && code < 0xD7A4 {  // Hangul syllables, section 3.12 of the Unicode Standard
            let index = code - 0xAC00
            body(0x1100 + index / 588)
            body(0x1161 + index % 588 / 28)
            if index % 28 != 0 { body(0x11A7 + index % 28) }
        } else if flags(code).contains(.decomposes), let parts = decompositions[code] {
            for part in parts { body(part) }
        } else {
            body(code)
        }
    }

    func forEachLowercase(_ code: UInt32, _ body: (UInt32) -> Void) {
        guard flags(code).contains(.lowers), let parts = lowercase[code] else { return body(code) }
        for part in parts { body(part) }
    }

    private mutating func compress(_ all: [UInt16]) {
        var last = 0
        for block in 0..<0x1100 {
            let content = all[block << 8..<(block + 1) << 8]
            if block == 0 || content != all[last << 8..<(last + 1) << 8] {
                blocks += content
                last = block
            }
            blockIndex.append(UInt16(blocks.count >> 8 - 1))
        }
    }

    /// What NFC composes of two decomposes into what the first of them does, and the second.
    private mutating func addCompositions(to all: inout [UInt16]) {
        let pairs = Self.mapping(UnicodeTables.composition, .decomposes, flagging: &all)
        for (code, pair) in pairs {
            var parts = [pair[1]], first = pair[0]
            while let inner = pairs[first] {
                parts.append(inner[1])
                first = inner[0]
            }
            decompositions[code] = [first] + parts.reversed()
        }
    }

    private mutating func addCombiningClasses(to all: inout [UInt16]) {
        var numbers = Base36Numbers(UnicodeTables.combiningClass)
        var end = 0
        while let gap = numbers.next(), let more = numbers.next(), let rank = numbers.next() {
            for code in end + gap...end + gap + more {
                combiningClasses[UInt32(code)] = UInt8(rank)
                all[code] |= Flags.combines.rawValue
            }
            end += gap + more + 1
        }
    }

    private static func addGraphemeClasses(to all: inout [UInt16]) {
        var numbers = Base36Numbers(UnicodeTables.graphemeClass)
        var end = 0
        while let gap = numbers.next(), let more = numbers.next(), let number = numbers.next() {
            for code in end + gap...end + gap + more { all[code] |= UInt16(number) << Flags.graphemeClassShift }
            end += gap + more + 1
        }
    }

    private static func addSet(_ table: StaticString, _ flag: Flags, to all: inout [UInt16]) {
        var numbers = Base36Numbers(table)
        var end = 0
        while let gap = numbers.next(), let more = numbers.next() {
            for code in end + gap...end + gap + more { all[code] |= flag.rawValue }
            end += gap + more + 1
        }
    }

    private static func mapping(
        _ table: StaticString, _ flag: Flags, flagging all: inout [UInt16]
    ) -> [UInt32: [UInt32]] {
        let mapping = Base36Numbers.mapping(table)
        for code in mapping.keys { all[Int(code)] |= flag.rawValue }
        return mapping
    }
}

/// The numbers in a table, which are separated by white space.
struct Base36Numbers: IteratorProtocol {
    private var rest: Slice<UnsafeBufferPointer<UInt8>>

    init(_ table: StaticString) {
        rest = UnsafeBufferPointer(start: table.utf8Start, count: table.utf8CodeUnitCount)[...]
    }

    mutating func next() -> Int? {
        var number: Int?
        while let byte = rest.popFirst() {
            if byte > 0x20 {
                number = (number ?? 0) * 36 + Int(byte >= 0x61 ? byte - 0x61 + 10 : byte - 0x30)
            } else if number != nil {
                break
            }
        }
        return number
    }

    /// The entries of a table that maps code points.
    static func mapping(_ table: StaticString) -> [UInt32: [UInt32]] {
        var numbers = Base36Numbers(table)
        var mapping: [UInt32: [UInt32]] = [:]
        var code = 0
        while let distance = numbers.next(), let count = numbers.next() {
            code += distance
            mapping[UInt32(code)] = (0..<count).compactMap { _ in numbers.next().map(UInt32.init) }
        }
        return mapping
    }
}
