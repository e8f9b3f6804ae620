import Domain
import OrderedJSON

/// Changes the text of a reply while it comes in pieces.
protocol ReplyFilter {
    /// What comes beside the text, before it.
    mutating func note(_ frame: JSON)
    /// What can be said by now; empty where it depends on what follows.
    mutating func add(_ piece: String) -> String
    /// What was held back.
    mutating func finish() -> String
}

extension ReplyFilter {
    mutating func note(_ frame: JSON) {}
}

/// Takes the elements of one name out, `<tool_call>…</tool_call>`: what some servers leave in the text though they have read it.
struct ElementFilter: ReplyFilter {
    private let start: String
    private let end: String
    /// Not said yet: it may be the beginning of a tag.
    private var held = ""
    private var isInside = false

    init(_ name: String) {
        start = "<\(name)>"
        end = "</\(name)>"
    }

    mutating func add(_ piece: String) -> String {
        held += piece
        var said = ""
        while let tag = held.firstRange(of: isInside ? end : start) {
            if !isInside { said += held[..<tag.lowerBound] }
            held = String(held[tag.upperBound...])
            isInside.toggle()
        }
        let tail = held.longestSuffix(thatBegins: isInside ? end : start)
        if !isInside { said += held.dropLast(tail.count) }
        held = String(tail)
        return said
    }

    mutating func finish() -> String {
        defer { held = "" }
        return isInside ? "" : held
    }
}

/// Makes links of the numbers by which a model quotes pages of the web: of `[2]`, `[[2](https://…)]`.
///
/// Where the pages are stands in the field `citations` of a frame, a list of addresses.
struct WebQuotations: ReplyFilter {
    private static let longestNumber = 3
    private var pages: [String] = []
    /// Not said yet: it may be the beginning of a number in brackets.
    private var held = ""

    mutating func note(_ frame: JSON) {
        let named = frame["citations"]?.arrayValue?.compactMap(\.stringValue) ?? []
        if !named.isEmpty { pages = named }
    }

    mutating func add(_ piece: String) -> String {
        var said = ""
        for character in piece {
            switch character {
            case "[":
                said += held
                held = "["
            case "]" where held.count > 1:
                said += quotation()
                held = ""
            case _ where !held.isEmpty && character.isASCII && character.isNumber && held.count <= Self.longestNumber:
                held.append(character)
            default:
                said += held
                said.append(character)
                held = ""
            }
        }
        return said
    }

    mutating func finish() -> String {
        defer { held = "" }
        return held
    }

    private func quotation() -> String {
        guard let number = Int(held.dropFirst()), pages.indices.contains(number - 1) else { return held + "]" }
        return "[[\(number)](\(pages[number - 1]))]"
    }
}

extension String {
    /// The longest end that `tag` begins with.
    fileprivate func longestSuffix(thatBegins tag: String) -> Substring {
        var tail = suffix(tag.count - 1)
        while !tag.hasPrefix(tail) { tail = tail.dropFirst() }
        return tail
    }
}
