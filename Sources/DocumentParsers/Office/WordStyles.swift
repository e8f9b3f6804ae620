import Domain

/// The paragraph styles of a Word document (ECMA-376 part 1, 17.7), as far as they tell headings from text.
struct WordStyles {
    private struct Style {
        var name = ""
        var basedOn: String?
        /// 0 for the highest level; 9 for body text.
        var outlineLevel: Int?
        /// The list that its paragraphs are of; "0" for none.
        var list: String?
        var listLevel: Int?
    }

    private var styles: [String: Style] = [:]
    private var resolved: [String: Resolved] = [:]

    /// Chains of `basedOn` longer than this are loops.
    private static let longestChain = 20

    init() {}

    init(_ content: [UInt8]) throws(ParseError) {
        let cursor = try XMLCursor(content)
        var id = ""
        while let event = try cursor.next() {
            guard case .start(let element) = event else { continue }
            let value = element.attributes["val"]
            switch element.name {
            case "style":
                id = element.attributes["styleId"] ?? ""
                styles[id] = Style()
            case "name": styles[id]?.name = value?.lowercased() ?? ""
            case "basedOn": styles[id]?.basedOn = value
            case "outlineLvl": styles[id]?.outlineLevel = value.flatMap { Int($0) }
            case "numId": styles[id]?.list = value
            case "ilvl": styles[id]?.listLevel = value.flatMap { Int($0) }
            default: break
            }
        }
        for id in styles.keys { resolved[id] = resolve(chain(from: id)) }
    }

    /// What a style says together with those that it is based on.
    struct Resolved {
        /// 1 for the highest; nil where paragraphs of this style are no headings.
        var headingLevel: Int?
        /// Lines of a table of contents, which only repeat the headings.
        var isContentsEntry = false
        /// The list that paragraphs of this style are of, with their level where it says so, and the style which says it.
        var list: (list: String, level: Int?, style: String)?
    }

    /// An undeclared id is taken for its own name, as some writers leave styles.xml out: `Heading1` for "heading 1".
    subscript(id: String) -> Resolved {
        if let known = resolved[id] { return known }
        return id.isEmpty ? Resolved() : resolve([(id, Style(name: Self.spaced(id)))])
    }

    private func resolve(_ chain: [(id: String, style: Style)]) -> Resolved {
        var resolved = Resolved()
        resolved.headingLevel = headingLevel(chain)
        resolved.isContentsEntry = chain.contains { link in
            link.style.name.hasPrefix("toc ") && Int(link.style.name.dropFirst(4)) != nil
        }
        if let link = chain.first(where: { $0.style.list != nil }), let list = link.style.list, list != "0" {
            resolved.list = (list, link.style.listLevel, link.id)
        }
        return resolved
    }

    private func headingLevel(_ chain: [(id: String, style: Style)]) -> Int? {
        for (_, style) in chain {
            if let level = style.outlineLevel { return level < 9 ? level + 1 : nil }
            if style.name == "title" { return 1 }
            // Word's own styles carry these names in every language of the program.
            if style.name.hasPrefix("heading "), let level = Int(style.name.dropFirst(8)), (1...9).contains(level) {
                return level
            }
        }
        return nil
    }

    private func chain(from id: String) -> [(id: String, style: Style)] {
        var chain: [(id: String, style: Style)] = []
        var next: String? = id
        while let id = next, let style = styles[id], chain.count < Self.longestChain {
            chain.append((id, style))
            next = style.basedOn
        }
        return chain
    }

    private static func spaced(_ id: String) -> String {
        let lower = id.lowercased()
        guard let digit = lower.last, digit.isNumber, !lower.contains(" ") else { return lower }
        return "\(lower.dropLast()) \(digit)"
    }
}
