import Domain
import Testing

@Suite struct NormalFormTests {
    @Test(arguments: [
        ("部品ＡＸ－２００ の在庫", "部品AX-200 の在庫"), ("ﾎﾞﾙﾄ の在庫", "ボルト の在庫"), ("o\u{FB03}ce", "office"),
        ("Immo\u{AD}bilien", "Immobilien"), ("e\u{301}", "é"), ("plain", "plain"), ("50\u{A0}µm", "50 μm"),
    ])
    func `characters that stand for others are those in what is compared`(text: String, expected: String) {
        #expect(Array(text.compatible.unicodeScalars) == Array(expected.unicodeScalars))
        #expect(LexicalTerms.terms(in: text) == LexicalTerms.terms(in: expected))
    }
}
