import Domain

/// The styles of an OpenDocument file (part 3, chapter 16), as far as they tell hidden text, titles and the numbers of lists.
struct OpenDocumentStyles {
    private struct Style {
        var displayName = ""
        var parent: String?
        var isHidden: Bool?
        var isRaised: Bool?
    }

    private struct Key: Hashable {
        let family: String
        let name: String
    }

    private var styles: [Key: Style] = [:]
    private(set) var lists = OpenDocumentLists()

    /// Chains of parents longer than this are loops.
    private static let longestChain = 20

    /// Adds the named and the automatic styles of a part, up to where its body begins.
    mutating func add(_ content: [UInt8]) throws(ParseError) {
        let cursor = try XMLCursor(content, allowsDocumentType: true)
        var current: Key?
        while let event = try cursor.next() {
            guard case .start(let element) = event else { continue }
            let attributes = element.attributes
            lists.read(element)
            switch element.name {
            case "style":
                let key = Key(family: attributes["family"] ?? "", name: attributes["name"] ?? "")
                styles[key] = Style(
                    displayName: attributes["display-name"] ?? key.name, parent: attributes["parent-style-name"])
                current = key
            case "text-properties", "section-properties":
                guard let current else { continue }
                if let display = attributes["display"] { styles[current]?.isHidden = display == "none" }
                // `super 58%`, or how far in percent and how large.
                if let position = attributes["text-position"]?.split(separator: " ").first {
                    styles[current]?.isRaised =
                        position == "super" || position.last == "%" && "1"..."9" ~= position.prefix(1)
                }
            case "body": return
            case "list-style", "page-layout", "master-page": current = nil
            default: break
            }
        }
    }

    func isHidden(_ name: String?, family: String) -> Bool {
        chain(from: name, family: family).lazy.compactMap(\.isHidden).first ?? false
    }

    func isRaised(_ name: String?) -> Bool {
        chain(from: name, family: "text").lazy.compactMap(\.isRaised).first ?? false
    }

    /// Whether a paragraph is the title of the whole document. The name is the same in every language of the program.
    func isTitle(_ name: String?) -> Bool {
        chain(from: name, family: "paragraph").contains { $0.displayName == "Title" }
    }

    private func chain(from name: String?, family: String) -> [Style] {
        var chain: [Style] = []
        var next = name
        while let name = next, let style = styles[Key(family: family, name: name)], chain.count < Self.longestChain {
            chain.append(style)
            next = style.parent
        }
        return chain
    }
}
