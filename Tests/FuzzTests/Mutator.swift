import TestSupport

/// Makes inputs out of well-formed ones: by changing, leaving out, doubling and crossing their parts, and by putting in words
/// that readers treat in a special way.
struct Mutator {
    let seeds: [[UInt8]]
    private let words: [[UInt8]]

    private static let longest = 64 << 10
    /// What has broken readers of all kinds.
    private static let commonWords: [String] = [
        "", "\0", "\n", "\r\n", "\r", "\t", " ", "\"", "'", "\\", "\\u", "\\ud800", "\\udc00", "\\x", "%", "%0", "%00",
        "%ff",
        "0x", "0x7fF", "-", "--", "+", ".", "e", "1e999", "-1e999", "1e-999", "9223372036854775807",
        "-9223372036854775808",
        "9223372036854775808", "18446744073709551616", "4294967296", "2147483648", "0.1", "00", "NaN", "Infinity",
        "null",
        "true", "false", "[", "]", "{", "}", "[[[[[[[[", "{\"a\":", ":", ",", ";", "=", "//", "/*", "*/", "<", ">", "&",
        "#",
        "é", "e\u{301}", "\u{FEFF}", "\u{202E}", "😀", "👨‍👩‍👧‍👦", "\u{0}", "\u{FFFF}", "ﬁ", "İ", "ß", "한", "\u{1100}\u{1161}",
        "٣", "１",
    ]
    private static let commonBytes: [[UInt8]] = [
        [0xFF], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xE2, 0x82], [0x80], [0xEF, 0xBB, 0xBF],
        [0xFF, 0xFE], [0xFE, 0xFF],
    ]

    init(seeds: [[UInt8]], dictionary: [[UInt8]]) {
        precondition(!seeds.isEmpty)
        self.seeds = seeds
        words = Self.commonWords.map { Array($0.utf8) } + Self.commonBytes + dictionary + dictionary
    }

    func input(_ random: inout SplitMix64) -> [UInt8] {
        var input = seed(&random)
        for _ in 0..<Int.random(in: 1...6, using: &random) { change(&input, &random) }
        return input.count > Self.longest ? Array(input.prefix(Self.longest)) : input
    }

    private func seed(_ random: inout SplitMix64) -> [UInt8] { seeds[Int.random(in: 0..<seeds.count, using: &random)] }

    private func change(_ input: inout [UInt8], _ random: inout SplitMix64) {
        let place = Int.random(in: 0...input.count, using: &random)
        let range = place..<min(input.count, place + Int.random(in: 1...16, using: &random))
        switch Int.random(in: 0..<9, using: &random) {
        case 0: if place < input.count { input[place] = UInt8.random(in: 0...255, using: &random) }
        case 1: if place < input.count { input[place] ^= 1 << UInt8.random(in: 0..<8, using: &random) }
        case 2: input.removeSubrange(range)
        case 3: input.insert(contentsOf: input[range], at: place)
        case 4: input.replaceSubrange(range, with: word(&random))
        case 5, 6: input.insert(contentsOf: word(&random), at: place)
        case 7:
            // The rest of another text from some place on.
            let other = seed(&random)
            input.replaceSubrange(place..., with: other[Int.random(in: 0...other.count, using: &random)...])
        default:
            let repeated = Array(repeating: word(&random), count: Int.random(in: 2...64, using: &random)).joined()
            input.insert(contentsOf: repeated, at: place)
        }
    }

    private func word(_ random: inout SplitMix64) -> [UInt8] { words[Int.random(in: 0..<words.count, using: &random)] }
}
