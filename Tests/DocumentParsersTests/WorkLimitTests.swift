import Domain
import Foundation
import TestSupport
import Testing

@testable import DocumentParsers

/// Small files that make much work, and much of what is cheap.
@Suite(.timeLimit(.minutes(2))) struct WorkLimitTests {
    @Test func `processor time fits the size of the file and ends at a minute`() {
        let limits = ParseLimits()
        #expect(limits.fitting(fileOfBytes: 700).maximumProcessorSeconds == 5)
        #expect(limits.fitting(fileOfBytes: 1 << 20).maximumProcessorSeconds == 15)
        #expect(limits.fitting(fileOfBytes: 1 << 30).maximumProcessorSeconds == 60)
        #expect(limits.fitting(fileOfBytes: 1 << 30).maximumSeconds <= 600)
    }

    @Test func `attributes beyond any page's are passed over`() async throws {
        let many = (0..<80_000).map { "a\($0)=\"<b c>\" " }.joined()
        let html =
            "<p hidden \(many)>HIDDEN</p><p \(many) x='y'>Text.</p><!-- <p \(many)> --><script>if (a<b) '</script>End"
        let document = try await Fixture.read(Array(html.utf8), as: "page.html")
        #expect(document.text == "Text.\n\nEnd")
        let usual = "<p class=\"a\" id=b>T"
        #expect(HTMLAttributeLimit.apply(to: usual) == usual)
    }

    @Test func `a Word file of millions of empty paragraphs is refused`() async throws {
        let body = String(repeating: "<w:p/>", count: 1_100_000)
        let xml = "<w:document xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\"><w:body>\(body)"
        let zip = ZipBuilder().adding("word/document.xml", xml + "</w:body></w:document>")
        await #expect(throws: ParseError.tooLarge("it has more parts than any document has")) {
            try await Fixture.read(zip.bytes, as: "a.docx")
        }
    }

    @Test func `headings are bounded in number and length`() async throws {
        let text = String(repeating: "# h\n\n", count: 60_000) + "# " + String(repeating: "x", count: 5000) + "\n"
        let document = try await Fixture.read(Array(text.utf8), as: "a.md")
        #expect(document.headings.count == Outline.maximumHeadings)
        let long = try await Fixture.read(Array(("# " + String(repeating: "x", count: 5000)).utf8), as: "a.md")
        #expect(long.headings.first?.title.count == Outline.maximumTitleLength)
    }

    @Test func `bytes that are no text are refused under any extension`() async throws {
        let binary = (0..<1600).map { UInt8($0 % 4) }
        for name in ["x.zzunknown", "x", "x.txt"] {
            await #expect(throws: ParseError.unsupported) { try await Fixture.read(binary, as: name) }
        }
    }

    @Test func `UTF-16 with a character between tabs is no UTF-32`() async throws {
        let bytes = "a\tb\nc\td".utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
        #expect(try await Fixture.read(bytes, as: "a.txt").text == "a\tb\nc\td")
    }

    @Test func `texts go in while slow files are being read`() async throws {
        let reader = SandboxedDocumentReader(command: ["/bin/sh", "-c", "sleep 600", "sh"], parallelism: 1)
        let path = try Fixture.path("pages.pdf")
        let slow = (0..<3).map { _ in Task { try await reader.read(path: path, fileName: "a.pdf") } }
        let text = try await Fixture.withFile(Array("plain".utf8)) {
            try await reader.read(path: $0, fileName: "a.txt")
        }
        #expect(text.first?.text == "plain")
        for task in slow { task.cancel() }
        for task in slow { await #expect(throws: CancellationError.self) { try await task.value } }
    }
}
