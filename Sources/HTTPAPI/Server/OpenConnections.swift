import Metrics

/// Counts the connections that are open.
enum OpenConnections {
    private static let gauge = Meter(label: "lectern_http_open_connections")

    static func opened() { gauge.increment() }
    static func closed() { gauge.decrement() }
}
