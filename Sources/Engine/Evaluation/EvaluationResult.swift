package import Domain

/// What one mode of search has made of a set of questions.
package struct EvaluationResult: Sendable, Equatable {
    package let mode: String
    /// One for each question.
    package let metrics: [RankingMetrics]
    /// One for each question, in the same order.
    package let milliseconds: [Double]
    /// Of all questions together, in rerank mode.
    package var reranking: Reranking?

    package init(mode: String, metrics: [RankingMetrics], milliseconds: [Double]) {
        self.mode = mode
        self.metrics = metrics
        self.milliseconds = milliseconds
    }

    package var ndcg: [Double] { metrics.map(\.ndcg) }

    package func mean(_ value: (RankingMetrics) -> Double) -> Double {
        metrics.isEmpty ? 0 : metrics.reduce(0) { $0 + value($1) } / Double(metrics.count)
    }

    /// - Parameter share: 0.5 for the median.
    package func milliseconds(at share: Double) -> Double {
        milliseconds.isEmpty
            ? 0 : milliseconds.sorted()[min(milliseconds.count - 1, Int(share * Double(milliseconds.count)))]
    }
}

extension [EvaluationResult] {
    /// How each differs in nDCG from the first, which has nothing to be compared with.
    package var comparisons: [PairedComparison?] {
        enumerated().map { place, result in place == 0 ? nil : PairedComparison(self[0].ndcg, result.ndcg) }
    }
}
