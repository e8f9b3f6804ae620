import Testing

@testable import Domain

@Suite struct RecentCountsTests {
    @Test func `a text is counted once, whoever asks`() {
        let counts = RecentCounts()
        let text = String(repeating: "harbour ", count: 20)
        #expect(counts.count(of: text) { $0.utf8.count } == 160)
        #expect(counts.count(of: text) { _ in 0 } == 160)
        #expect(counts.count(of: text + "!") { _ in 1 } == 1)
    }

    @Test func `texts that look alike are two texts`() {
        let counts = RecentCounts()
        let composed = String(repeating: "\u{E9}", count: 90)
        let decomposed = String(repeating: "e\u{301}", count: 90)
        #expect(composed == decomposed)
        #expect(counts.count(of: composed) { $0.utf8.count } == 180)
        #expect(counts.count(of: decomposed) { $0.utf8.count } == 270)
    }

    /// Three times as much as is remembered: the first is counted anew, the last are not.
    @Test func `what was not asked for in a while is forgotten`() {
        let counts = RecentCounts()
        let texts = (0..<100).map { "\($0) " + String(repeating: "x", count: 30_000) }
        for text in texts { _ = counts.count(of: text) { _ in 1 } }
        #expect(counts.count(of: texts[0]) { _ in 2 } == 2)
        #expect(counts.count(of: texts[99]) { _ in 2 } == 1)
    }
}
