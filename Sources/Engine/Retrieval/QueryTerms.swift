import TextAnalysis

/// The terms that a question is searched by.
enum QueryTerms {
    /// Each with how often it comes. Nobody knows the language of a few words, so they are looked for among the chunks of a
    /// language as that language would have them.
    static func terms(of question: String, in language: String) -> [String: Int] {
        let analyzer = TextAnalyzer(TextLanguage(rawValue: language) ?? .other, isForQuestions: true)
        return Dictionary(analyzer.separateTerms(of: question).map { ($0, 1) }, uniquingKeysWith: +)
    }
}
