import Domain
import Foundation
import Testing

@testable import DocumentParsers

@Suite struct OpenDocumentTests {
    private static let prefix = "urn:oasis:names:tc:opendocument:xmlns:"

    /// A package with this content of `office:body`.
    private func package(_ kind: String, body: String, styles: String = "") -> ZipBuilder {
        let spaces = ["office", "text", "table", "style", "draw", "presentation"].map { name in
            "xmlns:\(name)=\"\(Self.prefix)\(name == "draw" ? "drawing" : name):1.0\""
        }.joined(separator: " ")
        return ZipBuilder()
            .adding("mimetype", "application/vnd.oasis.opendocument.\(kind)")
            .adding(
                "content.xml",
                """
                <office:document-content \(spaces)><office:automatic-styles>\(styles)</office:automatic-styles>
                <office:body><office:\(kind)>\(body)</office:\(kind)></office:body></office:document-content>
                """)
    }

    @Test(arguments: ["ferry.odt", "ferry.fodt"])
    func `a text keeps headings, lists, tables, notes and insertions`(name: String) throws {
        let document = try Fixture.read(name)
        #expect(
            document.text == """
                Timetable

                The ferry leaves at six. On Sundays at nine. Fares[^1] rose in May.

                Crew

                - Watch the river
                  - Sound the horn
                - Lower the ramp

                Boat | Seats
                Curlew | 40

                Straße, Москва, 日本.

                In the box

                The end.

                [^1]: Children ride free.
                """)
        #expect(document.headings.map(\.level) == [1, 2])
        #expect(document.linesAtHeadings == ["Timetable", "Crew"])
        #expect(document.title == "The Ferry")
        #expect(document.author == "Ada Thorn")
        #expect(document.description == "How the ferry runs")
        #expect(document.publishedMilliseconds == 1_614_834_367_000)
    }

    @Test func `items and headings have the numbers that they are shown with`() async throws {
        let level = { (number: Int, attributes: String) in
            "<text:list-level-style-number text:level=\"\(number)\" \(attributes)/>"
        }
        let styles =
            "<text:list-style style:name=\"N\">"
            + level(1, "style:num-format=\"1\" style:num-suffix=\".\"")
            + level(2, "style:num-format=\"a\" style:num-prefix=\"(\" style:num-suffix=\")\"")
            + level(3, "style:num-format=\"i\" text:display-levels=\"3\"") + "</text:list-style>"
            + "<text:outline-style><text:outline-level-style text:level=\"1\" style:num-format=\"I\"/>"
            + "<text:outline-level-style text:level=\"2\" style:num-format=\"1\" text:display-levels=\"2\"/></text:outline-style>"
        let list = { (attributes: String, items: String) in "<text:list \(attributes)>\(items)</text:list>" }
        let item = { (text: String, rest: String) in "<text:list-item><text:p>\(text)</text:p>\(rest)</text:list-item>"
        }
        let named = "text:style-name=\"N\""
        let inner = list("", item("one a", list("", item("deep", ""))) + item("one b", "<text:p>more</text:p>"))
        let heading = { (level: Int, text: String) in "<text:h text:outline-level=\"\(level)\">\(text)</text:h>" }
        let body =
            heading(1, "Crew") + heading(2, "Deck") + list(named, item("first", inner) + item("second", ""))
            + heading(2, "Engine") + list(named + " text:continue-numbering=\"true\"", item("third", ""))
            + list(
                named,
                item("first again", "")
                    + "<text:list-item text:start-value=\"9\"><text:p>ninth</text:p></text:list-item>")
            + heading(1, "Ship") + heading(2, "Hull") + list("text:style-name=\"unknown\"", item("bullet", ""))
        let document = try await Fixture.read(package("text", body: body, styles: styles).bytes, as: "a.odt")
        #expect(
            document.text == """
                I Crew

                I.1 Deck

                1. first
                  (a) one a
                    1.a.i deep
                  (b) one b

                more

                2. second

                I.2 Engine

                3. third
                1. first again
                9. ninth

                II Ship

                II.1 Hull

                - bullet
                """)
        #expect(document.headings.map(\.title) == ["I Crew", "I.1 Deck", "I.2 Engine", "II Ship", "II.1 Hull"])
    }

    @Test func `numbers that are raised are not read as digits of what they stand behind`() async throws {
        let style = { (name: String, position: String) in
            "<style:style style:name=\"\(name)\" style:family=\"text\"><style:text-properties style:text-position=\"\(position)\"/></style:style>"
        }
        let span = { (name: String, text: String) in "<text:span text:style-name=\"\(name)\">\(text)</text:span>" }
        let body =
            "<text:p>10\(span("T1", "3")) m\(span("T2", "-2")), H\(span("T3", "2"))O, the 1\(span("T1", "st")) of 5\(span("T4", "7"))</text:p>"
        let styles =
            style("T1", "super 58%") + style("T2", "33% 58%") + style("T3", "sub 58%") + style("T4", "-33% 58%")
        let document = try await Fixture.read(package("text", body: body, styles: styles).bytes, as: "a.odt")
        #expect(document.text == "10^3 m^-2, H2O, the 1st of 57")
    }

    @Test func `what a cell takes of other columns and rows is empty`() async throws {
        let cell = { (text: String) in "<table:table-cell><text:p>\(text)</text:p></table:table-cell>" }
        let covered = "<table:covered-table-cell><text:p>GONE</text:p></table:covered-table-cell>"
        let rows = [
            cell("Part") + cell("Torque") + covered, covered + cell("min") + cell("max"),
            cell("AX") + cell("4") + cell("5"),
        ]
        let body = "<table:table>\(rows.map { "<table:table-row>\($0)</table:table-row>" }.joined())</table:table>"
        let document = try await Fixture.read(package("text", body: body).bytes, as: "a.odt")
        #expect(document.text == "Part | Torque\n | min | max\nAX | 4 | 5")
    }

    @Test func `cells and rows that are repeated stand as often as they are shown`() async throws {
        let row = { (times: Int, cells: String) in
            "<table:table-row table:number-rows-repeated=\"\(times)\">\(cells)</table:table-row>"
        }
        let cell = { (times: Int, text: String) in
            "<table:table-cell table:number-columns-repeated=\"\(times)\"><text:p>\(text)</text:p></table:table-cell>"
        }
        let rows =
            row(1, cell(1, "Part") + cell(2, "Torque")) + row(2, cell(2, "-") + cell(1, "5")) + row(9, cell(9, ""))
        let document = try await Fixture.read(
            package("text", body: "<table:table>\(rows)</table:table>").bytes, as: "a.odt")
        #expect(document.text == "Part | Torque | Torque\n- | - | 5\n- | - | 5")
        let many = "<table:table>\(row(1_000_000_000, cell(1_000_000_000, "x")))</table:table>"
        #expect(try await Fixture.read(package("text", body: many).bytes, as: "a.odt").text.utf8.count < 100_000)
    }

    @Test func `a slide begins with its title and ends with its notes`() throws {
        let document = try Fixture.read("lighthouse.odp")
        #expect(
            document.text == """
                The Lighthouse

                Built in 1871

                On a granite ledge

                Show the old picture.

                Keepers

                Three families
                """)
        #expect(document.linesAtHeadings == ["The Lighthouse", "Keepers"])
        let slides = try #require(document.divisions)
        #expect(slides.unit == .slide)
        #expect(slides.starts.count == 3)
        // The blank one begins where the next does.
        #expect(document.pages.map(\.trimmed)[1] == "")
        #expect(document.pages.last == "Keepers\n\nThree families")
    }

    @Test func `each sheet is a document whose rows have the numbers that they have in the sheet`() async throws {
        let documents = try DocumentDispatcher().read(
            path: Fixture.path("trips.ods"), fileName: "trips.ods", limits: ParseLimits())
        #expect(documents.map(\.member) == [.sheet("Trips"), .sheet("Sums")])
        let trips = try #require(documents.first)
        #expect(
            trips.text.split(separator: "\n").map(String.init) == [
                "Day,Boat,Fares,Note", #"2024-03-04,Curlew,1234.5,"late, in fog""#,
                "2024-03-05,Heron,Heron,\"said \"\"no\"\"\"",
            ])
        #expect(trips.columnNames == "Day,Boat,Fares,Note")
        #expect(trips.headings == [ParsedDocument.Heading(offset: 0, level: 1, title: "Trips")])
        let rows = try #require(trips.divisions)
        #expect(rows.unit == .row)
        #expect(rows.firstNumber == 1)
        #expect(rows.starts == [0, 20, 60, 61, 61, 61])
        #expect(documents[1].text == "12")
        #expect(documents[1].columnNames == nil)
    }

    @Test func `what is repeated a million times is bounded`() async throws {
        let cell = "<table:table-cell table:number-columns-repeated=\"999999999\"><text:p>x</text:p></table:table-cell>"
        let bomb = { (times: Int) in
            "<table:table table:name=\"A\"><table:table-row table:number-rows-repeated=\"\(times)\">\(cell)"
                + "</table:table-row></table:table>"
        }
        await #expect(throws: ParseError.tooLarge("it has more than 64 MiB of text")) {
            try await Fixture.read(package("spreadsheet", body: bomb(1_000_000)).bytes, as: "a.ods")
        }
        let row = try await Fixture.read(package("spreadsheet", body: bomb(1)).bytes, as: "a.ods")
        #expect(row.text.utf8.count == 2 * 16_384 - 1)
        let blanks = "<table:table-row table:number-rows-repeated=\"1048576\"><table:table-cell/></table:table-row>"
        let far = "<table:table-row><table:table-cell><text:p>end</text:p></table:table-cell></table:table-row>"
        let sheet = "<table:table table:name=\"A\">\(far)\(blanks)\(far)</table:table>"
        await #expect(throws: ParseError.tooLarge("it has more rows than can be read")) {
            let sheets = String(repeating: sheet, count: 5)
            return try await Fixture.read(package("spreadsheet", body: sheets).bytes, as: "a.ods")
        }
    }

    @Test func `hidden text, comments and deleted text are left out, white space is one space`() async throws {
        let styles = """
            <style:style style:name="H" style:family="text"><style:text-properties text:display="none"/></style:style>
            <style:style style:name="I" style:family="text" style:parent-style-name="H"/>
            <style:style style:name="L" style:family="text" style:parent-style-name="L"/>
            """
        let body = """
            <text:tracked-changes><text:deletion><text:p>DELETED</text:p></text:deletion></text:tracked-changes>
            <text:p> One<text:span text:style-name="I">HIDDEN</text:span>
            two<text:s text:c="2"/>three<text:tab/>four<text:line-break/>five<office:annotation><text:p>COMMENT</text:p>
            </office:annotation><text:span text:style-name="L"> six</text:span></text:p>
            <text:p>HIDDEN<text:hidden-paragraph text:is-hidden="true"/></text:p>
            <text:p>A<text:hidden-text text:is-hidden="true">HIDDEN</text:hidden-text>b\u{AD}c</text:p>
            """
        let document = try await Fixture.read(package("text", body: body, styles: styles).bytes, as: "a.odt")
        #expect(document.text.replacing("\u{AD}", with: "") == "One two  three\tfour\nfive six\n\nAbc")
    }

    @Test func `a package is recognised by its mimetype whatever its name, and without one by its name`() async throws {
        let zip = package("text", body: "<text:p>Text</text:p>")
        #expect(try await Fixture.read(zip.bytes, as: "letter.docx").text == "Text")
        let template = ZipBuilder().adding("mimetype", "application/vnd.oasis.opendocument.text-template\n")
            .adding("content.xml", "<x/>")
        await #expect(throws: ParseError.empty) { try await Fixture.read(template.bytes, as: "letter.ott") }
        let bare = ZipBuilder().adding("content.xml", "<x/>").bytes
        await #expect(throws: ParseError.empty) { try await Fixture.read(bare, as: "letter.odt") }
        await #expect(throws: ParseError.unsupported) { try await Fixture.read(bare, as: "letter.zip") }
    }

    @Test func `encrypted packages are told`() async throws {
        let manifest = """
            <manifest xmlns="\(Self.prefix)manifest:1.0"><file-entry full-path="content.xml"><encryption-data/></file-entry>
            </manifest>
            """
        let old = package("text", body: "").adding("META-INF/manifest.xml", manifest)
        let new = ZipBuilder().adding("mimetype", "application/vnd.oasis.opendocument.text")
            .adding("encrypted-package", "noise")
        for zip in [old, new] {
            await #expect(throws: ParseError.encrypted) { try await Fixture.read(zip.bytes, as: "a.odt") }
        }
    }

    @Test func `bombs and damage are refused`() async throws {
        let bomb = "<!DOCTYPE x [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;\">]><x>&b;</x>"
        let mimetype = ZipBuilder().adding("mimetype", "application/vnd.oasis.opendocument.text")
        await #expect(throws: ParseError.corrupt("its XML declares a document type, which such files must not")) {
            try await Fixture.read(mimetype.adding("content.xml", bomb).bytes, as: "a.odt")
        }
        var limits = ParseLimits()
        limits.maximumExpandedBytes = 1 << 20
        let zeros = [UInt8](repeating: 0x20, count: 2 << 20)
        await #expect(throws: ParseError.tooLarge("it unpacks to more than 1 MiB")) {
            try await Fixture.read(mimetype.adding("content.xml", .file(zeros)).bytes, as: "a.odt", limits: limits)
        }
        let linked = mimetype.adding("content.xml", .link(target: "/etc/passwd")).adding("../../content.xml", "<x/>")
        await #expect(throws: ParseError.corrupt("it holds no OpenDocument content")) {
            try await Fixture.read(linked.bytes, as: "a.odt")
        }
        await #expect(throws: ParseError.corrupt("its XML is damaged")) {
            try await Fixture.read(mimetype.adding("content.xml", "<x").bytes, as: "a.odt")
        }
        await #expect(throws: ParseError.corrupt("it does not look like a LibreOffice text (ODT) file")) {
            try await Fixture.read(Array("plain".utf8), as: "a.odt")
        }
        let deep = String(repeating: "<text:list><text:list-item>", count: 5000)
        await #expect(throws: ParseError.self) {
            try await Fixture.read(package("text", body: deep).bytes, as: "a.odt")
        }
    }
}
