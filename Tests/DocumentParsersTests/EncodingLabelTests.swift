import Domain
import Foundation
import Testing

@testable import DocumentParsers

@Suite struct EncodingLabelTests {
    private func page(_ content: [UInt8], label: String) -> [UInt8] {
        Array("<!doctype html><meta charset=\"\(label)\"><title>t</title><p>".utf8) + content + Array("</p>".utf8)
    }

    /// What pages under these names are written in, and one text of each.
    static let labels: [(labels: String, encoding: String, text: String)] = [
        ("iso_8859-1 l1 cp819 csisolatin1 ibm819 iso8859-1 us-ascii x-cp1252", "CP1252", "“Müller” zahlt 5 €"),
        ("latin5 l5 iso8859-9 csisolatin5 iso-8859-9", "CP1254", "Kırmızı ağaç 5 €"),
        ("iso-8859-11 iso8859-11 tis-620 dos-874", "CP874", "ราคา 5 €"), ("x-cp1250", "CP1250", "Příliš žluťoučký"),
        ("x-cp1251", "CP1251", "Їжак і ґедзь"), ("x-cp1255", "CP1255", "שלום"),
        ("logical iso-8859-8-i csiso88598i visual", "ISO-8859-8", "שלום"), ("x-cp1256", "CP1256", "مرحبا"),
        ("x-gbk gb_2312-80 chinese csgb2312 gb2312 gb18030", "GBK", "朱镕基仓库"),
        ("ks_c_5601-1989 korean euc-kr windows-949 ksc5601", "CP949", "똠방각하 펌프"),
        ("windows-949", "CP949", "안녕 세계"), ("ms_kanji csshiftjis windows-31j x-sjis", "CP932", "①在庫 髙﨑"),
        ("x-x-big5 cn-big5 big5-hkscs", "BIG5-HKSCS", "庫存清單 喺度"),
        ("x-mac-roman macintosh csmacintosh", "MACINTOSH", "Überstraße “Ärger”"),
        ("x-mac-cyrillic x-mac-ukrainian", "MAC-CYRILLIC", "Київ і Ґрунт"), ("koi", "KOI8-R", "Привет"),
        ("koi8-ru", "KOI8-U", "Їжак і ґедзь"), ("866 csibm866", "CP866", "Привет"),
        ("sun_eu_greek", "ISO-8859-7", "Αθήνα"),
        ("ecma-114", "ISO-8859-6", "مرحبا"), ("x-euc-jp cseucpkdfmtjapanese", "EUC-JP", "在庫一覧 ｶﾅ"),
        ("x-user-defined", "CP1252", "“Müller”"), ("cp437", "CP437", "Größe"),
    ]

    @Test(arguments: labels)
    func `a page is read as its label means`(labels: String, encoding: String, text: String) async throws {
        let content = try encoded(text, as: encoding)
        for label in labels.split(separator: " ") {
            let document = try await Fixture.read(page(content, label: String(label)), as: "page.html")
            #expect(document.text == text, "\(label)")
        }
    }

    @Test func `EUC-JP and ISO-2022-JP have the rows of NEC and IBM`() async throws {
        for (bytes, text) in [
            ([0xAD, 0xA1] as [UInt8], "①"), ([0xF9, 0xA1], "纊"), ([0xFC, 0xF1], "ⅰ"), ([0x8F, 0xB0, 0xA1], "丂"),
            ([0x8E, 0xB1], "ｱ"),
        ] {
            #expect(JapaneseEncodings.decodeEUC(bytes) == text)
        }
        let escaped: [UInt8] = [0x1B, 0x24, 0x42, 0x2D, 0x21, 0x3A, 0x5F, 0x1B, 0x28, 0x42, 0x21]
        #expect(try await Fixture.read(escaped, as: "a.txt").text == "①在!")
        #expect(JapaneseEncodings.decodeEUC([0xA4]) == "\u{FFFD}")
    }

    @Test func `what the C library lacks of Big5 and GB 18030 is filled in`() {
        #expect(LegacyEncoding.big5.decode([0x8E, 0x69, 0x41, 0xF9, 0xD6]) == "箸A碁")
        #expect(LegacyEncoding.gb18030.decode([0x80, 0x35, 0x81, 0x30, 0x81, 0x30]) == "€5\u{80}")
    }

    @Test func `single bytes mean what the standard's indexes say`() throws {
        // Made by script/fixtures/make-encoding-indexes: the name, and what the bytes from 0x80 on stand for.
        let lines = try String(contentsOfFile: Fixture.path("single-byte-indexes.txt"), encoding: .utf8)
            .split(separator: "\n")
        #expect(lines.count == 28)
        for line in lines {
            let parts = line.split(separator: "\t", maxSplits: 1)
            let expected = String(parts[1]).unicodeScalars.map { $0 == "\u{E000}" ? "\u{FFFD}" : $0 }
            guard case .legacy(let encoding)? = EncodingLabel.meaning(of: String(parts[0])),
                case .singleByte(let name) = encoding, let table = SingleByteTable.named(name)
            else {
                Issue.record("\(parts[0]) is not known")
                continue
            }
            for (byte, scalar) in zip(UInt8(0x80)...0xFF, expected) {
                #expect(table.decode([byte]) == String(scalar), "\(parts[0]) \(byte)")
            }
        }
    }

    @Test func `every label of the standard is known`() throws {
        let labels = try String(contentsOfFile: Fixture.path("encoding-labels.txt"), encoding: .utf8)
            .split(separator: "\n")
        #expect(labels.count == 228)
        for label in labels { #expect(EncodingLabel.meaning(of: " \(label.uppercased()) ") != nil, "\(label)") }
    }

    @Test func `a label that nobody could read in its own encoding counts for nothing`() async throws {
        for label in ["utf-8", "utf-16", "iso-2022-kr", "utf-7", "ibm037", "no such"] {
            let bytes = try encoded("Größe und Höhe", as: "CP1252")
            #expect(try await Fixture.read(page(bytes, label: label), as: "page.html").text == "Größe und Höhe")
        }
    }
}
