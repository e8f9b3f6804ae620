import Domain
import Metrics

/// What searches do, for whoever looks at the metrics.
struct RetrievalMetrics: Sendable {
    private let judged = Counter(label: "lectern_reranked_candidates_total", dimensions: [("judged", "true")])
    private let passedOver = Counter(label: "lectern_reranked_candidates_total", dimensions: [("judged", "false")])
    private let time = Timer(label: "lectern_rerank_duration_seconds")

    func reranked(_ reranking: Reranking) {
        judged.increment(by: reranking.judged)
        passedOver.increment(by: reranking.candidates - reranking.judged)
        time.recordNanoseconds(Int64(reranking.milliseconds * 1e6))
    }
}
