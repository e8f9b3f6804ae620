import Hummingbird

extension Request {
    /// Runs `operation`, and cancels it where the client hangs up before it has come to its end.
    ///
    /// The connection can serve no further request: the response must say `Connection: close`.
    /// - Precondition: the body was collected with `collectBody`; one that was consumed otherwise ends the process here
    ///   (Hummingbird 2.28).
    func whileConnected<Value: Sendable>(_ operation: () async throws -> Value) async throws -> Value {
        try await body.consumeWithCancellationOnInboundClose { _ in try await operation() }
    }
}
