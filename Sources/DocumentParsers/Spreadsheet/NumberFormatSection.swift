/// One of the parts of a number format that semicolons separate (ECMA-376 part 1, 18.8.31), taken apart into what it says
/// about the number.
struct NumberFormatSection {
    /// A piece of what is shown for a number, in order.
    enum Piece: Equatable {
        case literal(String)
        /// `0`, which shows a digit always, or `#` and `?`, which show it where there is one.
        case digit(isRequired: Bool)
        case point
        /// The word `General`.
        case general
    }

    /// `[>=100]` and the like.
    struct Condition {
        let comparison: String
        let bound: Double

        func holds(for value: Double) -> Bool {
            switch comparison {
            case "<": value < bound
            case "<=": value <= bound
            case ">": value > bound
            case ">=": value >= bound
            case "=": value == bound
            case "<>": value != bound
            default: true
            }
        }
    }

    private(set) var pieces: [Piece] = []
    private(set) var condition: Condition?
    private(set) var percents = 0
    private(set) var hasDate = false
    private(set) var hasTime = false
    /// Hours, minutes or seconds are counted on over the end of a day or an hour.
    private(set) var isElapsed = false
    private(set) var isText = false
    /// Thousands are left out (`0,,` shows millions), or the number is shown with an exponent or as a fraction.
    private(set) var isTransformed = false

    var isEmpty: Bool { pieces.isEmpty && !hasDate && !hasTime && !isText }
    var holdsDigits: Bool { pieces.contains { $0 == .general || $0.isDigit } }

    /// Letters of a date that were read since the last one of another kind, to tell minutes from months.
    private var lastDateLetter: Character?
    private var pendingMonth = false

    init(_ code: Substring) {
        var rest = code
        while let character = rest.popFirst() { read(character, &rest) }
        if pendingMonth { hasDate = true }
        joinLiterals()
    }

    private mutating func read(_ character: Character, _ rest: inout Substring) {
        switch character {
        case "\"":
            let literal = rest.prefix { $0 != "\"" }
            rest = rest.dropFirst(literal.count + 1)
            add(String(literal))
        case "\\": if let literal = rest.popFirst() { add(String(literal)) }
        // As wide as the next character, or filled up with it.
        case "_", "*": _ = rest.popFirst()
        case "[":
            let content = rest.prefix { $0 != "]" }
            rest = rest.dropFirst(content.count + 1)
            readBrackets(content)
        case "0", "#", "?": pieces.append(.digit(isRequired: character == "0"))
        case ".": if !pieces.contains(.point), !hasTime { pieces.append(.point) }
        // Between digits it groups them, which is not kept.
        case ",": if pieces.last?.isDigit == true, !Self.digitFollows(rest) { isTransformed = true }
        case "%":
            percents += 1
            add("%")
        case "@": isText = true
        case "/": if holdsDigits { isTransformed = true } else { add("/") }
        case "E", "e": readExponent(&rest)
        case "G", "g": readGeneral(character, &rest)
        case "A", "a": readHalfOfDay(&rest)
        case "y", "Y", "d", "D", "h", "H", "m", "M", "s", "S", "b", "B": readDateLetter(character)
        default: add(String(character))
        }
    }

    private mutating func add(_ literal: String) { pieces.append(.literal(literal)) }

    private static func digitFollows(_ rest: Substring) -> Bool { rest.first.map { "0#?".contains($0) } ?? false }

    /// A colour, a condition, a currency with its locale (`[$€-407]`), or a length of time (`[h]`).
    private mutating func readBrackets(_ content: Substring) {
        if content.first == "$" {
            add(String(content.dropFirst().prefix { $0 != "-" }))
        } else if let first = content.first, "<>=".contains(first) {
            let comparison = content.prefix { "<>=".contains($0) }
            if let bound = Double(content.dropFirst(comparison.count)) {
                condition = Condition(comparison: String(comparison), bound: bound)
            }
        } else if let first = content.lowercased().first, "hms".contains(first),
            content.lowercased().allSatisfy({ $0 == first })
        {
            isElapsed = true
            hasTime = true
            lastDateLetter = "h"
        }
    }

    /// `E+00` behind digits; alone it is a year of an era.
    private mutating func readExponent(_ rest: inout Substring) {
        guard holdsDigits else {
            hasDate = true
            return
        }
        isTransformed = true
        if let sign = rest.first, "+-".contains(sign) { rest.removeFirst() }
        rest = rest.drop { "0#?".contains($0) }
    }

    private mutating func readGeneral(_ first: Character, _ rest: inout Substring) {
        guard rest.prefix(6).lowercased() == "eneral" else {
            // The name of an era.
            hasDate = true
            return
        }
        rest = rest.dropFirst(6)
        pieces.append(.general)
    }

    /// `AM/PM` and `A/P`; other letters of the kind name the day of the week in East Asia.
    private mutating func readHalfOfDay(_ rest: inout Substring) {
        if rest.prefix(4).lowercased() == "m/pm" {
            rest = rest.dropFirst(4)
            hasTime = true
        } else if rest.prefix(2).lowercased() == "/p" {
            rest = rest.dropFirst(2)
            hasTime = true
        } else {
            hasDate = true
        }
    }

    /// `m` means minutes behind hours and before seconds, else months.
    private mutating func readDateLetter(_ character: Character) {
        let letter = Character(character.lowercased())
        switch letter {
        case "m":
            if lastDateLetter == "m" { return }
            if lastDateLetter == "h" { hasTime = true } else { pendingMonth = true }
        case "s":
            if lastDateLetter == "m" { pendingMonth = false }
            hasTime = true
        case "h":
            if pendingMonth { hasDate = true }
            pendingMonth = false
            hasTime = true
        default:
            if pendingMonth { hasDate = true }
            pendingMonth = false
            hasDate = true
        }
        lastDateLetter = letter
    }

    private mutating func joinLiterals() {
        var joined: [Piece] = []
        for piece in pieces {
            if case .literal(let text) = piece, case .literal(let before)? = joined.last {
                joined[joined.count - 1] = .literal(before + text)
            } else {
                joined.append(piece)
            }
        }
        pieces = joined
    }
}

extension NumberFormatSection.Piece {
    var isDigit: Bool {
        if case .digit = self { true } else { false }
    }
}
