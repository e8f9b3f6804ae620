import Domain
import Testing

@Suite struct TokenEstimateTests {
    /// Counts made with OpenAI's `tiktoken` 0.14 and its encoding cl100k_base.
    @Test(arguments: [
        (
            "The committee met on Tuesday to review the budget, and after a long discussion decided to "
                + "postpone the vote until the figures from the northern offices had arrived.", 30
        ),
        (
            "Der Ausschuss trat am Dienstag zusammen, um den Haushalt zu prüfen, und beschloss nach langer "
                + "Aussprache, die Abstimmung zu verschieben, bis die Zahlen aus den Außenstellen vorliegen.", 53
        ),
        (
            "Le comité s'est réuni mardi pour examiner le budget et a décidé, après une longue discussion,"
                + " de reporter le vote jusqu'à l'arrivée des chiffres.", 40
        ),
        (
            "Комитет собрался во вторник, чтобы рассмотреть бюджет, и после долгого обсуждения решил "
                + "отложить голосование до получения данных.", 56
        ),
        (
            "委员会星期二开会审查预算，经过长时间讨论后决定推迟表决，直到北方办事处的数字送达为止。", 47
        ),
        (
            "委員会は火曜日に予算を審査するために集まり、長い議論の末、数字が届くまで採決を延期することを決めた。", 63
        ),
        (
            "اجتمعت اللجنة يوم الثلاثاء لمراجعة الميزانية، وقررت بعد نقاش طويل تأجيل التصويت.", 59
        ),
        (
            "func total(_ items: [Item]) -> Double {\n    items.reduce(0) { $0 + $1.price * Double($1.quantity) "
                + "}\n}\n", 32
        ),
        (
            "for (let i = 0; i < list.length; i++) {\n  if (list[i].id === id) return list[i];\n}\n", 31
        ),
        (
            "{\"id\": 42, \"name\": \"Alice Example\", \"tags\": [\"a\", \"b\"], \"active\": true, \"score\":"
                + " 12.75, \"parent\": null}", 40
        ),
        (
            "id,date,city,quantity,price\n10482,2024-03-05,Berlin,12,19.99\n10483,2024-03-06,Paris,7,"
                + "249.00\n10484,2024-03-06,London,131,5.25\n", 64
        ),
        (
            "<ul class=\"menu\">\n  <li><a href=\"/docs/index.html\">Documentation</a></li>\n</ul>\n", 25
        ),
    ])
    func `estimates are near the true counts of cl100k_base`(text: String, count: Int) {
        // Single sentences deviate more than the documents that the estimate is for.
        #expect(abs(TokenEstimate.tokens(in: text) - count) <= count / 5)
    }

    @Test func `only an empty text has no tokens`() {
        #expect(TokenEstimate.tokens(in: "") == 0)
        for text in [" ", "a", "\n", "\u{0}", "é", "😀"] { #expect(TokenEstimate.tokens(in: text) >= 1) }
    }

    @Test(arguments: ["=", "zq", "\u{301}", " ", "\u{10FFFF}"])
    func `no repetition is estimated at less than a token for sixteen bytes`(unit: String) {
        let text = String(repeating: unit, count: 10_000)
        #expect(TokenEstimate.tokens(in: text) >= text.utf8.count / 16)
    }

    private static let texts = [
        String(repeating: "The quick brown fox jumps over the lazy dog. ", count: 50),
        String(repeating: "👩‍👩‍👧‍👦🇩🇪e\u{301}日本語 नमस्ते ", count: 50), String(repeating: "x", count: 2000), "short", "",
    ]

    @Test(arguments: texts, [-1, 0, 1, 7, 50, 100_000])
    func `a prefix keeps to its limit and ends between characters`(text: String, limit: Int) {
        let prefix = TokenEstimate.prefix(of: text, tokens: limit)
        #expect(text.hasPrefix(prefix))
        #expect(TokenEstimate.tokens(in: String(prefix)) <= max(limit, 0))
        #expect(Array(text).starts(with: Array(prefix)))
        if limit == 100_000 { #expect(prefix == text) }
    }

    @Test(arguments: texts, [0, 1, 7, 50, 100_000])
    func `a shortened text keeps to its limit`(text: String, limit: Int) {
        #expect(TokenEstimate.tokens(in: TokenCounter.estimate.shortened(text, to: limit)) <= limit)
    }

    @Test func `a shortened text keeps its beginning and its end`() {
        let text = "Beginning. " + String(repeating: "Something in between. ", count: 500) + "The end 👩‍👩‍👧‍👦"
        let short = TokenCounter.estimate.shortened(text, to: 60, marker: "\n...\n")
        #expect(short.hasPrefix("Beginning. Something") && short.hasSuffix("The end 👩‍👩‍👧‍👦"))
        #expect(short.split(separator: "\n...\n").count == 2)
        #expect(TokenEstimate.tokens(in: short) >= 50)
    }
}

@Suite struct WordCountTests {
    @Test(arguments: [
        ("", 0), (" \n\t", 0), ("one", 1), ("one two\nthree\tfour", 4), ("  a  -  b  ", 2),
        ("well-known, isn't it?", 3),
        ("3.14 = π", 2), ("Größe über alles", 3), ("日本語 text", 4), ("你好，世界。", 4), ("Привет, мир!", 2), ("😀 ok", 1),
        ("a\u{A0}b\u{2003}c", 3), ("한국어 문장", 2),
    ])
    func `words are counted in every script`(text: String, count: Int) {
        #expect(WordCount.words(in: text) == count)
    }
}
