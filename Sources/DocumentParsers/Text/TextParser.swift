import Domain

/// Text of any kind, kept as it is; of the lightweight markup languages the headings are found as well.
struct TextParser: TextFormatParser {
    func document(_ text: String, _ input: ParserInput) -> ParsedDocument {
        let outline = Markup(fileName: input.fileName).outline(of: text)
        return ParsedDocument(
            text: text, headings: outline.headings, title: outline.title, author: outline.author,
            description: outline.description, publishedMilliseconds: outline.date.flatMap(DocumentDate.milliseconds))
    }
}
