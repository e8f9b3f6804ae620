import Domain

/// Electronic books: EPUB 2 and 3 (Open Container Format, Open Packaging Format).
///
/// Chapters follow one another as in the spine, what is not part of the linear reading order comes last, and the table of
/// contents, which only repeats the headings, is left out. A chapter begins with each file that the table of contents names.
struct EPUBParser: DocumentParser {
    func parse(_ input: ParserInput) throws(ParseError) -> [ParsedDocument] {
        let archive = ZipArchive(try input.bytes(), limits: input.limits)
        let container = try EPUBContainer(archive)
        guard let content = try archive.contents(of: [container.package])[container.package] else {
            throw .corrupt("it holds no package of a book")
        }
        let package = try EPUBPackage(content, path: container.package)
        var wanted = Set(package.spine.map(\.path))
        if let contents = package.contents { wanted.insert(contents.path) }
        let parts = try archive.contents(of: wanted)
        // A book whose table of contents is damaged is still worth reading.
        let entries = package.contents.flatMap { contents in
            parts[contents.path].flatMap { try? EPUBContents.entries($0, of: contents) }
        }
        // Tables of contents point to files that are not there, too.
        let chapters = Set(package.spine.map(\.path))
        var book = EPUBWriter(entries: (entries ?? []).filter { chapters.contains($0.path) })
        for (index, item) in package.spine.enumerated() {
            if let content = parts[item.path] { try book.write(content, of: item) }
            input.report(index + 1, of: package.spine.count)
        }
        var document = book.document
        if package.spine.contains(where: { parts[$0.path] == nil }) {
            document.warnings.append("Some chapters are missing in the file.")
        }
        document.title = package.title
        document.author = package.authors.isEmpty ? nil : package.authors.joined(separator: ", ")
        document.description = package.description.map(Self.plain)
        document.publishedMilliseconds = package.date.flatMap(DocumentDate.milliseconds)
        return [try document.checked(input.limits)]
    }

    /// Descriptions are often written in HTML.
    private static func plain(_ description: String) -> String {
        guard description.contains("<"), let tree = try? HTMLTree(description) else { return description }
        return tree.root.collapsedText
    }
}

/// Renders the files of a book one after the other.
private struct EPUBWriter {
    private let entries: [String: EPUBContents.Entry]
    private var joined = JoinedText()
    private var starts: [Int] = []
    private var isChapterOpen = false

    init(entries: [EPUBContents.Entry]) {
        self.entries = Dictionary(entries.map { ($0.path, $0) }) { first, _ in first }
    }

    var document: ParsedDocument {
        ParsedDocument(
            text: joined.text, divisions: Divisions(.chapter, starts: starts), headings: joined.headings)
    }

    mutating func write(_ content: [UInt8], of item: EPUBPackage.Item) throws(ParseError) {
        let entry = entries[item.path]
        // Converters cut long chapters into several files, of which the table of contents names the first.
        if entry != nil || entries.count < 2 { isChapterOpen = false }
        let tree: HTMLTree
        do { tree = try HTMLTree(HTMLDecoder.decode(content)) } catch {
            if error == .empty { return }
            throw error
        }
        var renderer = HTMLRenderer(dropsPageFurniture: false)
        let chapter = renderer.render(tree.root)
        guard !chapter.isEmpty else { return }
        var headings = chapter.headings
        if let entry, headings.isEmpty {
            headings = [ParsedDocument.Heading(offset: 0, level: entry.level, title: entry.title)]
        }
        let start = joined.append(chapter.text, headings: headings)
        if !isChapterOpen { starts.append(start) }
        isChapterOpen = true
    }
}
