/// What a question asks for, as far as its question word tells.
enum QuestionKind: Equatable {
    case person, time, amount, other

    /// By question words of English, German, French, Spanish, Italian and Russian.
    init(_ question: String) {
        let words = " " + question.lowercased().split { !$0.isLetter }.joined(separator: " ") + " "
        let asks = { (phrases: [String]) in phrases.contains { words.contains(" " + $0 + " ") } }
        self = asks(Self.amounts) ? .amount : asks(Self.times) ? .time : asks(Self.persons) ? .person : .other
    }

    private static let amounts = [
        "how many", "how much", "how long", "how old", "how often", "how far", "what percentage", "wie viel",
        "wie viele",
        "wieviel", "wieviele", "wie lange", "combien", "cuánto", "cuántos", "cuántas", "quanto", "quanti", "сколько",
    ]
    private static let times = [
        "when", "what year", "which year", "what date", "wann", "quand", "cuándo", "quando", "когда",
    ]
    private static let persons = ["who", "whose", "whom", "wer", "wem", "wen", "qui", "quién", "chi", "кто", "кого"]

    /// Whether a sentence holds something of that kind: a hint, not more.
    func isMet(by sentence: String) -> Bool {
        switch self {
        case .amount: sentence.contains(where: \.isNumber)
        case .time: Self.hasDate(sentence)
        case .person: Self.hasName(sentence)
        case .other: false
        }
    }

    /// A year, a date in digits, or the name of a month.
    private static func hasDate(_ sentence: String) -> Bool {
        let words = sentence.split { !$0.isLetter && !$0.isNumber }
        return words.contains { word in
            if word.count == 4, let year = Int(word) { return (1000...2200).contains(year) }
            return months.contains(word.lowercased())
        }
    }

    /// Two neighbouring words with capitals, or one inside the sentence.
    private static func hasName(_ sentence: String) -> Bool {
        let words = sentence.split(separator: " ").dropFirst()
        return words.contains { word in
            word.first?.isUppercase == true && word.dropFirst().contains(where: \.isLowercase)
        }
    }

    private static let months: Set<String> = [
        "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
        "december", "januar", "februar", "märz", "mai", "juni", "juli", "oktober", "dezember", "janvier", "février",
        "mars",
        "avril", "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre", "enero", "febrero", "marzo",
        "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre", "января",
        "февраля",
        "марта", "апреля", "мая", "июня", "июля", "августа", "сентября", "октября", "ноября", "декабря",
    ]
}
