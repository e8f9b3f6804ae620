import HTTPTypes
import Metrics
import Synchronization

/// Counts requests and times them, by route, method and status.
final class RequestMetrics: Sendable {
    private struct Key: Hashable {
        let method: String
        let route: String
        let status: Int
    }

    private struct Series {
        let count: Counter
        let duration: Timer
    }

    private let inFlight = Meter(label: "lectern_http_requests_in_flight")
    /// Looked up here and not by name each time.
    private let series = Mutex<[Key: Series]>([:])

    func begin() { inFlight.increment() }

    func end(method: HTTPRequest.Method, route: String, status: Int, duration: Duration) {
        inFlight.decrement()
        let key = Key(method: Self.known.contains(method) ? method.rawValue : "other", route: route, status: status)
        let found = series.withLock { series in
            if let found = series[key] { return found }
            let dimensions = [("method", key.method), ("route", route)]
            let new = Series(
                count: Counter(
                    label: "lectern_http_requests_total", dimensions: dimensions + [("status", "\(status)")]),
                duration: Timer(label: "lectern_http_request_duration_seconds", dimensions: dimensions))
            series[key] = new
            return new
        }
        found.count.increment()
        found.duration.recordNanoseconds(Int64(duration / .nanoseconds(1)))
    }

    /// Methods are words of clients' making otherwise.
    private static let known: Set<HTTPRequest.Method> = [.get, .head, .post, .put, .patch, .delete, .options]
}
