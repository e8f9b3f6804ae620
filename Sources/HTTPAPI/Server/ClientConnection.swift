import Domain
import Synchronization

/// A client's connection, as the code that answers its requests sees it.
final class ClientConnection: Sendable {
    /// The connection that the current request came on; none where a request is answered without a socket.
    @TaskLocal static var current: ClientConnection?

    /// Shared by all connections of the server.
    let bodyBudget: ByteBudget
    /// Of whoever holds the other end, a proxy maybe; an IP address.
    let address: String?

    private struct State {
        var isDisconnected = false
        var waiting: [Int: CheckedContinuation<Void, Never>] = [:]
        var nextID = 0
    }

    private let state = Mutex(State())
    private let invitation = Mutex<(@Sendable () -> Void)?>(nil)

    init(bodyBudget: ByteBudget, address: String? = nil) {
        self.bodyBudget = bodyBudget
        self.address = address.map(IPAddress.usual)
    }

    /// Runs what answers the requests of this connection, which then knows it as `ClientConnection.current`, and whoever holds
    /// the other end as `ClientAddress.current`.
    func bound(_ answer: () async -> Void) async {
        await Self.$current.withValue(self) { await ClientAddress.$current.withValue(address, operation: answer) }
    }

    /// - Parameter invite: tells a client that waits for it to send its body (RFC 9110, section 10.1.1).
    func onInvitation(_ invite: (@Sendable () -> Void)?) { invitation.withLock { $0 = invite } }

    /// To be called by whoever is about to read the body, and only then: a body that is refused unread is not to be sent.
    func inviteBody() { invitation.withLock { $0 }?() }

    /// The client has closed its side, or the connection is lost.
    func disconnect() {
        state.withLock { state in
            state.isDisconnected = true
            defer { state.waiting = [:] }
            return Array(state.waiting.values)
        }.forEach { $0.resume() }
    }

    /// Runs `operation`, and cancels it where the client disconnects before it has come to its end.
    ///
    /// - Throws: `CancellationError` after a disconnect.
    func whileConnected<Value: Sendable>(
        _ operation: @escaping @Sendable () async throws -> Value
    ) async throws -> Value {
        try await withThrowingTaskGroup(of: Value.self) { group in
            group.addTask(operation: operation)
            group.addTask {
                await self.disconnection()
                throw CancellationError()
            }
            defer { group.cancelAll() }
            guard let value = try await group.next() else { throw CancellationError() }
            return value
        }
    }

    /// Returns when the client has disconnected, or the task is cancelled.
    private func disconnection() async {
        let id = state.withLock { state in
            state.nextID += 1
            return state.nextID
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let waits = state.withLock { state in
                    guard !state.isDisconnected, !Task.isCancelled else { return false }
                    state.waiting[id] = continuation
                    return true
                }
                if !waits { continuation.resume() }
            }
        } onCancel: {
            state.withLock { $0.waiting.removeValue(forKey: id) }?.resume()
        }
    }
}
