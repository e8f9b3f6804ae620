import Domain
import Foundation
import Testing

@testable import DocumentParsers

/// Texts that nobody labelled, each read as a person would.
@Suite struct EncodingDetectorTests {
    /// Those of public bug reports: short ones, and one row of another alphabet behind much ASCII.
    static let reported: [(String, String)] = [
        ("1,佐藤\n2,鈴木\n", "CP932"), ("在庫一覧", "CP932"), ("ﾃｽﾄ 部品ﾘｽﾄ", "CP932"), ("仓库每周一盘点。", "GB18030"),
        ("id,name\n1,王伟\n2,李娜\n", "GBK"), ("Příliš žluťoučký kůň", "CP1250"), ("Привіт, світе! Її ґрунт", "KOI8-U"),
        ("señor Peña", "CP1252"), ("a\tb\nc\td", "UTF-16LE"), ("Привет", "UTF-16LE"), ("Αθήνα", "UTF-16BE"),
        (
            "id,name\n" + (1000..<1720).map { "\($0),ok\n" }.joined() + "1720,佐藤\n1721,鈴木\n", "CP932"
        ),
    ]

    static let short: [(String, String)] = [
        ("Größe", "CP1252"), ("déjà vu", "CP1252"), ("São Paulo", "CP1252"), ("Müller zahlt 5 €", "CP1252"),
        ("„Grüße“ aus Köln", "CP1252"), ("Ærøskøbing", "CP1252"), ("Łódź i Gdańsk", "CP1250"),
        ("Árvíztűrő tükörfúrógép", "ISO-8859-2"), ("Kırmızı ağaç", "CP1254"), ("Ačiū už žinią", "CP1257"),
        ("Привет, мир", "CP1251"), ("Привет, мир", "KOI8-R"), ("Привет, мир", "CP866"), ("Србија и Ћуприја", "CP1251"),
        ("Καλημέρα κόσμε", "CP1253"), ("Καλημέρα κόσμε", "CP737"), ("שלום עולם", "CP1255"), ("שלום עולם", "CP862"),
        ("مرحبا بالعالم", "CP1256"), ("سلام دنيا", "CP1256"), ("สวัสดีชาวโลก", "CP874"), ("Việt Nam đất nước", "CP1258"),
        ("안녕 세계", "CP949"), ("펌프에서 물이 샌다.", "CP949"), ("똠방각하 펌프", "CP949"), ("庫存清單", "BIG5"),
        ("倉庫管理系統", "BIG5"), ("東京都の在庫", "EUC-JP"), ("①在庫一覧", "CP932"), ("人民共和国", "GBK"),
    ]

    /// One sign or letter among ASCII.
    static let lone: [(String, String)] = [
        ("The room has an area of 20 m² and is heated.", "CP1252"), ("item,price\npump,500 €\nvalve,20 €\n", "CP1252"),
        ("Total: 1.250,00 €\nMwSt: 200,00 €", "CP1252"), ("Price 5 €", "CP1252"), ("Price 5 £", "CP1252"),
        ("Price: £5", "CP1252"), ("100 ¥", "CP1252"), ("Price: 50 ¢", "CP1252"),
        ("width;3 × 4\nheight;5 × 6\n", "CP1252"),
        ("m²", "CP1252"), ("5 m³", "CP1252"), ("§ 5", "CP1252"), ("ACME®", "CP1252"), ("note¹ and note²", "CP1252"),
        ("Größe: 5 µ", "CP1252"), ("Größe: 5 µm", "CP1252"), ("25 °C ± 2", "CP1252"), ("Preis: 5 €", "ISO-8859-15"),
        ("Žluťoučký kůň pěl ódy", "ISO-8859-2"), ("Źle się czuję", "ISO-8859-2"),
        ("Śniadanie jest gotowe", "ISO-8859-2"),
        ("Où est-il ? œuvre", "ISO-8859-15"),
    ]

    static let paragraphs: [(String, String)] = [
        ("Der Kühlraum liegt über dem Hof; die Tür schließt von außen. Nächste Prüfung: März.", "MACINTOSH"),
        ("Der Kühlraum liegt über dem Hof; die Tür schließt von außen. Nächste Prüfung: März.", "CP437"),
        ("La pompe a été changée après l’été dernier, grâce à l’équipe du bâtiment.", "MACINTOSH"),
        ("La pompe a été changée après l'été dernier, grâce à l'équipe du bâtiment.", "CP850"),
        ("Čerpadlo bylo vyměněno, protože těsnění už nedrželo tlak.", "CP852"),
        ("Сервер находится в подвале, ключ лежит у дежурного.", "MAC-CYRILLIC"),
        ("Сервер находится в подвале, ключ лежит у дежурного.", "ISO-8859-5"),
        ("Η αντλία βρίσκεται στο υπόγειο και το κλειδί είναι στο γραφείο.", "ISO-8859-7"),
        ("המשאבה נמצאת במרתף והמפתח נמצא במשרד.", "ISO-8859-8"),
        ("المضخة موجودة في القبو والمفتاح في المكتب.", "ISO-8859-6"),
        ("Máy bơm nằm dưới tầng hầm, chìa khóa ở văn phòng.", "CP1258"),
        ("Pompa bodrumda, anahtar ise büroda; şalter kırmızı değil.", "CP857"),
        ("╔════════╗\n║ Größe  ║\n╚════════╝\nDie Tür schließt nicht.\n", "CP437"),
        ("倉庫の鍵は事務所にあります。ポンプは地下です。", "EUC-JP"),
        ("地下室的水泵每周检查一次，钥匙在办公室。", "GB18030"),
        ("地下室的水泵每週檢查一次，鑰匙在辦公室。", "BIG5"),
        ("ポンプは地下です。ﾎﾞﾙﾄの在庫", "ISO-2022-JP-3"),
    ]

    @Test(arguments: reported + short + lone + paragraphs)
    func `a text without a label is read in its own encoding`(text: String, encoding: String) async throws {
        let read = try await Fixture.read(encoded(text, as: encoding), as: "a.txt").text
        #expect(read == text)
    }

    @Test func `short UTF-16 in every script is recognised without a mark`() async throws {
        for text in ["word", "Grüße", "Привет", "Αθήνα", "שלום", "مرحبا", "Հայերեն", "हिन्दी पाठ", "ქართული", "在庫一覧\n"] {
            for encoding in ["UTF-16LE", "UTF-16BE"] {
                #expect(try await Fixture.read(encoded(text, as: encoding), as: "a.txt").text == text)
            }
        }
    }

    @Test func `bytes that count up are no text under any unknown name`() async throws {
        let bytes = (0..<400).flatMap { _ in [0, 1, 2, 3] as [UInt8] }
        for name in ["x.zzunknown", "x", "x.txt"] {
            await #expect(throws: ParseError.unsupported) { try await Fixture.read(bytes, as: name) }
        }
    }

    @Test func `a sample of a long text holds words of all of it`() {
        let text = Array("plain words and more of them. ".utf8)
        var long = [UInt8]("".utf8)
        for _ in 0..<10_000 { long += text }
        long += [0x8D, 0xB2, 0x93, 0xA1]
        let sample = EncodingSample(long, length: 2000).bytes
        #expect(sample.count < 100)
        #expect(sample.suffix(4) == [0x8D, 0xB2, 0x93, 0xA1])
        let foreign = [UInt8](repeating: 0xE0, count: 1 << 20)
        #expect(EncodingSample(foreign, length: 2000).bytes.count < 4000)
    }
}
