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
        ("GSKB417", ["gskb417"]), ("snake_case_name", ["snake", "case", "name", "snakecasenam"]),
        ("camelCaseName", ["camel", "case", "name", "camelcasenam"]),
        ("HTTPServer", ["http", "server", "httpserver"]),
        ("report-2024.pdf", ["report", "2024", "pdf", "report2024pdf", "report2024"]),
        ("report.pdf", ["report", "pdf"]),
        ("1.2.3", ["1.2.3", "1.2"]), ("v1.2.3", ["v1", "1.2.3", "v1.2.3"]), ("42.5", ["42.5"]), ("42,5", ["42.5"]),
        ("1,000", ["1.000", "1000"]), ("2024-05-01", ["2024", "05", "01", "20240501"]), ("AX-7", ["ax", "ax7"]),
        ("AX200", ["ax200"]), ("7", ["7"]), ("x", []), ("Vitamin C", ["vitamin", "c"]), ("A", []), ("x-y", ["xy"]),
        ("end.Next", ["end", "next"]), ("O'Neil", ["neil", "oneil"]),
        ("C3PO/R2D2", ["c3po", "r2d2"]), ("ＡＸ－２００", ["ax", "200", "ax200"]), ("ofﬁce", ["offic"]),
        ("e-mail", ["mail", "email"]), ("how-to-fill-a-pump-with-oil-again.txt", ["fill", "pump", "oil", "txt"]),
        ("tar -x, (-V) `-q`", ["tar", "-x", "-v", "-q"]), ("-5 --all-x a-b x-", ["5", "allx", "ab"]),
        ("C++", ["c++"]), ("C#,", ["c#"]), ("C++17 code", ["c++", "17", "code"]),
        ("libstdc++.", ["libstdc", "libstdc++"]), ("Ca2+ ions", ["ca2", "ca2+", "ion"]),
        ("pump+valve", ["pump", "valv"]),
        ("issue#7", ["issu", "7"]), ("rock-n-roll++", ["rock", "roll", "rock-n-roll++", "rocknrol"]),
    ])
    func `a name is found as a whole and by its parts`(text: String, expected: [String]) {
        #expect(terms(text) == expected)
    }

    private func questionTerms(_ text: String, _ language: TextLanguage = .english) -> [String] {
        TextAnalyzer(questionsTo: language, in: language).separateTerms(of: text)
    }

    @Test func `a question may write a lone letter small`() {
        #expect(questionTerms("is vitamin c a drug") == ["vitamin", "c", "drug"])
    }

    @Test(arguments: [
        ("YouTube", "youtube"), ("iPhones", "iphone"), ("OneDrive", "onedrive"), ("e-commerce", "ecommerce"),
        ("on-line", "online"), ("getUserName", "getusername"), ("get_user_name", "getUserName"), ("main.c", "main.c"),
        ("openssl-3.0.2", "3.0.2"), ("2.0.1-beta.2", "v2.0.1"), ("v1.2.3", "1.2.3"), ("IA et l’UE", "UE"),
        ("décision de l’IA", "IA"), ("٢٠٢٤", "2024"), ("the WHO recommends", "What does the WHO say?"),
        ("the IT department", "IT"), ("vitamin A is fat", "Is vitamin A a drug?"), ("‘-x’", "-x"), ("-a,-b", "-b"),
        ("(–k) and –j", "-k"), ("解凍には-dオプション", "what does '-d' mean"),
    ])
    func `a question finds what is written otherwise`(text: String, question: String) {
        let terms = terms(text)
        let asked = questionTerms(question)
        #expect(!asked.isEmpty && !Set(asked).isDisjoint(with: terms), "\(terms) \(asked)")
    }

    @Test func `a capital that begins a sentence is no name, and main.h is not main.c`() {
        #expect(terms("A pump. A valve; “A seal” - A rope") == ["pump", "valv", "seal", "rope"])
        #expect(terms("WHO IS WHO") == [] && terms("cats AND dogs, and I") == ["cat", "dog"])
        #expect(Set(terms("main.h")).isDisjoint(with: ["mainc"]) && terms("main.c").contains("mainc"))
    }

    @Test(arguments: [
        ("información", "informacion", TextLanguage.spanish), ("sécurité", "securite", .french),
        ("qualità", "qualita", .italian),
        ("informações", "informacoes", .portuguese), ("résumé", "resume", .english), ("clichés", "cliches", .english),
    ])
    func `who types no accents finds words with them`(text: String, question: String, language: TextLanguage) {
        #expect(Set(terms(text, language)).isSuperset(of: questionTerms(question, language)))
        #expect(Set(terms(text, language)).isSuperset(of: questionTerms(text, language)))
    }

    @Test func `scripts without spaces give pairs, and a lone character itself`() {
        #expect(terms("東京都") == ["東京", "京都", "東", "京", "都"])
        #expect(terms("水") == ["水"])
        #expect(Set(terms("ﾎﾞﾙﾄの在庫")).isSuperset(of: terms("ボルト")))
        #expect(Set(terms("อยู่ในห้องใต้ดิน")).isSuperset(of: terms("ห้องใต้ดิน")))
        // Pairs may begin with a mark, which is no part of the space before it.
        #expect(terms("ห้อง") == ["ห้", "้อ", "อง"])
        #expect(terms("AX-200の在庫") == ["ax", "200", "ax200", "の在", "在庫", "在", "庫"])
        #expect(questionTerms("東京都の水") == ["東京", "京都", "都の", "の水"])
        #expect(terms("喝茶对健康").contains("茶") && terms("물을").contains("물") && terms("강에서").contains("강"))
    }

    @Test(arguments: [
        ("펌프에서", "펌프"), ("지붕을", "지붕"), ("계약서를", "계약서"), ("배관에서는", "배관"), ("창고까지", "창고"), ("도서관으로", "도서관"),
    ])
    func `a Korean word is one whatever particle is behind it`(one: String, other: String) {
        #expect(terms(one) == terms(other))
        #expect(!terms(other).isEmpty)
    }

    @Test func `a Hebrew word is found whatever particle is before it`() {
        for word in ["במרתף", "המרתף", "למרתף", "מרתף", "והמרתף"] {
            #expect(terms(word, .other).contains("מרתף"), "\(word)")
        }
        #expect(terms("בית", .other) == ["בית"])
    }

    @Test func `an Arabic word is found whatever conjunction is before its article`() {
        for word in ["والكتاب", "فالكتاب", "بالكتاب", "الكتاب", "كتاب", "وَالْكِتَاب"] {
            #expect(terms(word, .arabic).contains("كتاب"), "\(word)")
        }
        #expect(terms("والد", .arabic).count == 1)
    }

    @Test(arguments: [
        ("Bruecken", "Brücken"), ("Mueller", "Müller"), ("Groesse", "Größe"), ("Haeuser", "Häuser"),
        ("Uebung", "Übung"), ("neue", "neu"), ("Mauer", "Mauern"), ("Quelle", "Quellen"),
    ])
    func `a German umlaut may be spelt by two letters`(one: String, other: String) {
        #expect(terms(one, .german) == terms(other, .german))
        #expect(terms(one, .german).count == 1)
    }

    @Test func `two letters that are no umlaut stay`() {
        #expect(terms("neue Mauer Quelle", .german) == ["neu", "mau", "quell"])
        #expect(terms("fuer die Bruecke", .german) == terms("für die Brücke", .german))
        #expect(terms("bruecke", .english) != terms("brücke", .english))
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
        #expect(terms.count > 9_900)
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
        ("Η αντλία δεν είναι στο υπόγειο.", .greek), ("Pump cellar", .english), ("Müllabfuhr", .german),
        ("Straßen", .german),
        ("Zürich", .german), ("Fågel", .english), ("पंप तहखाने में नहीं है", .hindi),
        ("東京都", .other), ("", .other), ("123", .other),
    ])
    func `the commonest words tell the language`(text: String, expected: TextLanguage) {
        #expect(TextLanguage(of: text) == expected)
    }

    @Test(arguments: [
        (
            "Zawór znajduje się w piwnicy, obok pompy, a nikt nie wie, kto go tam zamontował i po co to zrobił. "
                + "Pompa nie działa od tygodnia.", TextLanguage.other
        ),
        (
            "Ventil je ve sklepě vedle čerpadla a nikdo neví, kdo ho tam namontoval ani proč to udělal. "
                + "Čerpadlo už týden nefunguje.", .other
        ),
        ("Pump pressure test report", .english), ("Ventil se nalazi u podrumu, pored pumpe.", .serbian),
        ("apt-get install lectern", .english),
    ])
    func `the detector tells what common words do not`(text: String, expected: TextLanguage) {
        #expect(TextLanguage(of: text) == expected)
    }

    @Test(arguments: [
        "Wie Feuer löschen?", "Kündigungsfrist Mietvertrag", "Wo ist das Ventil?", "Délai de résiliation du bail",
        "Horaires d'ouverture", "¿Dónde está la válvula?", "Horario de apertura del museo", "Prazo de entrega",
        "Como instalar o Debian?", "Dove si trova la valvola?", "Hoe installeer ik Debian?", "Levertijd bestelling",
        "Hur installerar jag Debian?", "Missä venttiili on?", "Gdzie jest zawór?", "Jak nainstalovat Debian?",
        "Kde je ventil?", "Hol van a szelep?", "Debian nasıl kurulur?", "Làm thế nào để cài đặt?",
        "Urlaubstage pro Jahr",
        "mot de passe oublié", "Где насос?", "ポンプはどこですか", "Unde este supapa?",
    ])
    func `a question in another language is recognised`(question: String) {
        #expect(TextLanguage.isClearlyForeign(question))
    }

    @Test(arguments: [
        "Van der Waals", "KDE themes", "proc filesystem", "Ben Hur", "Don Quijote de la Mancha",
        "Who wrote Don Quijote de la Mancha?", "de facto standard",
        "GSK-B417", "apt-get install", "valve pressure", "What does \"Guten Tag\" mean?", "El Niño effects",
        "La Traviata", "Schadenfreude", "Le Corbusier architecture", "how do i reset my password", "opening hours",
        "invoice 2024-05-01", "What is 42?", "Leonardo da Vinci", "",
    ])
    func `a question in English, and a name, is none`(question: String) {
        #expect(!TextLanguage.isClearlyForeign(question))
    }
}
