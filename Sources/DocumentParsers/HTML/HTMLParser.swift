import Domain

/// HTML as readable text in the manner of Markdown.
struct HTMLParser: DocumentParser {
    func parse(_ input: ParserInput) throws(ParseError) -> [ParsedDocument] {
        let tree = try HTMLTree(HTMLDecoder.decode(input.bytes()))
        return [try Self.document(tree).checked(input.limits)]
    }

    static func document(_ tree: HTMLTree) -> ParsedDocument {
        let head = HTMLHead(tree)
        let content = HTMLContent.render(tree)
        return ParsedDocument(
            text: content.text, headings: content.headings, title: head.title, author: head.author,
            description: head.description, publishedMilliseconds: head.date.flatMap(DocumentDate.milliseconds))
    }
}
