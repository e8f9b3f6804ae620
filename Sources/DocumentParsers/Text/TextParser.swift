package import Domain

/// Text of any kind, kept as it is; of the lightweight markup languages the headings are found as well.
package struct TextParser: DocumentParser {
    package static let fileExtensions: Set<String> = ["txt", "md", "org", "adoc", "rst", "csv", "json"]

    package init() {}

    package func parse(_ bytes: [UInt8], limits: ParseLimits) throws(ParseError) -> ParsedDocument {
        try parse(bytes, markup: .none, limits: limits)
    }

    func parse(_ bytes: [UInt8], markup: Markup, limits: ParseLimits) throws(ParseError) -> ParsedDocument {
        try document(TextDecoder.decode(bytes), markup: markup, limits: limits)
    }

    /// The part of `parse` that runs in memory-safe code only.
    /// - Returns: nil where the bytes are no Unicode text.
    func parseUnicode(
        _ bytes: [UInt8], markup: Markup, limits: ParseLimits
    ) throws(ParseError) -> ParsedDocument? {
        guard let text = TextDecoder.decodeUnicode(bytes) else { return nil }
        return try document(text, markup: markup, limits: limits)
    }

    private func document(_ text: String, markup: Markup, limits: ParseLimits) throws(ParseError) -> ParsedDocument {
        guard text.utf8.count <= limits.maximumTextBytes else {
            throw .tooLarge("it has more than \(limits.maximumTextBytes >> 20) MiB of text")
        }
        guard text.utf8.contains(where: { $0 > 0x20 }) else { throw .empty }
        let outline = markup.outline(of: text)
        return ParsedDocument(
            text: text, headings: outline.headings, title: outline.title, author: outline.author,
            description: outline.description, publishedMilliseconds: outline.date.flatMap(DocumentDate.milliseconds))
    }
}
