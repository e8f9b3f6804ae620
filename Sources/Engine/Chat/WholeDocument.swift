import Domain

/// A document that goes into a prompt as a whole, because it is pinned or came with the question.
enum WholeDocument {
    /// Characters of a document that its source shows.
    private static let excerptLength = 1000
    /// UTF-16 code units of one passage: the prompt takes as many as there is room for.
    private static let passageLength = 4000

    /// - Parameter source: what all of them are cited by.
    static func passages(
        of parsed: ParsedDocument, named name: String, source: Source
    ) throws -> [PromptAssembler.Passage] {
        // The first passage shows the names of the columns, as nothing is put in front of passages.
        var whole = parsed
        whole.columnNames = nil
        return Chunker(try ChunkSettings(size: passageLength, overlap: 0)).chunks(of: whole).map { chunk in
            let place = chunk.locator.map { ", \($0.text)" } ?? ""
            return PromptAssembler.Passage(
                quoted: QuotedText.harmless("\(name):\n\(chunk.text)"),
                passage: ContextPassage(text: chunk.text, citation: name + place), source: source,
                end: chunk.range.upperBound)
        }
    }

    /// What its source shows of the text.
    static func excerpt(of text: String) -> String {
        let excerpt = text.prefix(excerptLength)
        return String(excerpt) + (excerpt.endIndex < text.endIndex ? "...continued on in source document..." : "")
    }
}
