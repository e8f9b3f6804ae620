import Engine
import Foundation
import Testing

@Suite struct RankingMetricsTests {
    @Test func `a ranking is judged by its gains and their places`() {
        let judgements = ["a": 3.0, "b": 1, "c": 0, "d": -1, "e": 2]
        let best = RankingMetrics(of: ["a", "e", "b"], judgements: judgements, depth: 10)
        #expect(best == RankingMetrics(of: ["a", "e", "b", "x"], judgements: judgements, depth: 10))
        #expect(best.ndcg == 1 && best.recall == 1 && best.reciprocalRank == 1)

        let ranking = RankingMetrics(of: ["x", "b", "d", "a"], judgements: judgements, depth: 10)
        let ideal = 3 + 2 / log2(3.0) + 0.5
        #expect(abs(ranking.ndcg - (1 / log2(3.0) + 3 / log2(5.0)) / ideal) < 1e-12)
        #expect(abs(ranking.recall - 2.0 / 3) < 1e-12 && ranking.reciprocalRank == 0.5)

        // Only so many places count, of the best ranking as well.
        let short = RankingMetrics(of: ["x", "b", "a"], judgements: judgements, depth: 2)
        #expect(abs(short.ndcg - 1 / log2(3.0) / (3 + 2 / log2(3.0))) < 1e-12)
        let none = RankingMetrics(of: [], judgements: ["a": 1], depth: 10)
        #expect(none.ndcg == 0 && none.recall == 0 && none.reciprocalRank == 0)
        #expect(RankingMetrics(of: ["a"], judgements: [:], depth: 10).ndcg == 0)
    }

    @Test func `a difference of chance is told from one that is none`() {
        let base = (0..<60).map { Double($0 % 7) / 7 }
        let better = base.enumerated().map { $1 + ($0 % 4 == 0 ? -0.05 : 0.1) }
        let noise = base.enumerated().map { $1 + ($0 % 2 == 0 ? 0.1 : -0.1) }
        let real = PairedComparison(base, better)
        #expect(abs(real.difference - 0.0625) < 1e-9 && real.pValue < 0.001)
        #expect(PairedComparison(base, noise).pValue > 0.5)
        #expect(PairedComparison(base, base) == PairedComparison([], []))
        #expect(PairedComparison(base, base).pValue == 1)
        // Exact for three questions: of eight signs, two give as much.
        #expect(abs(PairedComparison([0, 0, 0], [1, 1, 1]).pValue - 0.25) < 0.02)
    }
}
