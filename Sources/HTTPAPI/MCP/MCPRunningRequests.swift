import Domain
import Logging
import ModelContextProtocol
import Synchronization

/// Who sends messages.
struct MCPPeer: Sendable {
    let caller: Caller
    /// `nil` for a client that has begun none, or does not name it.
    let session: String?
    let logger: Logger

    func key(of call: RPCRequest) -> MCPRunningRequests.Key? { key(of: call.id) }

    /// By which a request is found that is to be cancelled. Without a session there is none: clients that share a credential
    /// may use the same ids.
    func key(of id: RPCID) -> MCPRunningRequests.Key? {
        session.map { MCPRunningRequests.Key(callerKind: caller.kind, callerID: caller.id, session: $0, id: id) }
    }
}

/// The requests that are being worked on, for clients that cancel one or end a session.
final class MCPRunningRequests: Sendable {
    struct Key: Sendable, Hashable {
        let callerKind: String
        let callerID: Int64?
        let session: String
        let id: RPCID
    }

    private struct Entry {
        let key: Key
        let cancel: @Sendable () -> Void
        var isCancelled = false
    }

    private struct State {
        var entries: [Int: Entry] = [:]
        var lastNumber = 0
    }

    private let state = Mutex(State())

    /// Runs what answers a request.
    ///
    /// - Throws: `RPCError` of the code `cancelled` where the client has cancelled it.
    func run<Value: Sendable>(
        _ key: Key?, _ operation: @escaping @Sendable () async throws -> Value
    ) async throws -> Value {
        guard let key else { return try await operation() }
        let task = Task { try await operation() }
        let number = state.withLock { state in
            state.lastNumber += 1
            state.entries[state.lastNumber] = Entry(key: key) { task.cancel() }
            return state.lastNumber
        }
        let result = await withTaskCancellationHandler {
            await task.result
        } onCancel: {
            task.cancel()
        }
        let wasCancelled = state.withLock { $0.entries.removeValue(forKey: number)?.isCancelled ?? false }
        if wasCancelled, case .failure = result { throw RPCError(.cancelled, "The request was cancelled.") }
        return try result.get()
    }

    /// Ends a request; that there is none is no error, for it may have come to its end meanwhile.
    func cancel(_ key: Key) { cancel { $0.key == key } }

    func end(session: String) { cancel { $0.key.session == session } }

    private func cancel(_ isConcerned: (Entry) -> Bool) {
        let cancellations = state.withLock { state in
            var cancellations: [@Sendable () -> Void] = []
            for (number, entry) in state.entries where isConcerned(entry) {
                state.entries[number]?.isCancelled = true
                cancellations.append(entry.cancel)
            }
            return cancellations
        }
        for cancel in cancellations { cancel() }
    }
}
