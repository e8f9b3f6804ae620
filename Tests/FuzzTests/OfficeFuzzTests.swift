import Domain
import Foundation
import Testing

@testable import DocumentParsers

/// The readers of Office files behind their archives: damage inside a part is what an archive's checksums let through.
extension FuzzTests {
    private static let limits = ParseLimits()

    /// What every parser promises of its result.
    private func check(_ document: ParsedDocument?) {
        guard let document else { return }
        let length = document.text.utf16.count
        let starts = document.divisions?.starts ?? []
        #expect(zip(starts, starts.dropFirst()).allSatisfy { $0 <= $1 } && starts.allSatisfy { 0...length ~= $0 })
        #expect(document.headings.allSatisfy { 0...length ~= $0.offset })
        if let names = document.columnNames { #expect(document.text.hasPrefix(names)) }
    }

    @Test func sheets() async {
        let context = WorkbookContext(strings: ["one", "two, \"three\""])
        let fuzzer = Fuzzer(
            "sheets",
            seeds: [
                """
                <worksheet xmlns="m"><sheetData><row r="2"><c r="A2" t="s"><v>1</v></c><c r="C2" t="inlineStr"><is><r><t>a</t></r>\
                <rPh><t>b</t></rPh></is></c></row><row r="9"><c r="B9" s="1"><f>A1</f><v>45356.5</v></c><c t="b"><v>1</v></c></row>\
                </sheetData><autoFilter ref="A2:C9"/></worksheet>
                """,
                "<worksheet><row><c><v>1e5</v></c><c t=\"str\"><v>_x000D_&#10;\",\"</v></c></row><row/></worksheet>",
            ],
            dictionary: [
                "<row r=\"", "<c r=\"", "XFD1048576", "<v>", "</c>", "</row>", "t=\"s\"", "t=\"e\"", "<is><t>",
                "_x0041_",
            ])
        await fuzzer.run { input, _ in
            var reader = SheetReader(context: context, limits: Self.limits)
            try reader.read(input)
            check(reader.text.document(named: "S", headerRow: reader.filteredRow))
            return true
        }
    }

    @Test func numberFormats() async {
        let fuzzer = Fuzzer(
            "number-formats",
            seeds: [
                "#,##0.00\\ \"€\";[Red]-#,##0.00\n1234.5", "yyyy-mm-dd hh:mm:ss.0;@\n45356.6", "[h]:mm\n-1.5",
                "[<1]0%;[>=1e3]0.0,,\"M\";General\n0.07", "000\\-00_)* ?/?E+0\n123456789", "[$€-407]0;(0);;@\n-0",
            ],
            dictionary: [
                "[$", "]", ";", "\"", "\\", "_", "*", "E+", "AM/PM", "General", "@", "mm", "ss", "[h]", "#,##0", "%%%",
            ])
        await fuzzer.run { input, _ in
            let parts = String(decoding: input, as: UTF8.self).split(separator: "\n", maxSplits: 1)
            guard parts.count == 2, let value = Double(parts[1]), value.isFinite else { return false }
            let format = NumberFormat(String(parts[0]))
            for epoch in [SerialDate.Epoch.year1900, .year1904] { _ = format.text(value, epoch: epoch) }
            return true
        }
    }

    @Test func slides() async {
        let namespaces = "xmlns:p=\"p\" xmlns:a=\"/drawingml/2006/main\" xmlns:dgm=\"d\" xmlns:r=\"/relationships\""
        let shape =
            "<p:sp><p:ph type=\"title\"/><a:p><a:pPr lvl=\"1\"><a:buNone/></a:pPr><a:r><a:t>x</a:t></a:r><a:br/></a:p></p:sp>"
        let fuzzer = Fuzzer(
            "slides",
            seeds: [
                "<p:sld \(namespaces) show=\"0\">\(shape)<a:tbl><a:tr><a:tc><a:p><a:t>c</a:t></a:p></a:tc></a:tr></a:tbl></p:sld>",
                "<x \(namespaces)><dgm:pt modelId=\"1\"><a:p><a:t>y</a:t></a:p></dgm:pt><dgm:pt modelId=\"2\"/>"
                    + "<dgm:cxn srcId=\"1\" destId=\"2\" srcOrd=\"0\"/></x>",
                "<x><title><t>n</t></title><ser><tx><v>s</v></tx><cat><pt idx=\"0\"><v>c</v></pt></cat><val><pt idx=\"0\"><v>1</v></pt></val></ser></x>",
            ],
            dictionary: [
                "<a:p>", "</a:p>", "<p:sp>", "</p:sp>", "idx=\"", "srcId=\"", "<ser>", "<pt idx=\"9\">",
                "type=\"sldNum\"",
            ])
        await fuzzer.run { input, _ in
            var reader = SlideReader()
            try reader.read(input)
            var writer = BlockWriter()
            for block in try reader.blocks + DiagramReader.blocks(input) + ChartReader.blocks(input) {
                writer.write(block)
            }
            check(writer.document)
            return true
        }
    }

    @Test func words() async {
        let namespaces = "xmlns:w=\"/wordprocessingml\" xmlns:m=\"/math\" xmlns:mc=\"/markup-compatibility\""
        let fuzzer = Fuzzer(
            "words",
            seeds: [
                """
                <w:x \(namespaces)><w:p><w:pPr><w:numPr><w:ilvl w:val="1"/><w:numId w:val="1"/></w:numPr><w:rPr><w:del/></w:rPr></w:pPr>\
                <w:r><w:rPr><w:rFonts w:ascii="Symbol"/></w:rPr><w:t>m</w:t><w:sym w:font="Wingdings" w:char="F0FC"/></w:r></w:p>\
                <w:tbl><w:tr><w:tc><w:p><w:r><w:t>a</w:t></w:r></w:p></w:tc><w:tc/></w:tr></w:tbl></w:x>
                """,
                "<w:x \(namespaces)><w:p><m:oMath><m:f><m:num><m:r><m:t>a+b</m:t></m:r></m:num><m:den/></m:f></m:oMath></w:p></w:x>",
                "<w:x \(namespaces)><w:abstractNum w:abstractNumId=\"0\"><w:lvl w:ilvl=\"1\"><w:start w:val=\"9223372036854775807\"/>"
                    + "<w:lvlText w:val=\"%1.%2\"/></w:lvl></w:abstractNum><w:num w:numId=\"1\"><w:abstractNumId w:val=\"0\"/></w:num></w:x>",
            ],
            dictionary: [
                "<w:p>", "</w:p>", "<w:tc>", "</w:tc>", "<w:tbl>", "<w:del>", "<w:txbxContent>", "<m:e>", "<mc:Choice>",
                "w:val=\"",
            ])
        await fuzzer.run { input, _ in
            var reader = WordReader(styles: try WordStyles(input), numbering: try WordNumbering(input))
            try reader.read(input)
            var writer = BlockWriter()
            for block in reader.blocks { writer.write(block) }
            check(writer.document)
            return true
        }
    }

    @Test func compoundFiles() async throws {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("../DocumentParsersTests/Fixtures")
        let seeds = try ["letter.doc", "orders.xls", "tour.ppt"].map { name in
            [UInt8](try Data(contentsOf: folder.appendingPathComponent(name)).prefix(60 << 10))
        }
        let fuzzer = Fuzzer("compound-files", seeds: seeds)
        await fuzzer.run { input, _ in
            let parsers: [any DocumentParser] = [
                BinaryWordParser(), BinaryWorkbookParser(), BinaryPresentationParser(),
            ]
            let read = try ParserInput(
                input, fileName: "a", within: ParserInput(path: #filePath, fileName: "a", limits: Self.limits))
            var isTaken = false
            for parser in parsers {
                for document in (try? parser.parse(read)) ?? [] {
                    check(document)
                    isTaken = true
                }
            }
            return isTaken
        }
    }
}
