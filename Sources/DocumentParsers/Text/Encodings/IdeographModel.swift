/// How probable a text is in a language of East Asia: by the kinds of characters that follow one another, and by how common
/// each character is within its kind. Costs are quarters of a nat.
struct IdeographModel: Sendable {
    let language: String
    private let classCosts: [Int]
    private let characterCosts: [UInt32: Int]

    private static let classes = 10
    /// Of characters that the table does not hold, by class.
    private static let rare = [0, 0, 0, 36, 36, 58, 56, 36, 28, 48]

    init(language: String, classCosts: String, characters: [(cost: Int, characters: String)]) {
        self.language = language
        self.classCosts = classCosts.utf8.map { Int($0) - 0x30 }
        var table: [UInt32: Int] = [:]
        for (cost, characters) in characters {
            for scalar in characters.unicodeScalars { table[scalar.value] = 2 * cost }
        }
        characterCosts = table
    }

    func cost(of stream: CharacterStream, atMost limit: Int) -> Int {
        var total = 0
        var previous = CharacterStream.Item(folded: 0x20, kind: .space, letterCase: .none)
        var previousClass = 0
        for item in stream.items {
            let itemClass = Self.characterClass(item)
            if item.kind == .impossible || item.kind == .box {
                total += UnexpectedCharacter.cost(of: item, after: previous, isLatin: false)
            } else if !item.isASCII || !previous.isASCII {
                total += classCosts[previousClass * Self.classes + itemClass]
                if item.isASCII {
                    total += itemClass == 1 ? 10 : itemClass == 2 ? 6 : 0
                } else {
                    total += characterCosts[item.folded] ?? Self.rare[itemClass]
                }
            }
            if total > limit { return total }
            previous = item
            previousClass = itemClass
        }
        return total
    }

    /// As `script/fixtures/make-character-frequencies` counts them.
    private static func characterClass(_ item: CharacterStream.Item) -> Int {
        switch item.folded {
        case 0x20: 0
        case 0..<0x80: item.kind == .letter || item.kind == .digit ? 1 : 2
        case 0x3005, 0x3006: 5
        case 0x3040..<0x30A0: 3
        case 0x30A0..<0x3100: 4
        case 0x3400..<0xA000, 0xF900..<0xFB00, 0x20000...0x3FFFF: 5
        case 0xAC00..<0xD7A4, 0x3130..<0x3190: 6
        case 0x3000..<0x3040, 0xFF00..<0xFF61, 0x2010..<0x2030: 7
        case 0xFF61..<0xFFA0: 8
        default: 9
        }
    }
}
