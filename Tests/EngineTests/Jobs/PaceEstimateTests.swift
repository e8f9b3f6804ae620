import Testing

@testable import Engine

@Suite struct PaceEstimateTests {
    private let start = ContinuousClock.now

    private func estimate(_ reports: [(second: Int, share: Double?)], at second: Int) -> Duration? {
        var pace = PaceEstimate()
        for report in reports { pace.note(report.share, at: start + .seconds(report.second)) }
        return pace.remaining(at: start + .seconds(second))
    }

    private func seconds(_ reports: [(second: Int, share: Double?)], at second: Int) -> Int? {
        estimate(reports, at: second).map { Int(($0 / .seconds(1)).rounded()) }
    }

    @Test func `nothing is said before there is a pace`() {
        #expect(estimate([], at: 5) == nil)
        #expect(estimate([(0, 0)], at: 5) == nil)
        #expect(estimate([(0, 0), (0, 0.5)], at: 5) == nil)
        #expect(estimate([(0, 0), (10, 0.5), (12, nil)], at: 12) == nil)
    }

    @Test func `the time left runs down between two reports`() {
        let reports: [(second: Int, share: Double?)] = [(0, 0), (10, 0.1), (20, 0.2)]
        #expect(seconds(reports, at: 20) == 80)
        #expect(seconds(reports, at: 25) == 75)
        #expect(seconds(reports, at: 30) == 70)
    }

    @Test func `it grows while the next report is overdue`() {
        let reports: [(second: Int, share: Double?)] = [(0, 0), (10, 0.1), (20, 0.2)]
        #expect(seconds(reports, at: 60) == 140)
        #expect(seconds(reports, at: 600) == 1400)
    }

    @Test func `what begins anew is judged anew, and the pace of long ago is forgotten`() {
        #expect(estimate([(0, 0), (10, 0.9), (12, 0)], at: 13) == nil)
        // A second for a hundredth at first, then a tenth of that.
        let slow = (0...20).map { (second: $0 * 10, share: Optional(Double($0) * 0.01)) }
        let quick = (1...40).map { (second: 200 + $0, share: Optional(0.2 + Double($0) * 0.01)) }
        #expect(seconds(slow + quick, at: 240) == 40)
    }

    @Test func `at the end nothing is left, however long it takes to say so`() {
        #expect(seconds([(0, 0), (10, 1)], at: 10) == 0)
        #expect(seconds([(0, 0), (10, 1)], at: 100) == 0)
    }
}
