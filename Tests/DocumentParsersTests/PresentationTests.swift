import Domain
import Foundation
import Testing

@testable import DocumentParsers

@Suite struct PresentationTests {
    private func read(_ slides: [TestSlide], limits: ParseLimits = ParseLimits()) async throws -> ParsedDocument {
        try await Fixture.read(presentationFile(slides).bytes, as: "a.pptx", limits: limits)
    }

    @Test func `a presentation gives its slides with titles, lists, tables, charts and notes`() throws {
        let document = try Fixture.read("tour.pptx")
        #expect(
            document.text == """
                Harbour Tour

                For new keepers

                Stations

                - Lamp room
                  - Second floor
                - Signal mast

                Station | Height
                Lamp | 21 m
                Mast | 9 m

                Notes: Begin at the lamp.

                (hidden slide)

                A box on its own

                In a group

                Visitors

                | 2023 | 2024
                May | 120 | 135
                June | 180 | 210.5
                """)
        #expect(document.divisions?.unit == .slide)
        #expect(document.pages.count == 4)
        #expect(document.pages[2].hasPrefix("(hidden slide)"))
        #expect(document.headings.map(\.title) == ["Harbour Tour", "Stations", "Slide 3", "Visitors"])
        #expect(document.title == "Harbour Tour")
        #expect(document.author == "M. Ito")
    }

    @Test func `slides stand in the order in which they are shown, each with its notes`() async throws {
        let document = try await read([
            TestSlide(
                shapes: slideShape("body", ["Words"]) + slideShape("title", ["First", "title"]),
                notes: slideShape("sldNum", ["1"]) + slideShape("body", ["Say this.", "Then that."])),
            TestSlide(
                shapes: slideShape("dt", ["Monday"]) + slideShape("ftr", ["Footer"]) + slideShape("sldNum", ["2"])),
            TestSlide(shapes: slideShape("ctrTitle", ["Last"]), attributes: "show=\"0\""),
        ])
        #expect(document.text == "First title\n\nWords\n\nNotes: Say this.\nThen that.\n\nLast\n\n(hidden slide)")
        #expect(document.divisions == Divisions(.slide, starts: [0, 49, 49]))
        #expect(document.headings.map(\.title) == ["First title", "Slide 2", "Last"])
    }

    @Test func `a diagram is a list in the order of its points`() async throws {
        func point(_ id: String, _ text: String, _ type: String = "node") -> String {
            "<dgm:pt modelId=\"\(id)\" type=\"\(type)\"><dgm:t><a:p><a:r><a:t>\(text)</a:t></a:r></a:p></dgm:t></dgm:pt>"
        }
        func link(_ parent: String, _ child: String, _ place: Int, _ type: String = "parOf") -> String {
            "<dgm:cxn type=\"\(type)\" srcId=\"\(parent)\" destId=\"\(child)\" srcOrd=\"\(place)\"/>"
        }
        let points =
            point("0", "", "doc") + point("b", "Second") + point("a", "First") + point("c", "Below")
            + point("x", "drawn again", "pres")
        let links =
            link("0", "b", 1) + link("0", "a", 0) + link("a", "c", 0) + link("c", "a", 0)
            + link("x", "a", 0, "presOf")
        let document = try await read([
            TestSlide(
                shapes: "<p:graphicFrame><dgm:relIds r:dm=\"x0\"/></p:graphicFrame>",
                parts: [("diagramData", "diagrams/data1.xml", "<ROOT><dgm:ptLst>\(points)</dgm:ptLst>\(links)</ROOT>")])
        ])
        #expect(document.text == "- First\n  - Below\n- Second")
    }

    @Test func `of alternatives one is read`() async throws {
        let shape = { (text: String) in slideShape(nil, [text]) }
        let document = try await read([
            TestSlide(
                shapes: """
                    <mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006">
                    <mc:Choice Requires="a">\(shape("New"))</mc:Choice><mc:Choice Requires="b">\(shape("Newer"))</mc:Choice>
                    <mc:Fallback>\(shape("Old"))</mc:Fallback></mc:AlternateContent>\(shape("Then"))
                    """)
        ])
        #expect(document.text == "New\n\nThen")
    }

    @Test func `a slide that is missing or damaged keeps its number`() async throws {
        let good = TestSlide(shapes: slideShape("title", ["Good"]))
        let document = try await read([TestSlide(shapes: "<broken>"), good])
        #expect(document.text == "Good")
        #expect(document.divisions == Divisions(.slide, starts: [0, 0]))
        #expect(document.warnings == ["Slide 1 could not be read: its XML is damaged."])
        await #expect(throws: ParseError.corrupt("its XML is damaged")) {
            try await read([TestSlide(shapes: "<broken>")])
        }
    }

    @Test func `a presentation without words is empty, and what is none is refused`() async throws {
        await #expect(throws: ParseError.empty) { try await read([TestSlide(shapes: "")]) }
        await #expect(throws: ParseError.corrupt("it holds no presentation")) {
            try await Fixture.read(ZipBuilder().adding("ppt/other.xml", "<x/>").bytes, as: "a.pptx")
        }
    }

    @Test func `one slide that is listed thousands of times is read once`() async throws {
        let list = String(repeating: "<p:sldId r:id=\"a\"/>", count: 4000)
        let rels = "<Relationships><Relationship Id=\"a\" Type=\"x/slide\" Target=\"slides/s.xml\"/></Relationships>"
        let text = slideShape(nil, [String(repeating: "x", count: 100_000)])
        let zip = ZipBuilder()
            .adding(
                "ppt/presentation.xml",
                "<p:x xmlns:p=\"p\" xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\">\(list)</p:x>"
            )
            .adding("ppt/_rels/presentation.xml.rels", rels)
            .adding(
                "ppt/slides/s.xml",
                "<p:sld xmlns:p=\"p\" xmlns:a=\"http://schemas.openxmlformats.org/drawingml/2006/main\">\(text)</p:sld>"
            )
        let document = try await Fixture.read(zip.bytes, as: "a.pptx")
        #expect(document.text.count == 100_000)
        #expect(document.divisions?.starts.count == 4000)
    }

    @Test func `entries that lead out, and what unpacks to too much`() async throws {
        let zip = presentationFile([TestSlide(shapes: slideShape(nil, ["Safe"]))]).adding("../lectern-evil", "x")
        #expect(try await Fixture.read(zip.bytes, as: "a.pptx").text == "Safe")
        var limits = ParseLimits()
        limits.maximumExpandedBytes = 4 << 20
        let bomb = zip.adding("ppt/media/a.png", .file([UInt8](repeating: 0, count: 5 << 20)))
        await #expect(throws: ParseError.tooLarge("it unpacks to more than 4 MiB")) {
            try await Fixture.read(bomb.bytes, as: "a.pptx", limits: limits)
        }
    }

    @Test func `numbers that are raised keep a mark, and cells their bars`() async throws {
        let run = { (text: String, baseline: Int) in "<a:r><a:rPr baseline=\"\(baseline)\"/><a:t>\(text)</a:t></a:r>" }
        let shape =
            "<p:sp><p:txBody><a:p>\(run("10", 0))\(run("3", 30000))\(run(" CO", 0))\(run("2", -25000))</a:p></p:txBody></p:sp>"
        let cell = { (text: String) in "<a:tc><a:txBody><a:p><a:r><a:t>\(text)</a:t></a:r></a:p></a:txBody></a:tc>" }
        let table = "<p:graphicFrame><a:tbl><a:tr>\(cell("c|d"))\(cell("e"))</a:tr></a:tbl></p:graphicFrame>"
        let file = presentationFile([TestSlide(shapes: shape + table)])
        #expect(try await Fixture.read(file.bytes, as: "a.pptx").text == "10^3 CO2\n\nc\\|d | e")
    }
}
