import Domain

/// The package document of a book: what it is, its files, and their order.
struct EPUBPackage {
    struct Item {
        /// The name of its entry in the archive.
        let path: String
        let mediaType: String
        let properties: Set<Substring>
    }

    private(set) var title: String?
    private(set) var authors: [String] = []
    private(set) var description: String?
    private(set) var date: String?
    /// Files with text in reading order, what is beside the linear order last.
    private(set) var spine: [Item] = []
    /// The table of contents: the navigation document of EPUB 3, else the NCX file of EPUB 2.
    private(set) var contents: Item?

    private static let readable: Set<String> = [
        "application/xhtml+xml", "text/html", "application/xml", "text/xml", "text/x-oeb1-document",
        "application/x-dtbook+xml",
    ]
    static let navigationMapType = "application/x-dtbncx+xml"

    init(_ content: [UInt8], path: String) throws(ParseError) {
        var scanner = Scanner(folder: OpenPackage.folder(of: path))
        try scanner.read(content)
        title = scanner.fields["title"]?.first
        authors = scanner.fields["creator"] ?? []
        description = scanner.fields["description"]?.first
        date = scanner.publication ?? scanner.fields["date"]?.first
        let items = scanner.items
        contents =
            items.values.first { $0.properties.contains("nav") } ?? scanner.map.flatMap { items[$0] }
            ?? items.values.first { $0.mediaType == Self.navigationMapType }
        let left = [contents?.path, scanner.contentsPage]
        var seen: Set<String> = []
        for reference in scanner.references.filter(\.isLinear) + scanner.references.filter({ !$0.isLinear }) {
            guard let item = items[reference.id], Self.readable.contains(item.mediaType), !left.contains(item.path),
                seen.insert(item.path).inserted
            else { continue }
            spine.append(item)
        }
    }

    private struct Scanner {
        let folder: String
        var fields: [String: [String]] = [:]
        var publication: String?
        var items: [String: Item] = [:]
        var references: [(id: String, isLinear: Bool)] = []
        /// The id of the NCX file.
        var map: String?
        /// The page that EPUB 2 calls the table of contents.
        var contentsPage: String?
        private var text = ""
        private var isPublication = false

        init(folder: String) { self.folder = folder }

        mutating func read(_ content: [UInt8]) throws(ParseError) {
            let cursor = try XMLCursor(content, allowsDocumentType: true)
            while let event = try cursor.next() {
                switch event {
                case .start(let element): start(element)
                case .text(let piece): text += piece
                case .end(let name, let namespace): if namespace.contains("purl.org/dc/") { end(name) }
                }
            }
        }

        private mutating func start(_ element: XMLCursor.Element) {
            text = ""
            let attributes = element.attributes
            isPublication = attributes["event"] == "publication"
            switch element.name {
            case "item":
                guard let id = attributes["id"], let reference = attributes["href"] else { return }
                items[id] = Item(
                    path: EPUBReference.path(reference, in: folder),
                    mediaType: attributes["media-type"]?.lowercased() ?? "",
                    properties: Set((attributes["properties"] ?? "").split(separator: " ")))
            case "itemref": references.append((attributes["idref"] ?? "", attributes["linear"] != "no"))
            case "spine": map = attributes["toc"]
            case "reference" where attributes["type"] == "toc":
                contentsPage = attributes["href"].map { EPUBReference.path($0, in: folder) }
            default: break
            }
        }

        private mutating func end(_ name: String) {
            let value = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
            text = ""
            guard !value.isEmpty else { return }
            fields[name, default: []].append(value)
            if name == "date", isPublication { publication = publication ?? value }
        }
    }
}

/// References between the files of a book.
enum EPUBReference {
    /// The name of the entry that a relative URL points to; where in the file it points does not matter.
    static func path(_ reference: String, in folder: String) -> String {
        let path = reference.prefix { $0 != "#" && $0 != "?" }
        return OpenPackage.resolve(percentDecoded(path), in: folder)
    }

    private static func percentDecoded(_ text: Substring) -> String {
        guard text.utf8.contains(UInt8(ascii: "%")) else { return String(text) }
        var decoded: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "%"), rest.count >= 2,
                let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16)
            {
                decoded.append(value)
                rest = rest.dropFirst(2)
            } else {
                decoded.append(byte)
            }
        }
        return String(decoding: decoded, as: UTF8.self)
    }
}
