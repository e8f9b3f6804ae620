import Domain

/// Text of any kind, kept as it is; of the lightweight markup languages the headings are found as well.
struct TextParser: DocumentParser {
    func parse(_ input: ParserInput) throws(ParseError) -> [ParsedDocument] {
        [try document(TextDecoder.decode(input.text()), input)]
    }

    /// The part of `parse` that runs in memory-safe code only.
    /// - Returns: nil where the bytes are no Unicode text.
    func parseUnicode(_ input: ParserInput) throws(ParseError) -> [ParsedDocument]? {
        guard let text = TextDecoder.decodeUnicode(try input.text()) else { return nil }
        return [try document(text, input)]
    }

    private func document(_ text: String, _ input: ParserInput) throws(ParseError) -> ParsedDocument {
        let outline = Markup(fileName: input.fileName).outline(of: text)
        return try ParsedDocument(
            text: text, headings: outline.headings, title: outline.title, author: outline.author,
            description: outline.description, publishedMilliseconds: outline.date.flatMap(DocumentDate.milliseconds)
        ).checked(input.limits)
    }
}
