import Domain

/// One kind of file that Lectern reads: what clients are told about it, how its content is recognised, and its parser.
///
/// A new format is a folder with a parser, and one line in `all`.
package struct DocumentFormat: Sendable {
    /// What people call it, used in messages.
    package let name: String
    package let mediaType: String
    /// Lower case, with the dot, in the order in which they are listed to clients.
    package let fileExtensions: [String]
    /// Further ones under which such files are met.
    var unlistedExtensions: Set<String> = []
    /// What every file of this format looks like from outside.
    let container: Container
    let parser: any DocumentParser

    enum Container: Equatable, Sendable {
        case text
        case pdf
        /// A ZIP archive that holds an entry whose name begins with `marker`.
        case archive(marker: String)
    }

    /// In the order in which they are listed to clients. The first text format reads every text without its own format.
    static let all: [DocumentFormat] = [
        DocumentFormat(
            name: "text", mediaType: "text/plain", fileExtensions: [".txt", ".md", ".org", ".adoc", ".rst"],
            container: .text, parser: TextParser()),
        DocumentFormat(
            name: "HTML", mediaType: "text/html", fileExtensions: [".html", ".htm"],
            unlistedExtensions: [".xhtml", ".xht"], container: .text, parser: HTMLParser()),
        DocumentFormat(
            name: "CSV", mediaType: "text/csv", fileExtensions: [".csv"], container: .text, parser: TextParser()),
        DocumentFormat(
            name: "JSON", mediaType: "application/json", fileExtensions: [".json"], container: .text,
            parser: TextParser()),
        DocumentFormat(
            name: "Word (DOCX)",
            mediaType: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            fileExtensions: [".docx"], container: .archive(marker: "word/"), parser: WordParser()),
        DocumentFormat(
            name: "PDF", mediaType: "application/pdf", fileExtensions: [".pdf"], container: .pdf, parser: PDFParser()),
    ]

    static var plainText: DocumentFormat { all[0] }

    /// The format that a file of this extension (lower case, with the dot) claims to be.
    static func named(_ fileExtension: String) -> DocumentFormat? {
        all.first { $0.fileExtensions.contains(fileExtension) || $0.unlistedExtensions.contains(fileExtension) }
    }

    /// Media type to file extensions, in the order in which they are listed to clients.
    package static var acceptedTypes: [(mediaType: String, fileExtensions: [String])] {
        all.map { ($0.mediaType, $0.fileExtensions) }
    }
}
