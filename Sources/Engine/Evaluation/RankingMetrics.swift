#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// How good the ranking of documents is that a question got, by what of them is relevant.
package struct RankingMetrics: Sendable, Equatable {
    /// Normalised discounted cumulative gain: the gains of what was found, each divided by the logarithm of its place, as a share
    /// of the best possible (Järvelin and Kekäläinen, 2002, with the judgements themselves as gains).
    package var ndcg: Double
    /// The share of the relevant documents that was found.
    package var recall: Double
    /// 1 divided by the place of the first relevant document; 0 where there is none.
    package var reciprocalRank: Double

    /// - Parameters:
    ///   - ranking: ids of documents, best first, each once.
    ///   - judgements: gains by id; what has none, or none above 0, is not relevant.
    ///   - depth: how many places count.
    package init(of ranking: [String], judgements: [String: Double], depth: Int) {
        let found = ranking.prefix(depth).map { max(0, judgements[$0] ?? 0) }
        let relevant = judgements.values.filter { $0 > 0 }
        let best = Self.gain(Array(relevant.sorted(by: >).prefix(depth)))
        ndcg = best > 0 ? Self.gain(found) / best : 0
        recall = relevant.isEmpty ? 0 : Double(found.count { $0 > 0 }) / Double(relevant.count)
        reciprocalRank = found.firstIndex { $0 > 0 }.map { 1 / Double($0 + 1) } ?? 0
    }

    private static func gain(_ gains: [Double]) -> Double {
        gains.enumerated().reduce(0) { $0 + $1.element / log2(Double($1.offset + 2)) }
    }
}

/// Whether one configuration is better than another over the same questions, or the difference is one of chance: Fisher's
/// randomisation test, two-sided, as Smucker, Allan and Carterette (2007) recommend it for rankings.
package struct PairedComparison: Sendable, Equatable {
    /// The mean of the second less that of the first.
    package let difference: Double
    /// How often chance alone makes a difference as large: below 0.05 it is usually believed.
    package let pValue: Double

    private static let trials = 10_000

    /// - Parameters: the scores of each question under either configuration, in the same order.
    package init(_ first: [Double], _ second: [Double]) {
        let differences = zip(first, second).map { $1 - $0 }
        let sum = differences.reduce(0, +)
        difference = differences.isEmpty ? 0 : sum / Double(differences.count)
        // The same in every run.
        var state: UInt64 = 0x9E37_79B9_7F4A_7C15
        var extremes = 0
        for _ in 0..<Self.trials {
            var trial = 0.0
            for difference in differences {
                state ^= state << 13
                state ^= state >> 7
                state ^= state << 17
                trial += state & 0x8000 == 0 ? difference : -difference
            }
            if abs(trial) >= abs(sum) - 1e-12 { extremes += 1 }
        }
        pValue = Double(extremes + 1) / Double(Self.trials + 1)
    }
}
