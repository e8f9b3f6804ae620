import Domain

/// The paragraph styles of a Word document (ECMA-376 part 1, 17.7), as far as they tell headings from text.
struct WordStyles {
    private struct Style {
        var name = ""
        var basedOn: String?
        /// 0 for the highest level; 9 for body text.
        var outlineLevel: Int?
        var isListed = false
    }

    private var styles: [String: Style] = [:]

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
            case "numId": styles[id]?.isListed = value != "0"
            default: break
            }
        }
    }

    /// 1 for the highest; nil where paragraphs of this style are no headings.
    func headingLevel(of id: String) -> Int? {
        for style in chain(from: id) {
            if let level = style.outlineLevel { return level < 9 ? level + 1 : nil }
            if style.name == "title" { return 1 }
            // Word's own styles carry these names in every language of the program.
            if style.name.hasPrefix("heading "), let level = Int(style.name.dropFirst(8)), (1...9).contains(level) {
                return level
            }
        }
        return nil
    }

    /// Lines of a table of contents, which only repeat the headings.
    func isContentsEntry(_ id: String) -> Bool {
        chain(from: id).contains { $0.name.hasPrefix("toc ") && Int($0.name.dropFirst(4)) != nil }
    }

    func isListed(_ id: String) -> Bool { chain(from: id).contains(where: \.isListed) }

    /// The style and those that it is based on. An undeclared id is taken for its own name, as some writers leave
    /// styles.xml out: `Heading1` for "heading 1".
    private func chain(from id: String) -> [Style] {
        guard styles[id] != nil else { return [Style(name: Self.spaced(id))] }
        var chain: [Style] = []
        var next: String? = id
        while let id = next, let style = styles[id], chain.count < Self.longestChain {
            chain.append(style)
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
