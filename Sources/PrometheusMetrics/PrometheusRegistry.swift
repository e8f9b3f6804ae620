package import CoreMetrics
import Synchronization

/// Keeps what the program measures, and writes it in Prometheus' text format (version 0.0.4).
///
/// The backend of swift-metrics: counters become counters, meters and recorders that do not aggregate become gauges, timers
/// and other recorders histograms. Timers are exported in seconds, so their names end in `_seconds`.
package final class PrometheusRegistry: MetricsFactory {
    /// The one that `MetricsSystem` is set up with: it takes one for a process.
    package static let shared = PrometheusRegistry()

    private let families = Mutex<[String: Family]>([:])

    package init() {}

    // MARK: Making metrics

    package func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
        sample(label, dimensions, or: NumberSample(isCounter: true)) { NumberSample(isCounter: true) }
    }

    package func makeFloatingPointCounter(
        label: String, dimensions: [(String, String)]
    ) -> any FloatingPointCounterHandler {
        sample(label, dimensions, or: NumberSample(isCounter: true)) { NumberSample(isCounter: true) }
    }

    package func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler {
        sample(label, dimensions, or: NumberSample(isCounter: false)) { NumberSample(isCounter: false) }
    }

    package func makeRecorder(
        label: String, dimensions: [(String, String)], aggregate: Bool
    ) -> any RecorderHandler {
        if aggregate {
            sample(label, dimensions, or: HistogramSample(bounds: Self.sizes)) { HistogramSample(bounds: Self.sizes) }
        } else {
            sample(label, dimensions, or: NumberSample(isCounter: false)) { NumberSample(isCounter: false) }
        }
    }

    package func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
        sample(label, dimensions, or: HistogramSample(bounds: Self.seconds)) { HistogramSample(bounds: Self.seconds) }
    }

    private static let seconds = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300]
    private static let sizes = [1.0, 4, 16, 64, 256, 1024, 4096, 16384, 65536, 262_144, 1_048_576]

    /// Combinations of dimensions that are told apart; what comes after them is counted as `other`, so that no client can fill
    /// the memory.
    private static let maximumSamples = 1000

    /// The sample of these dimensions, made where it is new.
    ///
    /// - Parameter stray: counts for nobody: where the label already belongs to a metric of another kind.
    private func sample<Handler: Sample>(
        _ label: String, _ dimensions: [(String, String)], or stray: Handler, make: () -> Handler
    ) -> Handler {
        families.withLock { families in
            let name = MetricName.sanitized(label)
            var family = families[name] ?? Family()
            let key = MetricName.labels(dimensions)
            if let known = family.samples[key] { return known as? Handler ?? stray }
            let place =
                family.samples.count < Self.maximumSamples ? key : MetricName.labels(dimensions.map { ($0.0, "other") })
            if let known = family.samples[place] { return known as? Handler ?? stray }
            let new = make()
            family.samples[place] = new
            families[name] = family
            return new
        }
    }

    // Metrics live as long as the process: a counter that begins again at zero is read as a restart.
    package func destroyCounter(_ handler: any CounterHandler) {}
    package func destroyFloatingPointCounter(_ handler: any FloatingPointCounterHandler) {}
    package func destroyMeter(_ handler: any MeterHandler) {}
    package func destroyRecorder(_ handler: any RecorderHandler) {}
    package func destroyTimer(_ handler: any TimerHandler) {}

    // MARK: Writing

    /// All metrics, and those of the process, by name.
    package var text: String {
        let families = families.withLock { $0 }
        var text = ""
        for (name, family) in families.sorted(by: { $0.key < $1.key }) {
            guard let kind = family.samples.first?.value.kind else { continue }
            text += "# TYPE \(name) \(kind)\n"
            for (labels, sample) in family.samples.sorted(by: { $0.key < $1.key }) {
                sample.write(name: name, labels: labels, to: &text)
            }
        }
        return text + ProcessMetrics.text
    }
}

/// All samples of one name, by their labels as they are written.
private struct Family {
    var samples: [String: any Sample] = [:]
}
