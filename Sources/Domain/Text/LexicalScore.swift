#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// How well texts match a question by the words they share: BM25 (Robertson and Zaragoza, 2009), as a share of what
/// a text would get that held every word of the question once.
package struct LexicalScore {
    /// One for each document, 0...1.
    package let scores: [Double]

    private static let saturation = 1.2
    private static let lengthInfluence = 0.5

    /// - Parameter contextWeight: what a word in the document's context, its heading say, counts beside one in its text.
    package init(question: String, documents: [(text: String, context: String)], contextWeight: Double = 0.5) {
        let wanted = Set(LexicalTerms.terms(in: question))
        var frequencies: [[String: Double]] = []
        var lengths: [Double] = []
        for document in documents {
            let terms = LexicalTerms.terms(in: document.text)
            var counts: [String: Double] = [:]
            for term in terms where wanted.contains(term) { counts[term, default: 0] += 1 }
            for term in Set(LexicalTerms.terms(in: document.context)) where wanted.contains(term) {
                counts[term, default: 0] += contextWeight
            }
            frequencies.append(counts)
            lengths.append(Double(terms.count))
        }
        let averageLength = max(1, lengths.reduce(0, +) / Double(max(1, lengths.count)))
        let weights = Self.weights(of: wanted, in: frequencies)
        let best = weights.values.reduce(0, +)
        scores = zip(frequencies, lengths).map { counts, length in
            guard best > 0 else { return 0 }
            let norm =
                Self.saturation * (1 - Self.lengthInfluence + Self.lengthInfluence * length / averageLength)
            let sum = counts.reduce(0.0) { sum, count in
                sum + (weights[count.key] ?? 0) * count.value * (Self.saturation + 1) / (count.value + norm)
            }
            return min(1, sum / best)
        }
    }

    /// The rarer a word, the more it tells; never less than a little, as in few documents none is rare.
    private static func weights(of terms: Set<String>, in frequencies: [[String: Double]]) -> [String: Double] {
        let count = Double(frequencies.count)
        return terms.reduce(into: [:]) { weights, term in
            let holding = Double(frequencies.count { $0[term] != nil })
            weights[term] = log(1 + (count - holding + 0.5) / (holding + 0.5))
        }
    }
}
