import Domain
import Foundation
import TestSupport
import Testing

@testable import DocumentParsers

@Suite struct FormatSelectionTests {
    static let png: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 0x0D, 0x49, 0x48, 0x44, 0x52]

    @Test(arguments: ["README", "notes.txt", "main.swift", "Makefile", "settings.yaml", "a.unheard-of", "old.doc"])
    func `text is read under any name that does not promise something else`(name: String) async throws {
        #expect(try await Fixture.read(Array("plain words".utf8), as: name).text == "plain words")
    }

    @Test(arguments: ["picture.heic", "archive.zip", ".env", ".gitignore", "book.mobi"])
    func `text under the name of something else is refused`(name: String) async throws {
        await #expect(throws: ParseError.unsupported) { try await Fixture.read(Array("plain words".utf8), as: name) }
    }

    @Test func `a PDF is read as PDF whatever its name`() throws {
        #expect(try Fixture.read("pages.pdf", as: "notes.txt").pages.count == 3)
        #expect(try Fixture.read("pages.pdf", as: "manual.docx").pages.count == 3)
    }

    @Test func `a Word document is read as such whatever its name`() throws {
        #expect(try Fixture.read("manual.docx", as: "manual.pdf").title == "Bridge Manual")
    }

    @Test func `an image called text is not supported`() async throws {
        await #expect(throws: ParseError.unsupported) { try await Fixture.read(Self.png, as: "notes.txt") }
    }

    @Test(arguments: ["report.pdf", "report.docx"])
    func `text or an image under the name of a document is called corrupt`(name: String) async throws {
        for content in [Array("<html>Not found</html>".utf8), Self.png] {
            await #expect {
                try await Fixture.read(content, as: name)
            } throws: { error in
                guard case .corrupt(let reason)? = error as? ParseError else { return false }
                return reason.contains("does not look like a")
            }
        }
    }

    @Test func `an archive without a document is unsupported, and corrupt under the name of one`() async throws {
        let zip = ZipBuilder().adding("photos/one.txt", "x").bytes
        for name in ["photos.zip", "photos.txt", "photos"] {
            await #expect(throws: ParseError.unsupported) { try await Fixture.read(zip, as: name) }
        }
        await #expect(throws: ParseError.corrupt("it does not look like a Word (DOCX) file")) {
            try await Fixture.read(zip, as: "photos.docx")
        }
    }

    @Test(arguments: ["empty.txt", "empty.pdf", "empty.docx", "empty.html", "README"])
    func `a file of no bytes is empty`(name: String) async throws {
        await #expect(throws: ParseError.empty) { try await Fixture.read([], as: name) }
    }

    @Test func `old, encrypted and damaged Office files are told apart, whatever their name`() async throws {
        #expect(throws: ParseError.encrypted) { try Fixture.read("encrypted.docx") }
        #expect(try Fixture.read("letter.doc", as: "letter.docx").text.hasPrefix("Bridge Manual"))
        var damaged: [UInt8] = [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1]
        damaged += [UInt8](repeating: 0, count: 2040)
        for name in ["letter.doc", "letter.docx"] {
            await #expect(throws: ParseError.corrupt("its compound file is damaged")) {
                try await Fixture.read(damaged, as: name)
            }
        }
        await #expect(throws: ParseError.unsupported) { try await Fixture.read(damaged, as: "thumbs.db") }
    }

    @Test func `what is exported under the name of an old Office file is read as what it is`() async throws {
        let page = Array("\u{FEFF}<HTML><body><p>A page</p></body></HTML>".utf8)
        #expect(try await Fixture.read(page, as: "report.xls").text == "A page")
        #expect(try await Fixture.read(Array("a\tb\n".utf8), as: "report.xls").text == "a\tb\n")
    }

    @Test func `random bytes are never taken for text`() async throws {
        var generator = SplitMix64(seed: 1)
        for _ in 0..<50 {
            let bytes = (0..<4096).map { _ in UInt8.random(in: 0...255, using: &generator) }
            await #expect(throws: ParseError.unsupported) { try await Fixture.read(bytes, as: "noise.unheard-of") }
        }
    }

    @Test(arguments: [
        ("a.TXT", ".txt"), ("b.tar.gz", ".gz"), ("README", ""), (".env", ""), ("dot.", ""), ("../x.d/y", ""),
        ("C:\\dir\\z.PDF", ".pdf"), ("", ""),
    ])
    func `the extension is the last suffix of the base name`(name: String, expected: String) {
        #expect(FileExtension.of(name) == expected)
    }

    @Test func `clients are told exactly what is read, in the order of the contract`() {
        let types = InProcessDocumentReader().acceptedTypes
        #expect(
            types.map(\.mediaType) == [
                "text/plain", "text/html", "text/csv", "application/json",
                "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
                "application/vnd.openxmlformats-officedocument.presentationml.presentation",
                "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
                "application/vnd.oasis.opendocument.text", "application/vnd.oasis.opendocument.presentation",
                "application/vnd.oasis.opendocument.spreadsheet", "application/pdf",
                "application/mbox", "audio/wav", "audio/mpeg", "audio/ogg", "audio/opus", "audio/mp4", "audio/x-m4a",
                "audio/webm", "video/mp4", "video/mpeg", "application/rtf", "message/rfc822", "application/epub+zip",
                "image/png", "image/jpeg", "image/jpg", "image/webp", "image/tiff", "image/gif", "image/bmp",
                "application/xml", "application/vnd.ms-word.document.macroEnabled.12",
                "application/vnd.openxmlformats-officedocument.wordprocessingml.template",
                "application/vnd.ms-powerpoint.presentation.macroEnabled.12",
                "application/vnd.openxmlformats-officedocument.presentationml.template",
                "application/vnd.openxmlformats-officedocument.presentationml.slideshow", "application/xhtml+xml",
                "application/vnd.ms-excel.sheet.macroEnabled.12",
                "application/vnd.openxmlformats-officedocument.spreadsheetml.template",
                "application/msword", "application/vnd.ms-powerpoint", "application/vnd.ms-excel", "video/webm",
                "audio/flac", "audio/aac", "audio/aiff", "audio/amr", "audio/x-caf", "audio/basic", "audio/x-ms-wma",
                "video/x-ms-wmv", "video/quicktime", "video/x-matroska", "video/x-msvideo", "video/3gpp", "video/mp2t",
                "video/x-flv",
            ])
        #expect(
            types.filter { $0.recording != nil }.allSatisfy {
                $0.mediaType.hasPrefix("audio/") || $0.mediaType.hasPrefix("video/")
            })
        #expect(types[0].fileExtensions == [".txt", ".md", ".org", ".adoc", ".rst"])
        #expect(types[1].fileExtensions == [".html", ".htm"])
        #expect(types[2].fileExtensions == [".csv", ".tsv"])
        #expect(types[3].fileExtensions == [".json", ".jsonl", ".ndjson", ".geojson"])
    }
}
