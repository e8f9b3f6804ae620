import Hummingbird

extension Request {
    /// Runs `operation`, and cancels it where the client disconnects before it has come to its end.
    ///
    /// - Throws: `CancellationError` after a disconnect.
    func whileConnected<Value: Sendable>(
        _ operation: @escaping @Sendable () async throws -> Value
    ) async throws -> Value {
        guard let client = ClientConnection.current else { return try await operation() }
        return try await client.whileConnected(operation)
    }
}
