import Domain
import Foundation
import Testing

@testable import SearchIndexes

@Suite struct InvertedIndexTests {
    private func chunk(_ id: Int64, _ text: String, language: String = "en") -> ChunkTerms {
        ChunkTerms(id: Chunk.ID(rawValue: id), language: language, terms: text)
    }

    private func index(_ texts: [String]) -> InvertedIndex {
        var index = InvertedIndex()
        for (id, text) in texts.enumerated() { index.upsert(chunk(Int64(id), text)) }
        return index
    }

    private func ids(_ index: InvertedIndex, _ query: [String: Int], limit: Int = 10) -> [Int64] {
        index.search({ _, _ in query }, limit: limit).best.map(\.id.rawValue)
    }

    /// That a query is made for.
    private func languages(of index: InvertedIndex) -> Set<String> {
        var languages: Set<String> = []
        _ = index.search(
            { language, _ in
                languages.insert(language)
                return [:]
            }, limit: 1)
        return languages
    }

    @Test func `rare words count more than common ones, and repetitions ever less`() {
        let index = index(["pump valve", "pump pump pump pump", "pump seal", "seal seal", "rope"])
        #expect(ids(index, ["valve": 1, "pump": 1]) == [0, 1, 2])
        #expect(ids(index, ["rope": 1]) == [4])
        #expect(ids(index, ["nothing": 1]) == [])
        let scores = index.search({ _, _ in ["pump": 1] }, limit: 10).best.map(\.score)
        #expect(scores.allSatisfy { $0 > 0 && $0 <= 2 })
        #expect(scores[0] < 1.9 * scores[1])
    }

    /// By the formula of BM25, written out.
    @Test func `scores are those of BM25, as a share of what all words once would give`() {
        let index = index(["a b c d", "a a", "c"])
        let average = 7.0 / 3
        let weight = { (holding: Double) in log(1 + (3 - holding + 0.5) / (holding + 0.5)) }
        let part = { (frequency: Double, length: Double) in
            frequency * 1.9 / (frequency + 0.9 * (0.6 + 0.4 * length / average))
        }
        let most = weight(2) + 2 * weight(1)
        let first = (weight(2) * part(1, 4) + 2 * weight(1) * part(1, 4)) / most
        let second = weight(2) * part(2, 2) / most
        let found = index.search(
            { _, _ in ["a": 1, "b": 2] }, limit: 10)
        #expect(found.best.map(\.id.rawValue) == [0, 1])
        #expect(abs(found.best[0].score - first) < 1e-5 && abs(found.best[1].score - second) < 1e-5)
        #expect(found.score(Chunk.ID(rawValue: 1)) == found.best[1].score && found.score(Chunk.ID(rawValue: 2)) == 0)
    }

    @Test func `a few chunks in another language leave the others what they are worth`() {
        let texts = ["pump valve", "pump seal", "rope"]
        let alone = index(texts)
        var beside = alone
        beside.upsert(chunk(9, "tau", language: "de"))
        let query = { (language: String, _: String) in
            language == "en" ? ["pump": 1, "valve": 1] : ["the": 1, "pump": 1, "valv": 1]
        }
        let scores = [alone, beside].map { $0.search(query, limit: 9).best.map(\.score) }
        #expect(scores[1].count == 2)
        #expect(zip(scores[0], scores[1]).allSatisfy { abs($0 - $1) < 0.05 })
    }

    @Test func `what is removed or replaced counts for nothing`() {
        var index = index(["pump", "pump valve", "seal"])
        let fresh = self.index(["seal"])
        index.remove(Chunk.ID(rawValue: 0))
        index.remove(Chunk.ID(rawValue: 7))
        index.upsert(chunk(1, "seal rope", language: "de"))
        #expect(ids(index, ["pump": 1]) == [])
        #expect(ids(index, ["seal": 1]) == [2, 1])
        #expect(languages(of: index) == ["en", "de"] && index.count == 2)
        index.remove(Chunk.ID(rawValue: 1))
        #expect(languages(of: index) == ["en"])
        let scores = [index, fresh].map { $0.search({ _, _ in ["seal": 1] }, limit: 1).best[0].score }
        #expect(scores[0] == scores[1])
    }

    @Test func `an index is rebuilt without its dead rows, and finds the same`() {
        var index = InvertedIndex()
        for id in 0..<5000 { index.upsert(chunk(Int64(id), "word\(id % 50) other\(id % 7)")) }
        let bytes = index.byteCount
        for id in 0..<4000 { index.remove(Chunk.ID(rawValue: Int64(id))) }
        #expect(index.needsRebuild)
        let rebuilt = index.rebuilt()
        #expect(!rebuilt.needsRebuild && rebuilt.byteCount < bytes / 2 && rebuilt.count == 1000)
        for word in 0..<50 {
            let query = ["word\(word)": 1, "other3": 1]
            #expect(
                rebuilt.search({ _, _ in query }, limit: 40).best
                    == index.search({ _, _ in query }, limit: 40).best)
        }
    }

    @Test func `the best few of many are those of all in order`() {
        var index = InvertedIndex()
        for id in 0..<3000 {
            index.upsert(chunk(Int64(id), String(repeating: "a ", count: 1 + id % 40) + "filler\(id % 13) b\(id % 5)"))
        }
        let all = index.search({ _, _ in ["a": 1, "b2": 1] }, limit: 3000).best
        #expect(all.count == 3000)
        for limit in [1, 10, 100, 299] {
            #expect(
                index.search({ _, _ in ["a": 1, "b2": 1] }, limit: limit).best == Array(all.prefix(limit)))
        }
    }
}
