import Domain
import Foundation
import Testing

@testable import DocumentParsers

/// The readers of what tools write about pages, of pictures' headers, and of archives.
extension FuzzTests {
    private static var fixtures: URL {
        URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("../DocumentParsersTests/Fixtures")
    }

    private static func fixtures(_ names: [String], prefix: Int) throws -> [[UInt8]] {
        try names.map { [UInt8](try Data(contentsOf: fixtures.appendingPathComponent($0)).prefix(prefix)) }
    }

    @Test func placedWords() async {
        let head = "level\tpage_num\tpar_num\tblock_num\tline_num\tword_num\tleft\ttop\twidth\theight\tconf\ttext\n"
        let word = { (line: Int, word: Int, left: Int, top: Int, text: String) in
            "5\t1\t0\t\(line / 2)\t\(line)\t\(word)\t\(left).5\t\(top)\t40\t10\t100\t\(text)\n"
        }
        let rows = (0..<6).flatMap { line in
            (0..<3).map { word(line, $0, 50 + 90 * $0, 60 + 14 * line, "wo-\($0 * line)") }
        }
        let page = "1\t1\t0\t0\t0\t0\t0\t0\t595\t842\t-1\t###PAGE###\n"
        let fuzzer = Fuzzer(
            "placed-words", seeds: [head + page + rows.joined() + page.replacing("1\t1", with: "1\t2") + rows.joined()],
            dictionary: ["\t", "\n1\t3\t", "\n4\t1\t0\t9\t", "-1", "99999999999", "\u{AD}", "灯台", "שלום", "1.e9", "•"])
        await fuzzer.run(share: 0.5) { input, _ in
            var pages: [PageText] = []
            let receive = { (page: PlacedPage) in
                if pages.count < 3 { pages.append(PageComposer.text(of: page)) }
            }
            var reader = PlacedWordReader()
            try reader.read(input[...], receive: receive)
            try reader.finish(receive: receive)
            let document = DocumentComposer.document(pages, outline: [OutlineEntry(level: 1, title: "wo-0", page: 1)])
            let length = document.text.utf16.count
            let starts = document.divisions?.starts ?? []
            #expect(starts.count == pages.count && starts == starts.sorted() && (starts.last ?? 0) <= length)
            #expect(document.headings.allSatisfy { 0...length ~= $0.offset })
            return !pages.isEmpty
        }
    }

    @Test func outlinesOfPDF() async {
        let fuzzer = Fuzzer(
            "PDF-outlines",
            seeds: [
                "<outline>\n<item page=\"1\">A &amp; B</item>\n<outline>\n<item page=\"-2\">C</item>\n</outline>\n</outline>\n"
            ],
            dictionary: ["<outline>\n", "</outline>\n", "<item page=\"", "\">", "</item>", "&lt;"])
        await fuzzer.run { input, _ in
            let entries = PDFOutline.entries(in: input)
            #expect(entries.allSatisfy { !$0.title.isEmpty && $0.level >= 1 })
            return !entries.isEmpty
        }
    }

    @Test func pictureHeaders() async throws {
        let kinds: [(PictureKind, String)] = [
            (.png, "gray.png"), (.jpeg, "color.jpg"), (.webp, "lossy.webp"), (.gif, "palette.gif"),
            (.bmp, "one-bit.bmp"),
            (.tiff, "pages-lzw.tif"),
        ]
        let seeds = try Self.fixtures(kinds.map { "pictures/\($0.1)" }, prefix: 4 << 10)
        let outer = try ParserInput(path: #filePath, fileName: "a", limits: ParseLimits())
        await Fuzzer("picture-headers", seeds: seeds).run { input, _ in
            let read = ParserInput(input, fileName: "a", within: outer)
            var isTaken = false
            for (kind, _) in kinds {
                guard let sizes = try? PictureHeader(input: read, kind: kind).sizes() else { continue }
                #expect(!sizes.isEmpty && sizes.count <= 10_000)
                isTaken = true
            }
            if let header = try? JPEGHeader(read) { #expect(1...8 ~= header.orientation) }
            return isTaken
        }
        let gray = Fuzzer(
            "gray-pictures", seeds: ["P5\n2 2\n255\nabcdP5 1 1 255 x"], dictionary: ["P5 ", "99999 ", " 255\n"])
        await gray.run { input, _ in
            let pictures = GrayPicture.sequence(input[...])
            #expect(pictures.allSatisfy { $0.pixels.count == $0.width * $0.height })
            return !pictures.isEmpty
        }
    }

    @Test func archives() async throws {
        let seeds = try Self.fixtures(["book-2.epub", "book-3.epub", "ferry.odt", "manual.docx"], prefix: 32 << 10)
        let outer = try ParserInput(path: #filePath, fileName: "a", limits: ParseLimits())
        let parsers: [any DocumentParser] = [
            EPUBParser(), OpenDocumentParser(kind: .text), WordParser(), PresentationParser(),
        ]
        await Fuzzer("archives", seeds: seeds).run(share: 0.1) { input, _ in
            let read = ParserInput(input, fileName: "a", within: outer)
            var isTaken = false
            for parser in parsers {
                for document in (try? parser.parse(read)) ?? [] {
                    let length = document.text.utf16.count
                    #expect(document.headings.allSatisfy { 0...length ~= $0.offset })
                    #expect((document.divisions?.starts ?? []).allSatisfy { 0...length ~= $0 })
                    isTaken = true
                }
            }
            return isTaken
        }
    }

    @Test func bookParts() async {
        let fuzzer = Fuzzer(
            "book-parts",
            seeds: [
                """
                <package xmlns='http://www.idpf.org/2007/opf' version='3.0'><metadata><title>T</title><creator>C</creator><date>2024</date>\
                </metadata><manifest><item id='n' href='nav.xhtml' properties='nav'/><item id='c' href='c%20d.xhtml' \
                media-type='application/xhtml+xml'/></manifest><spine toc='n'><itemref idref='c' linear='no'/></spine></package>
                """
            ],
            dictionary: ["<item ", "href='", "idref='", "<spine>", "../", "%2e", "properties='nav'", "</manifest>"])
        await fuzzer.run { input, _ in
            let package = try EPUBPackage(input, path: "a/b.opf")
            #expect(package.spine.allSatisfy { !$0.path.hasPrefix("/") && !$0.path.hasPrefix("../") })
            return !package.spine.isEmpty
        }
    }
}
