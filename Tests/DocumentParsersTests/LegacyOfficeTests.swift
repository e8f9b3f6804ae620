import Domain
import Foundation
import TestSupport
import Testing

@testable import DocumentParsers

/// The fixtures are what LibreOffice makes of manual.docx, orders.xlsx and, without its chart, tour.pptx.
@Suite struct LegacyOfficeTests {
    @Test func `a document of Word 97 keeps headings, lists and tables`() throws {
        let document = try Fixture.read("letter.doc")
        #expect(
            document.text == """
                Bridge Manual

                Opening

                The bridge opens at six each morning.\tSound the horn first.Inserted words.

                Crew

                - Watch the river
                - Lower the gates

                Vessel | Height
                Tug | 9 m
                Barge | 4 m

                The end.
                """)
        #expect(document.headings.map(\.title) == ["Opening", "Crew"])
        #expect(document.headings.map(\.level) == [1, 2])
    }

    @Test func `a workbook of Excel 97 gives the same as one of today`() throws {
        let documents = try Fixture.readAll("orders.xls")
        let today = try Fixture.readAll("orders.xlsx")
        #expect(documents.map(\.member) == today.map(\.member))
        #expect(documents.map(\.text) == today.map(\.text))
        #expect(documents.map(\.divisions) == today.map(\.divisions))
        #expect(documents.map(\.columnNames) == today.map(\.columnNames))
    }

    @Test func `a presentation of PowerPoint 97 gives its slides with notes`() throws {
        let document = try Fixture.read("tour.ppt")
        #expect(document.divisions?.starts.count == 3)
        #expect(document.headings.map(\.title) == ["Harbour Tour", "Stations", "Slide 3"])
        let slides = document.pages
        #expect(slides[0].contains("For new keepers"))
        for word in ["Lamp room", "Second floor", "Signal mast", "21 m", "Notes: Begin at the lamp."] {
            #expect(slides[1].contains(word), "\(word)")
        }
        #expect(slides[2].hasPrefix("(hidden slide)") && slides[2].contains("A box on its own"))
    }

    @Test func `a message of Outlook and other compound files are refused by name`() async throws {
        let message = try renaming("Workbook", to: "__properties_version1.0", in: "orders.xls")
        await #expect(
            throws: ParseError.corrupt("it is a message of Outlook (MSG), which is not supported; save it as EML")
        ) { try await Fixture.read(message, as: "a.msg") }
        let other = try renaming("Workbook", to: "Something", in: "orders.xls")
        await #expect(throws: ParseError.unsupported) { try await Fixture.read(other, as: "a.dat") }
        await #expect(throws: ParseError.corrupt("it does not look like a workbook (XLS) file")) {
            try await Fixture.read(other, as: "a.xls")
        }
    }

    @Test func `a document within the document does not tell what the file is`() throws {
        let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: Fixture.path("orders.xls"))))
        #expect(try CompoundFile(bytes).holds("Workbook"))
        // The same directory, but the root leads nowhere: its entries are then those of other folders.
        var nested = bytes
        let directory = 512 * (1 + Int(bytes[48]))
        nested.replaceSubrange(directory + 76..<directory + 80, with: [0xFF, 0xFF, 0xFF, 0xFF])
        #expect(try !CompoundFile(nested).holds("Workbook"))
    }

    /// The file with a stream of another name in its directory.
    private func renaming(_ stream: String, to name: String, in file: String) throws -> [UInt8] {
        var bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: Fixture.path(file))))
        let old = Array(stream.utf16).flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
        let place = try #require(
            stride(from: 0, to: bytes.count - 128, by: 128).first { bytes[$0...].starts(with: old) })
        let new = Array(name.utf16).flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
        bytes.replaceSubrange(place..<place + 64, with: new + [UInt8](repeating: 0, count: 64 - new.count))
        bytes[place + 64] = UInt8(new.count + 2)
        return bytes
    }

    @Test func `documents that need a password are refused as encrypted`() async throws {
        // The flag in a Word document's header; it is the first stream in the file of LibreOffice.
        var word = [UInt8](try Data(contentsOf: URL(fileURLWithPath: Fixture.path("letter.doc"))))
        let header = try #require(
            stride(from: 512, to: word.count, by: 64).first { word[$0...].starts(with: [0xEC, 0xA5]) })
        word[header + 0x0B] |= 1
        await #expect(throws: ParseError.encrypted) { try await Fixture.read(word, as: "a.doc") }
        var show = [UInt8](try Data(contentsOf: URL(fileURLWithPath: Fixture.path("tour.ppt"))))
        let token: [UInt8] = [0x5F, 0xC0, 0x91, 0xE3]
        let place = try #require(show.indices.first { show[$0...].starts(with: token) })
        show.replaceSubrange(place..<place + 4, with: [0xDF, 0xC4, 0xD1, 0xF3])
        await #expect(throws: ParseError.encrypted) { try await Fixture.read(show, as: "a.ppt") }
        var book = [UInt8]()
        for (type, data) in [(0x0809, [0x00, 0x06, 0x05, 0x00]), (0x002F, [1, 0])] as [(Int, [UInt8])] {
            book += [UInt8(type & 0xFF), UInt8(type >> 8), UInt8(data.count), 0] + data
        }
        #expect(throws: ParseError.encrypted) { try BinaryWorkbook(book) }
    }

    @Test(arguments: ["letter.doc", "orders.xls", "tour.ppt"])
    func `a file that is cut off anywhere is read in part or refused`(name: String) async throws {
        let whole = [UInt8](try Data(contentsOf: URL(fileURLWithPath: Fixture.path(name))))
        for length in stride(from: 0, to: whole.count, by: 997) {
            do {
                _ = try await Fixture.read(Array(whole.prefix(length)), as: name)
            } catch {
                #expect(error is ParseError)
            }
        }
    }

    @Test func `chains that run in a circle end`() throws {
        let whole = [UInt8](try Data(contentsOf: URL(fileURLWithPath: Fixture.path("orders.xls"))))
        // Every sector of the first table is followed by the first sector.
        let table = 512 * (1 + Int(whole[76]))
        var circle = whole
        circle.replaceSubrange(table..<table + 512, with: [UInt8](repeating: 0, count: 512))
        #expect(throws: ParseError.corrupt("its compound file is damaged")) { try CompoundFile(circle) }
        // A sector of the list of tables names itself as the next one.
        let last = whole.count / 512 - 2
        let name = [UInt8(last & 0xFF), UInt8(last >> 8), 0, 0]
        var chained = whole
        chained.replaceSubrange(68..<72, with: name)
        chained.replaceSubrange(chained.count - 4..<chained.count, with: name)
        #expect(throws: ParseError.corrupt("its compound file is damaged")) { try CompoundFile(chained) }
    }
}
