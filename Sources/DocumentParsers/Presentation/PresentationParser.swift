import Domain

/// Presentations of PowerPoint (PPTX: PresentationML, ECMA-376 part 1, chapter 19): the slides in the order in which they are
/// shown, each with its title as a heading, and the notes behind each slide.
///
/// A hidden slide is kept and says that it is hidden. Diagrams are lists, charts are tables; pictures, comments, and what
/// stands on masters are left out.
struct PresentationParser: DocumentParser {
    func parse(_ input: ParserInput) throws(ParseError) -> [ParsedDocument] {
        let archive = ZipArchive(try input.bytes(), limits: input.limits)
        let main = try OpenPackage(archive: archive).mainPart(fallback: "ppt/presentation.xml")
        let parts = try PackageParts(of: archive) { key in
            key.hasSuffix(".rels")
                || key.hasSuffix(".xml") && !key.contains("/slidelayouts/")
                    && !key.contains("/slidemasters/")
        }
        guard let content = parts[main] else { throw .corrupt("it holds no presentation") }
        let relationships = try parts.relationships(of: main)
        var slides = SlideCollector(parts: parts)
        let ids = try Presentation.slides(content)
        for (index, id) in ids.enumerated() {
            try slides.add(relationships[id]?.target)
            input.report(index + 1, of: ids.count)
            guard slides.writer.byteCount <= input.limits.maximumTextBytes else {
                throw FileBytes.tooMuchText(input.limits)
            }
        }
        var document = slides.writer.document(dividedInto: .slide)
        guard !document.text.isEmpty || slides.warnings.isEmpty else { throw .corrupt("its XML is damaged") }
        document = try document.checked(input.limits)
        document.warnings = slides.warnings
        document.setProperties(OpenPackage.properties(of: parts))
        return [document]
    }
}

/// Writes slides one behind the other.
private struct SlideCollector {
    private let parts: PackageParts
    private(set) var writer = BlockWriter()
    private(set) var warnings: [String] = []
    private var number = 0
    /// A slide stands in one place, and a drawing on one slide.
    private var used: Set<String> = []

    init(parts: PackageParts) { self.parts = parts }

    /// Adds the next slide. One that cannot be read keeps its number and does not spoil the others.
    mutating func add(_ part: String?) throws(ParseError) {
        number += 1
        guard let part, let content = parts[part], used.insert(part).inserted else {
            writer.beginDivision(named: "Slide \(number)")
            return warnings.append("Slide \(number) could not be read: it is missing.")
        }
        do {
            let relationships = try parts.relationships(of: part).filter { used.insert($0.value.target).inserted }
            var slide = SlideReader(graphics: parts.graphics(relationships))
            try slide.read(content)
            write(slide, notes: relationships.values.first { $0.type == "notesSlide" }?.target)
        } catch {
            guard case .corrupt(let reason) = error else { throw error }
            writer.beginDivision(named: "Slide \(number)")
            warnings.append("Slide \(number) could not be read: \(reason).")
        }
    }

    private mutating func write(_ slide: SlideReader, notes: String?) {
        var page = SlideReader()
        // The slide itself is there, whatever befell its notes.
        if let content = notes.flatMap({ parts[$0] }) { try? page.read(content) }
        writer.writeSlide(
            number: number, title: slide.title, isHidden: slide.isHidden, blocks: slide.blocks,
            notes: page.blocks.map(\.text))
    }
}

extension BlockWriter {
    /// Writes a slide as a part of its own. One without a title is named by its number.
    mutating func writeSlide(number: Int, title: String, isHidden: Bool, blocks: [TextBlock], notes: [String]) {
        beginDivision(named: title.isEmpty ? "Slide \(number)" : nil)
        if !title.isEmpty { write(TextBlock(text: title, headingLevel: 1)) }
        if isHidden { write(TextBlock(text: "(hidden slide)")) }
        for block in blocks { write(block) }
        if !notes.isEmpty { write(TextBlock(text: "Notes: \(notes.joined(separator: "\n"))")) }
    }
}
