import Domain
import Testing

@testable import DocumentParsers

/// Tables of files that typesetters, browsers and office programs made: the cells of a row stand in one line, in order.
@Suite struct PDFTableTests {
    @Test func `tables with rules and without`() throws {
        let text = try Fixture.read("pdf/groff-tables.pdf").text
        #expect(
            text == """
                The spare parts below are kept in the store of the station.

                Part Price Maker
                AX-17 42.50 Barbier
                BX-18 7.25 Chance
                CX-190 1103.00 Sautter

                What each of them is for is said in the next table.

                Valve A opens the oil feed yearly
                Valve B |  | monthly
                Burner holds the wick and has to be trimmed each evening before it is lit daily

                The table ends here.
                """)
    }

    @Test func `a cell of several lines belongs to the row at its middle`() throws {
        let text = try Fixture.read("pdf/chromium-tables.pdf").text
        #expect(
            text == """
                Orders

                Item Count Note
                Rope, 20 m 3 to be fetched at the chandler's before the end of the week
                Lamp “Alder” 1
                Wick 144 cotton

                Due

                Barbier 1,250.00 5 March
                Chance Brothers 87.50 6 March
                Sautter |  | 9 April

                Terms

                Lens Bends the light of the lamp.
                Lantern The room of glass around it.
                Gallery Where the keeper stands to clean the panes.
                """)
    }

    @Test func `names above columns of numbers are no columns of their own`() throws {
        let pages = try Fixture.read("pdf/calc-sheets.pdf").pages
        for row in [
            "Day Boat Passengers Fare Remark", "Monday Gull 12 4.5", "Tuesday Gull 131 4.5 fog",
            "Wednesday Tern 7 12.25",
            "Sunday Tern 44 12.25 regatta",
        ] { #expect(pages[0].contains("\(row)\n"), "\(row)") }
        #expect(pages[0].contains(#/Thursday \|[ |]+ no trips\n/#))
        #expect(pages[1].contains("Boat Built\nGull 1931\nTern 1987\n"))
    }

    @Test func `a table beside formulas in a column`() throws {
        let page = try Fixture.read("pdf/latex-two-columns.pdf").pages[1]
        #expect(page.hasPrefix("Lens Weight Range\nFirst 5200 34\nSecond 1900 27\nSixth 90 12\n"))
        // A raised number is no digit of the one before it.
        #expect(page.contains("E = mc^2, and 10^−5\nmetres are small."))
    }

    @Test func `fields of forms hold what was filled in`() throws {
        let text = try Fixture.read("pdf/form.pdf").text
        for line in ["Application for a mooring", "Name Ada Thorn", "Boat Tern", "Pier North"] {
            #expect(text.split(separator: "\n").contains { $0 == line }, "\(line)")
        }
    }
}
