import Domain
import Foundation
import TestSupport
import Testing

@testable import DocumentParsers

/// Attack row A7, on a real file of each format that is a ZIP archive.
@Suite(.timeLimit(.minutes(5))) struct ArchiveAttackTests {
    static let files = [
        "manual.docx", "formats/manual.docm", "formats/manual.dotx", "tour.pptx", "formats/tour.pptm",
        "formats/tour.potx",
        "orders.xlsx", "formats/orders.xlsm", "formats/orders.xltx", "ferry.odt", "lighthouse.odp", "trips.ods",
        "book-2.epub", "book-3.epub",
    ]

    /// The entries of a file, in order; `change` may give one another content.
    private func repacked(
        _ file: String, _ change: (_ name: String, _ content: [UInt8]) -> [UInt8] = { $1 }
    ) throws -> ZipBuilder {
        let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: Fixture.path(file))))
        let archive = ZipArchive(bytes, limits: ParseLimits())
        let contents = try archive.contents { _ in true }
        return try archive.entryNames().reduce(ZipBuilder()) { zip, name in
            zip.adding(name, .file(change(name, contents[name] ?? [])))
        }
    }

    private func read(_ zip: ZipBuilder, as file: String, limits: ParseLimits = ParseLimits()) async throws -> [String]
    {
        try await Fixture.readAll(zip.bytes, as: (file as NSString).lastPathComponent, limits: limits).map(\.text)
    }

    @Test(arguments: files)
    func `entries that lead out, links and archives within mean nothing`(file: String) async throws {
        let names = ["../../lectern-evil", "/tmp/lectern-evil", "..\\lectern-evil", "x/../../lectern-evil"]
        var zip = try repacked(file)
        for name in names { zip = zip.adding(name, "evil") }
        for name in ["passwd.xml", "Pictures/x.png"] {
            zip = zip.adding(name, .link(target: "/etc/passwd"))
        }
        zip = zip.adding("inner.docx", .file(wordFile(body: "<w:p><w:r><w:t>INNER</w:t></w:r></w:p>").bytes))
        #expect(try await read(zip, as: file) == Fixture.readAll(file).map(\.text))
        #expect(!FileManager.default.fileExists(atPath: "/tmp/lectern-evil"))
    }

    @Test(arguments: files)
    func `parts that unpack a thousandfold are refused`(file: String) async throws {
        var limits = ParseLimits()
        limits.maximumExpandedBytes = 4 << 20
        let zeros = [UInt8](repeating: 0x20, count: 5 << 20)
        let zip = try repacked(file) { name, content in
            name.hasSuffix("ml") && !name.contains("Types") && name != "META-INF/container.xml" ? zeros : content
        }
        #expect(zip.bytes.count < 1 << 20)
        await #expect(throws: ParseError.tooLarge("it unpacks to more than 4 MiB")) {
            try await read(zip, as: file, limits: limits)
        }
    }

    @Test(arguments: files)
    func `entities are neither expanded nor fetched`(file: String) async throws {
        let levels = (1...30).map { "<!ENTITY a\($0) \"&a\($0 - 1);&a\($0 - 1);\">" }.joined()
        let type = "<!DOCTYPE x [<!ENTITY a0 \"ha\">\(levels)<!ENTITY f SYSTEM \"file:///etc/passwd\">]>"
        // In front of the root, and two references within it.
        let zip = try repacked(file) { name, content in
            guard name.hasSuffix("ml"), name != "META-INF/container.xml" else { return content }
            let text = String(decoding: content, as: UTF8.self)
            guard let root = text.range(of: #"<[A-Za-z]"#, options: .regularExpression)?.lowerBound,
                let end = text[root...].firstIndex(of: ">")
            else { return content }
            let inside = text[...end].last == ">" && text[text.index(before: end)] != "/" ? "&a30;&f;" : ""
            return Array((text[..<root] + type + text[root...end] + inside + text[text.index(after: end)...]).utf8)
        }
        let texts = (try? await read(zip, as: file)) ?? []
        #expect(!texts.contains { $0.contains("hahaha") || $0.contains("root:") })
        #expect(texts.reduce(0) { $0 + $1.utf8.count } < 100_000)
    }
}
