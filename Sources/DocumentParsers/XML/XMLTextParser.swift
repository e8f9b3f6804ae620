import Domain

/// XML as text that people read: documents (DocBook, TEI, JATS, Mallard, …) as prose with headings, feeds and data as records
/// of lines `name: value`, pictures as the words that stand in them. What is not well-formed is text as it is.
struct XMLTextParser: DocumentParser {
    func parse(_ input: ParserInput) throws(ParseError) -> [ParsedDocument] {
        let text = HTMLDecoder.decode(try input.text())
        guard let tree = HTMLTree(xml: text) else { return [try ParsedDocument(text: text).checked(input.limits)] }
        return [try document(tree, source: text, address: input.address).checked(input.limits)]
    }

    static var resolvesLinks: Bool { true }

    private func document(
        _ tree: HTMLTree, source: String, address: LinkAddress?
    ) throws(ParseError) -> ParsedDocument {
        switch XMLVocabulary(of: tree.root) {
        case .html:
            return HTMLParser.document(try HTMLTree(source), address: address)
        case .picture:
            return ParsedDocument(text: XMLPicture.words(in: tree.root).joined(separator: "\n\n"))
        case .prose:
            var renderer = XMLProseRenderer()
            renderer.render(tree.root)
            let title = renderer.writer.headings.first { $0.level == 1 }?.title
            return ParsedDocument(text: renderer.writer.text, headings: renderer.writer.headings, title: title)
        case .data:
            var writer = XMLDataWriter(address: address)
            writer.write(tree.root)
            return ParsedDocument(
                text: writer.text,
                divisions: writer.recordStarts.isEmpty ? nil : Divisions(.record, starts: writer.recordStarts),
                title: writer.title)
        }
    }
}
