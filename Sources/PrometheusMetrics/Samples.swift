import CoreMetrics
import Synchronization

/// One series of a metric.
protocol Sample: AnyObject, Sendable {
    var kind: String { get }
    func write(name: String, labels: String, to text: inout String)
}

/// A counter or a gauge.
final class NumberSample: Sample, CounterHandler, FloatingPointCounterHandler, MeterHandler, RecorderHandler {
    private let isCounter: Bool
    /// The bits of a `Double`: exact for whole numbers up to 2^53.
    private let bits = Atomic<UInt64>(0)

    init(isCounter: Bool) { self.isCounter = isCounter }

    var kind: String { isCounter ? "counter" : "gauge" }

    func increment(by amount: Int64) { increment(by: Double(amount)) }

    func increment(by amount: Double) {
        var old = bits.load(ordering: .relaxed)
        while true {
            let new = (Double(bitPattern: old) + amount).bitPattern
            let (isExchanged, found) = bits.weakCompareExchange(expected: old, desired: new, ordering: .relaxed)
            if isExchanged { return }
            old = found
        }
    }

    func decrement(by amount: Double) { increment(by: -amount) }
    func reset() { set(0.0) }
    func set(_ value: Int64) { set(Double(value)) }
    func set(_ value: Double) { bits.store(value.bitPattern, ordering: .relaxed) }
    func record(_ value: Int64) { set(Double(value)) }
    func record(_ value: Double) { set(value) }

    func write(name: String, labels: String, to text: inout String) {
        let value = Double(bitPattern: bits.load(ordering: .relaxed))
        text += "\(name)\(labels.isEmpty ? "" : "{\(labels)}") \(value.metricText)\n"
    }
}

/// How often a value was at most each of some bounds.
final class HistogramSample: Sample, TimerHandler, RecorderHandler {
    private struct State {
        /// Values of each bucket alone; the last one is above all bounds.
        var counts: [Int]
        var sum = 0.0
    }

    private let bounds: [Double]
    private let state: Mutex<State>

    init(bounds: [Double]) {
        self.bounds = bounds
        state = Mutex(State(counts: Array(repeating: 0, count: bounds.count + 1)))
    }

    var kind: String { "histogram" }

    func recordNanoseconds(_ duration: Int64) { record(Double(duration) / 1e9) }
    func record(_ value: Int64) { record(Double(value)) }

    func record(_ value: Double) {
        let bucket = bounds.firstIndex { value <= $0 } ?? bounds.count
        state.withLock { state in
            state.counts[bucket] += 1
            state.sum += value
        }
    }

    func write(name: String, labels: String, to text: inout String) {
        let state = state.withLock { $0 }
        let prefix = labels.isEmpty ? "" : labels + ","
        var total = 0
        for (index, count) in state.counts.enumerated() {
            total += count
            let bound = index < bounds.count ? bounds[index].metricText : "+Inf"
            text += "\(name)_bucket{\(prefix)le=\"\(bound)\"} \(total)\n"
        }
        let braces = labels.isEmpty ? "" : "{\(labels)}"
        text += "\(name)_sum\(braces) \(state.sum.metricText)\n\(name)_count\(braces) \(total)\n"
    }
}

extension Double {
    /// Whole numbers without a fraction.
    fileprivate var metricText: String { Int64(exactly: self).map(String.init) ?? "\(self)" }
}
