import ModelContextProtocol

/// Carries messages to a server and back.
protocol MCPTransport: Sendable {
    /// Whether the server can say by itself that its tools have changed.
    var hearsServer: Bool { get }
    /// Returns when the server has the message; where its answer comes along with that, once it has been handed on.
    ///
    /// - Throws: `MCPFailure`, `CancellationError`.
    func send(_ message: RPCMessage) async throws
    /// What was agreed on in the beginning.
    func agreed(on revision: String) async
}

/// Is handed what a server sends.
typealias MCPReceiver = @Sendable (RPCMessage) async -> Void
