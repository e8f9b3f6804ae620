import Domain

/// How long something takes yet, a job that reads a file or embeds what was read for example, judged by its latest reports.
///
/// Between two reports the time left runs down, and when the next one is overdue it grows, so that what has come to a halt
/// never seems to be nearly done.
package struct PaceEstimate: Sendable {
    private struct Report {
        let time: ContinuousClock.Instant
        let share: Double
    }

    private var reports: [Report] = []

    package init() {}

    /// The pace of long ago says little: others may have begun to embed meanwhile.
    private static let memory = 16
    /// A shorter look says nothing.
    private static let leastTime = Duration.seconds(1)

    /// - Parameter share: that is done, from 0 to 1; `nil` where nobody can say. One that is smaller than before begins anew.
    package mutating func note(_ share: Double?, at time: ContinuousClock.Instant) {
        guard let share else { return reports = [] }
        if let last = reports.last {
            guard share != last.share else { return }
            if share < last.share { reports = [] }
        }
        if reports.count == Self.memory { reports.removeFirst() }
        reports.append(Report(time: time, share: share))
    }

    /// `nil` until there is a pace to judge by.
    package func remaining(at time: ContinuousClock.Instant) -> Duration? {
        guard let first = reports.first, let last = reports.last, reports.count > 1 else { return nil }
        let (elapsed, gained) = (first.time.duration(to: last.time), last.share - first.share)
        guard elapsed >= Self.leastTime else { return nil }
        let steps = Double(reports.count - 1)
        let silence = last.time.duration(to: time)
        if silence <= elapsed / steps { return max(.zero, elapsed * ((1 - last.share) / gained) - silence) }
        // As if the next step, as large as the others, came this moment.
        let step = gained / steps
        return max(.zero, (elapsed + silence) * ((1 - last.share - step) / (gained + step)))
    }
}
