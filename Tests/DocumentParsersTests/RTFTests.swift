import Domain
import Foundation
import Testing

@testable import DocumentParsers

@Suite struct RTFTests {
    private func text(_ rtf: String) async throws -> String {
        try await Fixture.read(Array(rtf.utf8), as: "a.rtf").text
    }

    @Test func `a document of LibreOffice keeps headings, lists, tables and notes`() throws {
        let document = try Fixture.read("ferry.rtf")
        let expected = try Fixture.read("ferry.odt")
        // The program writes a hidden section as if it were not hidden, and no seconds of times.
        #expect(document.text == expected.text.replacing("The end.", with: "HIDDEN SECTION\n\nThe end."))
        #expect(document.headings == expected.headings)
        #expect(document.title == "The Ferry")
        #expect(document.author == "Ada Thorn")
        #expect(document.description == "How the ferry runs")
        #expect(document.publishedMilliseconds == 1_614_834_360_000)
    }

    @Test func `a document of WordPad is read in the encodings of its fonts`() async throws {
        let rtf = #"""
            {\rtf1\ansi\ansicpg1252\deff0\nouicompat{\fonttbl{\f0\fnil\fcharset0 Calibri;}{\f1\fnil\fcharset204 Calibri;}
            {\f2\fnil\fcharset128 MS Gothic;}{\f3\fnil\fcharset2 Symbol;}}
            {\*\generator Riched20 10.0.19041}\viewkind4\uc1
            \pard\sa200\sl276\slmult1\b\f0\fs22\lang9 Caf\'e9\b0  costs 5\'80\par
            \f1\lang1049\'cf\'f0\'e8\'e2\'e5\'f2\f0\lang9\par
            \f2\'93\'fa\'96\'7b\f0\par
            {\pntext\f3\'B7\tab}{\*\pn\pnlvlblt\pnf3\pnindent0{\pntxtb\'B7}}One\par
            {\pntext\f3\'B7\tab}Two\par
            }
            """#
        #expect(try await text(rtf) == "Café costs 5€\n\nПривет\n\n日本\n\n- One\n- Two")
    }

    @Test func `items have the numbers that they are shown with, and bullets a dash`() async throws {
        let rtf = #"""
            {\rtf1\ansi{\fonttbl{\f0 A;}{\f1\fcharset2 Wingdings;}}{\stylesheet{\s1\outlinelevel0 heading 1;}}
            \pard\s1{\listtext 1.2\tab}Crew\par\pard\ls1{\listtext 1.\tab}one\par{\listtext\ilvl1 (a)\tab}\ilvl1 inner\par
            \pard\ls1{\listtext iv)\tab}four\par{\listtext\f1 o\tab}round\par{\pntext\'b7\tab}dot\par{\listtext\f1\'a7\tab}square\par}
            """#
        #expect(
            try await text(rtf) == "1.2 Crew\n\n1. one\n  (a) inner\niv) four\n- round\n- dot\n- square")
    }

    @Test func `symbols are what they show, and raised numbers keep a mark`() async throws {
        let rtf = #"""
            {\rtf1\ansi{\fonttbl{\f0 Arial;}{\f2\fcharset2 Symbol;}{\f3\fcharset2 Wingdings;}{\f4\fcharset2 Unknown;}}
            \f0 5 {\f2 m}m, {\f2\'6d}m, {\f2\u-3987 ?}m, {\f3\'fc}, {\f4 x}; 10{\super 3} m{\super -2}, 1{\super st}, 2{\super n}{\sub 1}\par}
            """#
        #expect(try await text(rtf) == "5 μm, μm, μm, ✓, \u{FFFD}; 10^3 m^-2, 1st, 2^n1")
    }

    @Test func `characters of two bytes may end in ASCII`() async throws {
        #expect(try await text(#"{\rtf1\ansi\ansicpg932 \'95\'5c\'8e\'a6 ok}"#) == "表示 ok")
        #expect(try await text(#"{\rtf1{\fonttbl{\f0\fcharset128 Mincho;}}\f0 x\'83\\ y}"#) == "xソ y")
    }

    @Test func `Unicode stands before what others read instead of it`() async throws {
        #expect(
            try await text(#"{\rtf1\uc1 a\u8364?b\u-10179?\u-8704?c{\uc2\u233 xxd}\u233\'e9e\uc0\u233f}"#)
                == "a€b😀cédéeéf")
        #expect(try await text(#"{\rtf1 {\upr{old}{\*\ud{new \u1078?}}}}"#) == "new ж")
        #expect(try await text(#"{\rtf1 one\u8226\bullet two \u233\par three}"#) == "one•two é\n\nthree")
    }

    @Test func `deleted and hidden text, pictures, codes of fields and comments are left out`() async throws {
        let rtf = #"""
            {\rtf1 A{\v HIDDEN}{\deleted GONE}{\pict\wmetafile8 0102ff}{\*\shppict{\pict\bin4 }}}{}}b {\field{\*\fldinst
            {HYPERLINK "http://x"}}{\fldrslt{link}}}{\*\annotation COMMENT}{\*\unknown NOISE}{\header HEAD}\~c\-d\_e\emdash f\par}
            """#
        #expect(try await text(rtf) == "Ab link\u{A0}cd-e—f")
    }

    @Test func `headings follow the outline levels of styles`() async throws {
        let rtf = #"""
            {\rtf1{\stylesheet{\ql Normal;}{\s1\outlinelevel0\sbasedon0 heading 1;}{\s2\sbasedon1 House;}{\s3 toc 1;}{\s4 Title;}
            {\*\cs10 Default Paragraph Font;}}\pard\s4 T\par\pard\s3 One\tab 1\par\pard\s2 One\par\pard text\par\pard\outlinelevel2 Sub\par}
            """#
        let document = try await Fixture.read(Array(rtf.utf8), as: "a.rtf")
        #expect(document.text == "T\n\nOne\n\ntext\n\nSub")
        #expect(document.headings.map(\.level) == [1, 1, 3])
        #expect(document.linesAtHeadings == ["T", "One", "Sub"])
    }

    @Test func `tables are rows, tables within cells are part of the cell`() async throws {
        let rtf = #"""
            {\rtf1 before\par\trowd\cellx1000\cellx2000\pard\intbl a\par b\cell c\cell\row
            \trowd\cellx1000\cellx2000\pard\intbl\itap2 x\nestcell y\nestcell{\*\nesttableprops\trowd\cellx500\nestrow}{\nonesttables\par}
            \pard\intbl\itap1\cell d\cell\row\pard after\par}
            """#
        #expect(try await text(rtf) == "before\n\na b | c\nx | y | d\n\nafter")
    }

    @Test func `notes and text boxes stand where those of Word do`() async throws {
        let rtf = #"""
            {\rtf1 Claim{\super\chftn}{\footnote\pard\plain{\super\chftn} Source.\par}.{\shp{\*\shpinst\shpleft1{\sp{\sn n}{\sv v}}
            {\shptxt\pard In the box\par}}{\shprslt OLD}}\par Next\par}
            """#
        #expect(try await text(rtf) == "Claim[^1].\n\nIn the box\n\nNext\n\n[^1]: Source.")
    }

    @Test func `the format is recognised by its content, and damage is told`() async throws {
        let rtf = Array(#"{\rtf1\ansi Hello}"#.utf8)
        #expect(try await Fixture.read(rtf, as: "letter.doc").text == "Hello")
        await #expect(throws: ParseError.empty) { try await text(#"{\rtf1\ansi\par}"#) }
        await #expect(throws: ParseError.corrupt("it does not look like a Rich Text (RTF) file")) {
            try await text("Hello")
        }
        let cut = try await Fixture.read(Array(rtf.dropLast()), as: "a.rtf")
        #expect(cut.text == "Hello")
        #expect(cut.warnings == ["The file ends in the middle; what followed is missing."])
        await #expect(throws: ParseError.tooLarge("its groups are nested beyond all measure")) {
            try await text(#"{\rtf1 "# + String(repeating: "{", count: 100_000))
        }
    }
}
