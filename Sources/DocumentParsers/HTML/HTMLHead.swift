import Domain

/// What a page's `<title>` and `<meta>` elements say about it.
struct HTMLHead {
    private(set) var title: String?
    private(set) var author: String?
    private(set) var description: String?
    /// As written.
    private(set) var date: String?

    /// More `meta` elements than any page needs.
    private static let maximumElements = 500

    init(_ tree: HTMLTree) {
        let elements = HTMLTree.elements(below: tree.root, limit: Self.maximumElements) { node in
            ["title", "meta"].contains(node.name) && node.parentElement?.name != "svg"
        }
        var fields: [String: String] = [:]
        for element in elements {
            if element.name == "title" {
                let text = element.collapsedText
                if !text.isEmpty { title = title ?? text }
            } else if let key = element.attribute("name") ?? element.attribute("property"),
                let value = element.attribute("content")?.trimmed, !value.isEmpty
            {
                fields[key.lowercased()] = fields[key.lowercased()] ?? value
            }
        }
        title = title ?? fields["og:title"]
        author = fields["author"] ?? fields["article:author"] ?? fields["dc.creator"] ?? fields["citation_author"]
        description = fields["description"] ?? fields["og:description"] ?? fields["dc.description"]
        date =
            fields["article:published_time"] ?? fields["date"] ?? fields["dc.date"] ?? fields["dcterms.created"]
            ?? fields["citation_publication_date"] ?? fields["citation_date"]
    }
}
