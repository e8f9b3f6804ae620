import Domain

/// Stands for recordings among the formats. Their words come from a transcriber, which no parser can reach: whoever reads
/// files asks one instead, and what lies inside another file is left out.
struct RecordingParser: DocumentParser {
    func parse(_ input: ParserInput) throws(ParseError) -> [ParsedDocument] { throw .unsupported }
}
