import Domain

/// HTML as readable text in the manner of Markdown.
struct HTMLParser: DocumentParser {
    func parse(_ input: ParserInput) throws(ParseError) -> [ParsedDocument] {
        let tree = try HTMLTree(HTMLDecoder.decode(input.bytes()))
        return [try Self.document(tree, address: input.address).checked(input.limits)]
    }

    static var resolvesLinks: Bool { true }

    /// - Parameter address: where the page was fetched from; `nil` where it was sent.
    static func document(_ tree: HTMLTree, address: LinkAddress?) -> ParsedDocument {
        let head = HTMLHead(tree)
        let content = HTMLContent.render(tree, page: address)
        return ParsedDocument(
            text: content.text, headings: content.headings, title: head.title, author: head.author,
            description: head.description, publishedMilliseconds: head.date.flatMap(DocumentDate.milliseconds))
    }
}
