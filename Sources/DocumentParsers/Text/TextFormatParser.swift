import Domain

/// A parser of what is text: once the bytes are decoded, memory-safe code does the rest, so Unicode needs no child process.
protocol TextFormatParser: DocumentParser {
    func document(_ text: String, _ input: ParserInput) -> ParsedDocument
}

extension TextFormatParser {
    func parse(_ input: ParserInput) throws(ParseError) -> [ParsedDocument] {
        [try document(TextDecoder.decode(input.text()), input).checked(input.limits)]
    }

    /// The part of `parse` that runs in memory-safe code only.
    /// - Returns: nil where the bytes are no Unicode text.
    func parseUnicode(_ input: ParserInput) throws(ParseError) -> [ParsedDocument]? {
        guard let text = TextDecoder.decodeUnicode(try input.text()) else { return nil }
        return [try document(text, input).checked(input.limits)]
    }
}
