/// How probable a text is in a language that is written with an alphabet, by its pairs of neighbouring characters.
///
/// Costs are quarters of a nat: the less, the more probable. Pairs of ASCII characters, which all encodings share, are left
/// out; in languages that are written in Latin letters they are counted on their own.
struct AlphabetModel: Sendable {
    let language: String
    let isLatin: Bool
    private let size: Int
    private let costs: [UInt8]
    /// The place of each character in a row of costs.
    private let places: [UInt32: Int]
    private let asciiPlaces: [Int]
    private let signPlace: Int

    init(language: String, characters: String, costs: String) {
        self.language = language
        let scalars = Array(characters.unicodeScalars)
        size = scalars.count
        self.costs = costs.utf8.map { $0 - 0x30 }
        places = Dictionary(scalars.enumerated().map { ($1.value, $0) }) { first, _ in first }
        isLatin = places[0x62] != nil
        signPlace = places[0x2E] ?? 0
        var ascii = [Int](repeating: signPlace, count: 128)
        for value in UInt32(0)..<0x80 {
            // Where a language has letters of its own, those of ASCII are all one to it.
            let key = !isLatin && (0x61...0x7A).contains(value) ? 0x61 : value
            if let place = places[key] { ascii[Int(value)] = place }
        }
        asciiPlaces = ascii
    }

    /// - Returns: the cost of all characters that differ between encodings, and that of the ASCII letters, 0 where the
    ///   language is not written in them.
    func cost(of stream: CharacterStream, atMost limit: Int) -> (total: Int, ascii: Int) {
        var total = 0, ascii = 0
        var previous = CharacterStream.Item(folded: 0x20, kind: .space, letterCase: .none)
        var previousPlace: Int? = asciiPlaces[0x20]
        var capitals = 0
        var foreignWords = 0
        // Letters of another alphabet that stand side by side, at most.
        var (run, longestRun) = (0, 0)
        for (index, item) in stream.items.enumerated() {
            let place = item.isASCII ? asciiPlaces[Int(item.folded)] : places[item.folded]
            if item.isASCII && previous.isASCII && item.kind != .impossible {
                if isLatin, item.kind == .letter || previous.kind == .letter {
                    ascii += Int(costs[(previousPlace ?? signPlace) * size + (place ?? signPlace)])
                }
            } else {
                let next = index + 1 < stream.items.count ? stream.items[index + 1].kind : .space
                total += pairCost(item, place, after: previous, previousPlace, before: next)
                total += Self.caseCost(item, after: previous, capitals: capitals)
                if item.kind == .space && !item.isASCII { total += Self.fixedSpaceCost(after: previous) }
                if total > limit { return (total, ascii) }
            }
            if !isLatin, item.isASCII, item.kind == .letter, previous.kind != .letter { foreignWords += 1 }
            run = !item.isASCII && item.kind == .letter ? run + 1 : item.kind == .mark ? run : 0
            longestRun = max(longestRun, run)
            capitals = item.letterCase == .upper ? capitals + 1 : 0
            previous = item
            previousPlace = place
        }
        if !isLatin, longestRun == 1 { total += Self.loneLetters }
        return (total + min(foreignWords * 4, Self.mostByForeignWords), ascii)
    }

    /// What a text costs whose letters of another alphabet stand alone, one here and one there among Latin letters and digits:
    /// they are no words.
    private static let loneLetters = 48

    /// What words of ASCII beside the words of another alphabet cost at most.
    private static let mostByForeignWords = 28

    /// No-break spaces stand beside numbers and signs, hardly ever between two words.
    private static func fixedSpaceCost(after previous: CharacterStream.Item) -> Int {
        switch previous.kind {
        case .letter, .mark: 14
        case .space: 16
        default: 4
        }
    }

    private func pairCost(
        _ item: CharacterStream.Item, _ place: Int?, after previous: CharacterStream.Item, _ previousPlace: Int?,
        before next: CharacterStream.Kind
    ) -> Int {
        guard let place, item.kind != .impossible else {
            return UnexpectedCharacter.cost(of: item, after: previous, before: next, isLatin: isLatin)
        }
        guard let previousPlace else {
            // Behind what the language does not know: as behind a sign.
            if previous.kind == .box, item.kind == .letter { return UnexpectedCharacter.besideBox }
            return item.isASCII ? (item.kind == .letter ? 12 : 4) : Int(costs[signPlace * size + place])
        }
        var cost = Int(costs[previousPlace * size + place])
        // Signs are rare in the texts that were counted.
        if !item.isASCII, UnexpectedCharacter.isInPlace(item, after: previous, before: next) {
            cost = min(cost, UnexpectedCharacter.inPlace)
        }
        // A foreign letter is one of twenty-six.
        return !isLatin && item.isASCII && item.kind == .letter ? cost + 12 : cost
    }

