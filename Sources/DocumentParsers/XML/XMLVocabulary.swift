import CLibXML2

/// What kind of thing an XML document is, told by its root and by how its elements hold text.
enum XMLVocabulary {
    case html, picture, prose, data

    init(of root: HTMLTree.Node) {
        let name = root.localName
        if name == "html" {
            self = .html
        } else if name == "svg" {
            self = .picture
        } else if Self.dataRoots.contains(name) {
            self = .data
        } else if Self.proseRoots.contains(name) || Self.mixesText(root) {
            self = .prose
        } else {
            self = .data
        }
    }

    /// DocBook, TEI, DITA, JATS, Mallard.
    private static let proseRoots: Set<String> = [
        "book", "article", "chapter", "section", "refentry", "appendix", "part", "set", "tei", "teicorpus", "topic",
        "concept", "task", "reference", "page",
    ]
    private static let dataRoots: Set<String> = ["rss", "feed", "rdf", "opml", "kml", "gpx", "plist"]

    /// Words beside elements: one such element in twenty is a text. Data has none.
    private static func mixesText(_ root: HTMLTree.Node) -> Bool {
        var elements = 0, mixed = 0
        HTMLTree.walk(
            root,
            enter: { node in
                guard node.isElement else { return false }
                elements += 1
                if node.isMixed { mixed += 1 }
                return elements < 20_000
            }, leave: { _ in })
        return mixed > 0 && mixed * 20 >= elements
    }
}

/// The words in a picture (SVG).
enum XMLPicture {
    static func words(in root: HTMLTree.Node) -> [String] {
        var words: [String] = []
        HTMLTree.walk(
            root,
            enter: { node in
                guard node.isElement else { return false }
                guard ["text", "title", "desc"].contains(node.localName) else { return true }
                let text = node.collapsedText
                if !text.isEmpty, words.last != text { words.append(text) }
                return false
            }, leave: { _ in })
        return words
    }
}

extension HTMLTree.Node {
    /// In lower case, without the prefix.
    var localName: String { name.lowercased() }

    var childNodes: some Sequence<HTMLTree.Node> {
        // An entity's children are those of its declaration.
        sequence(state: isElement ? pointee.children : nil) { next in
            defer { next = next?.pointee.next }
            return next
        }
    }

    var hasElements: Bool { childNodes.contains { $0.isElement } }

    /// Whether it holds words beside elements.
    var isMixed: Bool { hasElements && childNodes.contains { $0.isText && !$0.isBlankText } }

    var isBlankText: Bool { characters.allSatisfy { $0 <= 0x20 } }
}
