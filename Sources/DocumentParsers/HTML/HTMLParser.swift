package import Domain

/// HTML as readable text in the manner of Markdown.
package struct HTMLParser: DocumentParser {
    package static let fileExtensions: Set<String> = ["html", "htm", "xhtml", "xht"]

    package init() {}

    package func parse(_ bytes: [UInt8], limits: ParseLimits) throws(ParseError) -> ParsedDocument {
        let tree = try HTMLTree(HTMLDecoder.decode(bytes))
        let head = HTMLHead(tree)
        let content = HTMLContent.render(tree)
        guard !content.isEmpty else { throw .empty }
        guard content.byteCount <= limits.maximumTextBytes else {
            throw .tooLarge("it has more than \(limits.maximumTextBytes >> 20) MiB of text")
        }
        return ParsedDocument(
            text: content.text, headings: content.headings, title: head.title, author: head.author,
            description: head.description, publishedMilliseconds: head.date.flatMap(DocumentDate.milliseconds))
    }
}
