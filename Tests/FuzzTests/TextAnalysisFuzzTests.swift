import Testing
import TextAnalysis

extension FuzzTests {
    /// Every text that is stored and every question is cut into terms in the server's own process.
    @Test func terms() async throws {
        let fuzzer = Fuzzer(
            "terms",
            seeds: [
                "The pump GSK-B417 (v1.2.3) isn't in report_2024-final.pdf, costs 1,000.50 and l'eau's camelCaseName.",
                "Die Häuser am Fluß wurden geprüft.", "Les machines de l'usine étaient arrêtées.",
                "Заявления подаются до 5 мая.", "東京都の在庫ＡＸ－２００ 펌프에서 물이 샌다 ห้องใต้ดิน",
                "السيارة في البيت", "Οι δρόμοι της πόλης", "पंप तहखाने में नहीं है", String(repeating: "a-1.", count: 200),
            ],
            dictionary: ["-", ".", "_", "'", "\u{2019}", "\u{2011}", "1", "A", "a", "ß", "İ", "\u{301}", "漢", " "])
        let analyzers = TextLanguage.allCases.map { TextAnalyzer($0) }
        await fuzzer.run { input, random in
            let text = String(decoding: input, as: UTF8.self)
            let analyzer = analyzers[Int(random.next() % UInt64(analyzers.count))]
            let terms = analyzer.terms(of: text)
            // Every space parts two terms.
            let spaces = terms.utf8.count { $0 == UInt8(ascii: " ") }
            #expect(analyzer.separateTerms(of: text).count == (terms.isEmpty ? 0 : spaces + 1))
            _ = TextLanguage(of: text)
            return !terms.isEmpty
        }
    }
}
