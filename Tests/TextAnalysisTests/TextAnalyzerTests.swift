import Testing

@testable import TextAnalysis

@Suite struct TextAnalyzerTests {
    private func terms(_ text: String, _ language: TextLanguage = .english) -> [String] {
        TextAnalyzer(language).separateTerms(of: text)
    }

    @Test func `words lose their endings, their case and their accents, and those that are everywhere are left out`() {
        #expect(terms("The pumps were running in the Harbour's café.") == ["pump", "run", "harbour", "cafe"])
        #expect(terms("Die Häuser am Fluß", .german) == ["haus", "fluss"])
        #expect(terms("Les machines de l'usine", .french) == ["machin", "usin"])
        #expect(terms("Заявления подаются", .russian) == terms("заявление подается", .russian))
        #expect(terms("Don't stop") == ["stop"])
        #expect(terms("") == [] && terms("— … !") == [])
    }

    @Test(arguments: [
        ("GSK-B417.", ["gsk", "b417", "gskb417"]), ("gsk-b417", ["gsk", "b417", "gskb417"]),
        ("GSKB417", ["gskb417"]), ("snake_case_name", ["snake", "case", "name", "snakecasename"]),
        ("camelCaseName", ["camel", "case", "name", "camelcasename"]),
        ("HTTPServer", ["http", "server", "httpserver"]),
        ("report-2024.pdf", ["report", "2024", "pdf", "report2024pdf", "report2024"]),
        ("report.pdf", ["report", "pdf"]),
        ("1.2.3", ["1.2.3", "1.2"]), ("v1.2.3", ["v1", "v1.2.3", "1.2.3"]), ("42.5", ["42.5"]), ("42,5", ["42.5"]),
        ("1,000", ["1.000", "1000"]), ("2024-05-01", ["2024", "05", "01", "20240501"]), ("AX-7", ["ax", "ax7"]),
        ("AX200", ["ax200"]), ("7", ["7"]), ("x", []), ("end.Next", ["end", "next"]), ("O'Neil", ["neil", "oneil"]),
        ("C3PO/R2D2", ["c3po", "r2d2"]), ("ＡＸ－２００", ["ax", "200", "ax200"]), ("ofﬁce", ["offic"]),
        ("e-mail", ["mail", "email"]),
    ])
    func `a name is found as a whole and by its parts`(text: String, expected: [String]) {
        #expect(terms(text) == expected)
    }

    @Test func `scripts without spaces give pairs, and a lone character itself`() {
        #expect(terms("東京都") == ["東京", "京都"])
        #expect(terms("水") == ["水"])
        #expect(Set(terms("ﾎﾞﾙﾄの在庫")).isSuperset(of: terms("ボルト")))
        #expect(Set(terms("อยู่ในห้องใต้ดิน")).isSuperset(of: terms("ห้องใต้ดิน")))
        // Pairs may begin with a mark, which is no part of the space before it.
        #expect(terms("ห้อง") == ["ห้", "้อ", "อง"])
        #expect(terms("AX-200の在庫") == ["ax", "200", "ax200", "の在", "在庫"])
    }

    @Test(arguments: [
        ("펌프에서", "펌프"), ("지붕을", "지붕"), ("계약서를", "계약서"), ("배관에서는", "배관"), ("창고까지", "창고"), ("도서관으로", "도서관"),
    ])
    func `a Korean word is one whatever particle is behind it`(one: String, other: String) {
        #expect(terms(one) == terms(other))
        #expect(!terms(other).isEmpty)
    }

    @Test func `a Hebrew word is found whatever particle is before it`() {
        for word in ["במרתף", "המרתף", "למרתף", "מרתף"] {
            #expect(terms(word, .other).contains("מרתף"), "\(word)")
        }
        #expect(terms("בית", .other) == ["בית"])
    }

    @Test(arguments: [
        ("İstanbul", "istanbul"), ("STRASSE", "straße"), ("ΟΔΟΣ", "οδός"), ("naïve", "naive"), ("Señor", "senor"),
        ("Ёлка", "елка"), ("ﬂow", "flow"), ("Immo\u{AD}bilien", "Immobilien"),
        ("Łódź", "Lodz"), ("Øystein", "oystein"), ("Ærø", "aero"), ("Þingvellir", "thingvellir"), ("Đakovo", "dakovo"),
    ])
    func `spellings of one word are one term`(one: String, other: String) {
        #expect(terms(one, .other) == terms(other, .other))
        #expect(terms(one, .other).count == 1)
    }

    @Test func `a name that is cut at any place stays one`() {
        for joiner in ["-", ".", "_", "\u{2019}"] {
            for length in 500...520 {
                let digits = String(repeating: "1", count: length)
                #expect(terms("x-" + digits + joiner + "2 pump").last == "pump", "\(joiner) \(length)")
            }
        }
    }

    @Test func `long runs end, and take no longer for it`() {
        let terms = terms(String(repeating: "a-", count: 50_000) + String(repeating: "漢", count: 10_000))
        #expect(terms.count > 10_000)
        #expect(terms.allSatisfy { $0.utf8.count <= 300 })
    }
}

@Suite struct LanguageGuessTests {
    @Test(arguments: [
        ("The pump is not in the cellar, and nobody knows where it went.", TextLanguage.english),
        ("Die Pumpe ist nicht im Keller, und niemand weiß, wo sie ist.", .german),
        ("La pompe n'est pas dans la cave et personne ne sait où elle est.", .french),
        ("La bomba no está en el sótano y nadie sabe dónde está.", .spanish),
        ("A bomba não está na cave e ninguém sabe onde ela está.", .portuguese),
        ("La pompa non è nella cantina e nessuno sa dove si trova.", .italian),
        ("De pomp staat niet in de kelder en niemand weet waar hij is.", .dutch),
        ("Pumpen är inte i källaren och ingen vet var den är.", .swedish),
        ("Pumpen er ikke i kælderen, og ingen ved hvor den er blevet af.", .danish),
        ("Pumpa er ikke i kjelleren, og ingen vet hvor den ble av etter det.", .norwegian),
        ("Pumppu ei ole kellarissa, eikä kukaan tiedä, missä se on.", .finnish),
        ("A szivattyú nincs a pincében, és senki sem tudja, hogy hol van.", .hungarian),
        ("Насоса нет в подвале, и никто не знает, где он.", .russian),
        ("Η αντλία δεν είναι στο υπόγειο.", .greek), ("Pump cellar", .english), ("पंप तहखाने में नहीं है", .hindi),
        ("東京都", .other), ("", .other), ("123", .other),
    ])
    func `the commonest words tell the language`(text: String, expected: TextLanguage) {
        #expect(TextLanguage(of: text) == expected)
    }
}
