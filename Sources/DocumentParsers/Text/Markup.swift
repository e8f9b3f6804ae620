import Domain

/// The lightweight markup languages whose headings are recognised.
enum Markup: Sendable {
    case none
    case markdown
    case asciiDoc
    case restructuredText
    case org

    init(fileName: String) {
        self =
            switch FileExtension.of(fileName) {
            case ".md", ".markdown", ".mdown", ".mkd", ".mdx", ".rmd", ".qmd": .markdown
            case ".adoc", ".asciidoc", ".asc": .asciiDoc
            case ".rst", ".rest": .restructuredText
            case ".org": .org
            default: .none
            }
    }

    func outline(of text: String) -> Outline {
        switch self {
        case .none: Outline()
        case .markdown: MarkdownOutline.read(text)
        case .asciiDoc: AsciiDocOutline.read(text)
        case .restructuredText: RestructuredTextOutline.read(text)
        case .org: OrgOutline.read(text)
        }
    }
}

/// What a text's own markup says about it.
struct Outline {
    var headings: [ParsedDocument.Heading] = []
    var title: String?
    var author: String?
    var description: String?
    /// As written in the text.
    var date: String?

    /// More than any document has: a heading takes a hundred times the memory of its `#`.
    static let maximumHeadings = 20_000
    /// In characters.
    static let maximumTitleLength = 500

    /// Adds a heading unless it is blank; the first of the highest level also serves as the title if none is given.
    mutating func add(_ title: String, level: Int, at offset: Int) {
        guard !title.isEmpty, headings.count < Self.maximumHeadings else { return }
        let title = title.utf8.count > Self.maximumTitleLength ? String(title.prefix(Self.maximumTitleLength)) : title
        headings.append(ParsedDocument.Heading(offset: offset, level: level, title: title))
    }

    /// Takes the first heading of level 1 for the title where the text gives none.
    mutating func adoptTitle() {
        title = title ?? headings.first { $0.level == 1 }?.title
    }

    /// Sets the field of that name, in any case; other names are ignored.
    mutating func set(_ name: String, to value: String) {
        guard !value.isEmpty else { return }
        switch name.lowercased() {
        case "title": title = title ?? value
        case "author": author = author ?? value
        case "description", "summary": description = description ?? value
        case "date", "revdate": date = date ?? value
        default: break
        }
    }
}
