/// The languages that the detector knows, and how it judges a text by them.
enum LanguageModels {
    /// Groups of languages which share their encodings.
    enum Group: CaseIterable, Sendable {
        case western, centralEuropean, turkish, baltic, vietnamese, esperanto
        case cyrillic, greek, hebrew, arabic, thai, japanese, korean, simplifiedChinese, traditionalChinese

        fileprivate var languages: Set<String> {
            switch self {
            case .western: ["en", "de", "fr", "es", "it", "pt", "nl", "sv", "da", "nb", "fi", "is", "ca", "gl"]
            case .centralEuropean: ["pl", "cs", "sk", "hu", "sl", "hr", "ro", "de", "en"]
            case .turkish: ["tr", "de", "fr", "en"]
            case .baltic: ["et", "lv", "lt", "pl", "de", "en", "sv", "fi"]
            case .vietnamese: ["vi"]
            case .esperanto: ["eo"]
            case .cyrillic: ["ru", "uk", "be", "bg", "sr", "mk"]
            case .greek: ["el"]
            case .hebrew: ["he"]
            case .arabic: ["ar", "fa"]
            case .thai: ["th"]
            case .japanese: ["ja", "ja@narrow"]
            case .korean: ["ko"]
            case .simplifiedChinese: ["zh_CN"]
            case .traditionalChinese: ["zh_TW"]
            }
        }
    }

    /// The cost of the ASCII letters of a text in the language that they are likeliest of.
    static func leastASCIICost(of stream: CharacterStream) -> Int {
        alphabets.lazy.filter(\.isLatin).map { $0.cost(of: stream, atMost: .max).ascii }.min() ?? 0
    }

    /// How improbable the text is in the likeliest language of the groups, in quarters of a nat.
    ///
    /// - Parameter leastASCII: see ``leastASCIICost(of:)``; `nil` for the least within the groups.
    static func cost(of stream: CharacterStream, in groups: [Group], leastASCII: Int? = nil) -> Int {
        let names = groups.reduce(into: Set<String>()) { $0.formUnion($1.languages) }
        var best = Int.max / 2
        var latin: [(total: Int, ascii: Int)] = []
        for model in alphabets where names.contains(model.language) {
            let cost = model.cost(of: stream, atMost: best + mostByASCII)
            if model.isLatin { latin.append(cost) }
            if !model.isLatin { best = min(best, cost.total) }
        }
        // Whether the words in between are of the language says a little, however many there are.
        let least = leastASCII ?? latin.map(\.ascii).min() ?? 0
        for cost in latin { best = min(best, cost.total + min(max(0, cost.ascii - least) / 2, mostByASCII)) }
        for model in ideographs where names.contains(model.language) {
            best = min(best, model.cost(of: stream, atMost: best) + (model.language == "ja@narrow" ? 8 : 0))
        }
        return best
    }

    /// How improbable the text is in a script that no language here is written in: its letters lie close together.
    static func scriptCost(of stream: CharacterStream) -> Int {
        var total = 0
        var script: UInt32?
        var previous = CharacterStream.Item(folded: 0x20, kind: .space, letterCase: .none)
        for item in stream.items {
            if item.kind == .letter || item.kind == .mark {
                let own = Self.script(of: item.folded)
                // A mark without a language that has it is as improbable as a letter among others.
                let isAlien = script.map { $0 != own } ?? false || (0x300..<0x370).contains(item.folded)
                if !item.isASCII || !previous.isASCII { total += isAlien ? 60 : own == cjk ? 40 : 18 }
                script = own
            } else if !item.isASCII || item.kind == .impossible {
                total += UnexpectedCharacter.cost(of: item, after: previous, isLatin: false)
            }
            previous = item
        }
        return total
    }

    /// Near enough: Latin letters, those of East Asia, and for the others blocks of 256.
    private static func script(of value: UInt32) -> UInt32 {
        switch value {
        case 0..<0x250, 0x1E00..<0x1F00: 0
        case 0x3000..<0xA000, 0xF900..<0xFB00, 0xFF00..<0xFFF0, 0x20000...: cjk
        case 0xAC00..<0xD7A4: 0xAC
        default: value >> 8
        }
    }

    private static let cjk: UInt32 = 0x30

    private static let mostByASCII = 24

    private static let alphabets = CharacterFrequencies.alphabets.map {
        AlphabetModel(language: $0.language, characters: $0.characters, costs: $0.costs)
    }
    private static let ideographs = CharacterFrequencies.ideographs.map {
        IdeographModel(language: $0.language, classCosts: $0.classCosts, characters: $0.characters)
    }
}
