import TextAnalysis

/// The terms that a question is searched by.
struct QueryTerms {
    private let question: String
    /// Of the question; `nil` where a few words do not tell.
    private let language: TextLanguage?

    init(_ question: String) {
        self.question = question
        language = TextLanguage(surelyOf: question)
    }

    /// Each with how often it comes, as chunks in a language have them.
    ///
    /// - Parameter commonest: the language of most chunks, which is taken for the question's where that is not sure and the question
    ///   reads like it. A chunk that is in it and was taken for one in another language would be found by every `the` and `of` otherwise.
    func terms(in language: String, commonest: String) -> [String: Int] {
        let language = TextLanguage(rawValue: language) ?? .other
        let likely = TextLanguage(rawValue: commonest).flatMap { $0.countOfStopWords(in: question) > 1 ? $0 : nil }
        let own = self.language ?? likely ?? language
        let analyzer = TextAnalyzer(questionsTo: language, in: own)
        return Dictionary(analyzer.separateTerms(of: question).map { ($0, 1) }, uniquingKeysWith: +)
    }
}
