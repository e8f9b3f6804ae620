import Domain
import Foundation
import Testing

@testable import DocumentParsers

@Suite struct TextTests {
    @Test func `a byte order mark is dropped and line ends become line feeds`() async throws {
        let document = try await Fixture.read([0xEF, 0xBB, 0xBF] + Array("a\r\nb\rc\nd\u{C}e".utf8), as: "a.txt")
        #expect(document.text == "a\nb\nc\nd\ne")
    }

    @Test func `control characters are left out, and a NUL is a space`() async throws {
        let document = try await Fixture.read(Array("one\u{0}two\u{1}\u{7F}\tthree".utf8), as: "a.txt")
        #expect(document.text == "one two\tthree")
        #expect(try await Fixture.read(Array("a\u{0}b".utf8), as: "a.md").text == "a b")
    }

    @Test func `control characters under an unknown name are not text`() async throws {
        await #expect(throws: ParseError.unsupported) {
            try await Fixture.read(Array("one\u{0}two\u{1}\u{7F}\tthree".utf8), as: "a.unheard-of")
        }
    }

    @Test(arguments: [
        String.Encoding.utf16LittleEndian, .utf16BigEndian, .utf32LittleEndian, .utf32BigEndian,
    ])
    func `UTF-16 and UTF-32 are recognised without a mark`(encoding: String.Encoding) async throws {
        for text in ["Grüße aus Köln, 東京 and \u{1F600}.\nSecond line", "word"] {
            let bytes = try #require(text.data(using: encoding))
            #expect(try await Fixture.read(Array(bytes), as: "a.txt").text == text)
        }
    }

    @Test func `UTF-16 in Chinese without a single Latin letter is recognised by its line ends`() async throws {
        let text = String(repeating: "天地玄黄宇宙洪荒日月盈昃辰宿列张\n", count: 8)
        for encoding in [String.Encoding.utf16LittleEndian, .utf16BigEndian] {
            let bytes = try #require(text.data(using: encoding))
            #expect(try await Fixture.read(Array(bytes), as: "a.txt").text == text)
        }
    }

    @Test(arguments: [([0xFF, 0xFE] as [UInt8], String.Encoding.utf16LittleEndian), ([0xFE, 0xFF], .utf16BigEndian)])
    func `UTF-16 with a mark is decoded`(mark: [UInt8], encoding: String.Encoding) async throws {
        let bytes = try #require("naïve".data(using: encoding))
        #expect(try await Fixture.read(mark + Array(bytes), as: "a.csv").text == "naïve")
    }

    static let legacy: [(String, String.Encoding)] = [
        ("Le garçon a mangé une crêpe à la crème; où était le maître? Déjà, l'été s'achève.", .isoLatin1),
        ("Съешь же ещё этих мягких французских булок, да выпей чаю. Широкая электрификация.", .windowsCP1251),
        ("吾輩は猫である。名前はまだ無い。どこで生れたかとんと見当がつかぬ。", .shiftJIS),
        ("吾輩は猫である。名前はまだ無い。どこで生れたかとんと見当がつかぬ。", .iso2022JP),
    ]

    @Test(arguments: legacy)
    func `legacy encodings are recognised`(text: String, encoding: String.Encoding) async throws {
        let bytes = try #require(text.data(using: encoding))
        #expect(try await Fixture.read(Array(bytes), as: "a.txt").text == text)
    }

    @Test func `a few bad bytes do not make UTF-8 something else`() async throws {
        let good = String(repeating: "Zwölf Boxkämpfer jagen Viktor quer über den Sylter Deich. ", count: 20)
        let document = try await Fixture.read(Array(good.utf8) + [0xFF] + Array("Ende".utf8), as: "a.log")
        #expect(document.text == good + "\u{FFFD}Ende")
    }

    @Test func `white space alone is empty`() async throws {
        await #expect(throws: ParseError.empty) { try await Fixture.read(Array(" \n\t\r\n".utf8), as: "a.txt") }
    }

    @Test func `text over the limit is refused`() async throws {
        var limits = ParseLimits()
        limits.maximumTextBytes = 1 << 20
        let bytes = [UInt8](repeating: 0x61, count: 1 << 20)
        #expect(try await Fixture.read(bytes, as: "a.txt", limits: limits).text.utf8.count == 1 << 20)
        await #expect(throws: ParseError.tooLarge("it has more than 1 MiB of text")) {
            try await Fixture.read(bytes + [0x61], as: "a.txt", limits: limits)
        }
    }

    @Test(arguments: [
        ("2024", 1_704_067_200_000), ("2024-03-05", 1_709_596_800_000), ("1969-12-31", -86_400_000),
        ("2024-03-05T07:08:09Z", 1_709_622_489_000), ("2024-03-05T07:08:09.25+01:00", 1_709_618_889_250),
        ("2024-03-05T07:08:09+01", 1_709_618_889_000), ("2024/03/05 07:08", 1_709_622_480_000),
    ])
    func `dates are read`(text: String, milliseconds: Int64) {
        #expect(DocumentDate.milliseconds(text) == milliseconds)
    }

    @Test(arguments: ["", "today", "2024-13-01", "2024-03-05x", "24-03-05", "0000-01-01"])
    func `what is no date is not guessed`(text: String) {
        #expect(DocumentDate.milliseconds(text) == nil)
    }
}
