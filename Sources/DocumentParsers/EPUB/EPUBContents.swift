import Domain

/// The table of contents of a book.
enum EPUBContents {
    struct Entry: Equatable {
        let title: String
        /// 1 for the highest.
        let level: Int
        /// The name of the file that it points to.
        let path: String
    }

    /// More entries than any book has.
    private static let maximumEntries = 20_000

    static func entries(_ content: [UInt8], of item: EPUBPackage.Item) throws(ParseError) -> [Entry] {
        let folder = OpenPackage.folder(of: item.path)
        return item.mediaType == EPUBPackage.navigationMapType
            ? try navigationMap(content, folder: folder) : try navigationDocument(content, folder: folder)
    }

    /// EPUB 3: lists of links within lists, in the `nav` element for the contents.
    private static func navigationDocument(_ content: [UInt8], folder: String) throws(ParseError) -> [Entry] {
        let tree = try HTMLTree(HTMLDecoder.decode(content))
        let navigations = HTMLTree.elements(below: tree.root, limit: 20) { $0.name == "nav" }
        guard let contents = navigations.first(where: { $0.attribute("epub:type") == "toc" }) ?? navigations.first
        else {
            return []
        }
        var entries: [Entry] = []
        var level = 0
        HTMLTree.walk(
            contents,
            enter: { node in
                guard node.isElement else { return false }
                if node.name == "ol" { level += 1 }
                if node.name == "a", let reference = node.attribute("href"), entries.count < maximumEntries {
                    add(node.collapsedText, level: level, reference, folder: folder, to: &entries)
                }
                return true
            },
            leave: { node in if node.isElement, node.name == "ol" { level -= 1 } })
        return entries
    }

    /// EPUB 2: `navPoint` elements within one another, each with a label and a target.
    private static func navigationMap(_ content: [UInt8], folder: String) throws(ParseError) -> [Entry] {
        let cursor = try XMLCursor(content, allowsDocumentType: true)
        var entries: [Entry] = []
        var level = 0
        var title = ""
        var isInLabel = false
        while let event = try cursor.next() {
            switch event {
            case .start(let element):
                switch element.name {
                case "navPoint":
                    level += 1
                    title = ""
                case "navLabel": isInLabel = level > 0
                case "content":
                    if level > 0, let reference = element.attributes["src"], entries.count < maximumEntries {
                        add(title, level: level, reference, folder: folder, to: &entries)
                    }
                default: break
                }
            case .text(let piece): if isInLabel { title += piece }
            case .end(let name, _):
                if name == "navPoint" { level -= 1 }
                if name == "navLabel" { isInLabel = false }
            }
        }
        return entries
    }

    private static func add(
        _ title: String, level: Int, _ reference: String, folder: String, to entries: inout [Entry]
    ) {
        let title = title.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        guard !title.isEmpty else { return }
        entries.append(
            Entry(
                title: String(title.prefix(Outline.maximumTitleLength)), level: max(1, level),
                path: EPUBReference.path(reference, in: folder)))
    }
}