    /// Capitals stand at the beginning of words or beside other capitals.
    static func caseCost(_ item: CharacterStream.Item, after previous: CharacterStream.Item, capitals: Int) -> Int {
        switch (previous.letterCase, item.letterCase) {
        case (.lower, .upper): 22
        case (.upper, .upper): 6
        case (.upper, .lower): capitals > 1 ? 14 : 0
        case (.none, .upper): 5
        case (.none, .lower), (_, .none), (.lower, .lower): 0
        }
    }
}

/// What a character costs that a language's texts hardly ever hold, in quarters of a nat.
enum UnexpectedCharacter {
    static let besideBox = 60
    static let impossible = 80

    static func cost(
        of item: CharacterStream.Item, after previous: CharacterStream.Item, before next: CharacterStream.Kind = .space,
        isLatin: Bool
    ) -> Int {
        if let place = place(of: item.folded, after: previous.kind, before: next) {
            if place.isUsual { return inPlace }
            if place.isWithinWord { return outOfPlace }
        }
        return switch item.kind {
        case .impossible: impossible
        case .box:
            // Frames repeat one piece; what looks like pieces at random is text in another encoding.
            switch previous.kind {
            case .box: previous.folded == item.folded ? 3 : 24
            case .letter: besideBox
            default: 34
            }
        case .letter:
            if (0xC0..<0x250).contains(item.folded) || (0x1E00..<0x1F00).contains(item.folded) {
                isLatin ? 42 : 52
            } else {
                56
            }
        case .space: 16
        case .mark: 60
        case .digit: 40
        case .sign: (isTypographic(item.folded) ? 32 : 44) + (previous.kind == .letter ? 10 : 0)
        }
    }

    /// What a sign costs where it stands as people write it (`5 €`, `m²`, `3 × 4`), and in front of or within a word.
    static let inPlace = 8
    private static let outOfPlace = 72

    static func isInPlace(
        _ item: CharacterStream.Item, after previous: CharacterStream.Item, before next: CharacterStream.Kind
    ) -> Bool { place(of: item.folded, after: previous.kind, before: next)?.isUsual == true }

    /// How a sign that stands in certain places alone stands here; `nil` for all others.
    private static func place(
        of sign: UInt32, after previous: CharacterStream.Kind, before next: CharacterStream.Kind
    ) -> (isUsual: Bool, isWithinWord: Bool)? {
        let isFree = { (kind: CharacterStream.Kind) in kind == .space || kind == .digit }
        let isInFront = next == .letter && previous != .digit
        switch sign {
        // ¹ ² ³
        case 0xB2, 0xB3, 0xB9:
            let isRaised = previous == .letter || previous == .digit
            return (isRaised && next != .letter, isInFront && !isRaised)
        // ¢ £ ¥ €
        case 0xA2, 0xA3, 0xA5, 0x20AC: return (previous != .letter && next != .letter, isInFront)
        // ± × ÷
        case 0xB1, 0xD7, 0xF7: return (isFree(previous) && isFree(next), isInFront)
        // § ¶
        case 0xA7, 0xB6: return (previous == .space && isFree(next), isInFront)
        // ® ™
        case 0xAE, 0x2122: return (previous == .letter && next != .letter, isInFront)
        case 0xA9: return (previous == .space, false)
        // ° and the sign for a millionth
        case 0xB0, 0xB5: return isFree(previous) ? (true, false) : nil
        // ¤ ¦ ¬ ¼ ½ ¾
        case 0xA4, 0xA6, 0xAC, 0xBC...0xBE: return (false, isInFront)
        default: return nil
        }
    }

    /// Quotation marks, dashes, bullets, and the signs of Latin-1.
    private static func isTypographic(_ value: UInt32) -> Bool {
        (0xA1..<0xC0).contains(value) || value == 0xD7 || (0x2010..<0x203B).contains(value) || value == 0x20AC
            || value == 0x2116 || value == 0x2122
    }
}
