import Domain

/// HTML as readable text in the manner of Markdown.
struct HTMLParser: DocumentParser {
    func parse(_ input: ParserInput) throws(ParseError) -> [ParsedDocument] {
        let tree = try HTMLTree(HTMLDecoder.decode(input.bytes()))
        let head = HTMLHead(tree)
        let content = HTMLContent.render(tree)
        let document = ParsedDocument(
            text: content.text, headings: content.headings, title: head.title, author: head.author,
            description: head.description, publishedMilliseconds: head.date.flatMap(DocumentDate.milliseconds))
        return [try document.checked(input.limits)]
    }
}
