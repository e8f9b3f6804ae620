import Domain
import TextAnalysis

/// The terms that a question is searched by.
enum QueryTerms {
    /// Each with how often it comes. Nobody knows the language of a few words, so they are brought to their stems in every
    /// language that the searched chunks are in; a form that no chunk holds counts for little and finds nothing.
    static func terms(of question: String, in languages: Set<String>) -> [String: Int] {
        var terms: [String: Int] = [:]
        for language in languages {
            var counts: [String: Int] = [:]
            let analyzer = TextAnalyzer(TextLanguage(rawValue: language) ?? .other)
            for term in analyzer.separateTerms(of: question) { counts[term, default: 0] += 1 }
            terms.merge(counts) { max($0, $1) }
        }
        return terms
    }
}
