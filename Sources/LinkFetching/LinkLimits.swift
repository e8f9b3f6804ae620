/// How much and how long a link may take.
package struct LinkLimits: Sendable {
    /// Bytes of a body, as they arrive and unpacked.
    package var maximumBytes = 100 << 20
    /// To open a connection, for each address of a host.
    package var connect = Duration.seconds(10)
    /// From the request to the head of its answer, and between two pieces of a body.
    package var silence = Duration.seconds(30)
    /// From the first request to the last byte, redirects included.
    package var total = Duration.seconds(120)

    /// More are a loop.
    static let redirects = 5
    /// Of a host's addresses, as many are tried.
    static let addresses = 4

    package init() {}
}
