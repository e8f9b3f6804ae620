package import Domain
import Synchronization

/// The answers that are being made. One whose workspace or thread is deleted, or whose caller has lost the right to it,
/// ends at once, with its request to the provider: nobody would ever read the rest, and it could not be stored. A server that
/// stops ends them all.
package final class RunningAnswers: Sendable {
    private struct Entry {
        let conversation: Conversation
        let caller: Caller
        let cancel: @Sendable () -> Void
        /// Why it was ended.
        var end: ServiceError?
    }

    private struct State {
        var entries: [Int: Entry] = [:]
        var nextID = 0
        var isStopping = false
        /// Ends when no answer is being made any more; there once the server is stopping.
        var quiet: AsyncStream<Void>.Continuation?
    }

    private let state = Mutex(State())

    package init() {}

    /// Runs what answers `caller` in `conversation`.
    ///
    /// - Throws: `notFound` where the conversation is deleted before it is done, `forbidden` where the caller's rights end,
    ///   `unavailable` where the server stops.
    package func run<Value: Sendable>(
        in conversation: Conversation, for caller: Caller, _ operation: @escaping @Sendable () async throws -> Value
    ) async throws -> Value {
        let task = Task { try await operation() }
        let id = state.withLock { state -> Int? in
            guard !state.isStopping else { return nil }
            state.nextID += 1
            state.entries[state.nextID] = Entry(conversation: conversation, caller: caller) { task.cancel() }
            return state.nextID
        }
        guard let id else {
            task.cancel()
            throw Self.stopping
        }
        let result = await withTaskCancellationHandler {
            await task.result
        } onCancel: {
            task.cancel()
        }
        let end = state.withLock { state in
            if state.entries.count == 1 { state.quiet?.finish() }
            return state.entries.removeValue(forKey: id)?.end
        }
        if let end, case .failure = result { throw end }
        return try result.get()
    }

    private static let stopping = ServiceError(
        .unavailable, "The server is stopping. Ask again in a moment.", retryAfter: 5)

    /// Begins no more answers, lets those that are being made come to their end for as long as `grace`, and ends the others.
    package func stop(after grace: Duration) async {
        let (quiet, continuation) = AsyncStream<Void>.makeStream()
        state.withLock { state in
            state.isStopping = true
            state.quiet = continuation
            if state.entries.isEmpty { continuation.finish() }
        }
        await withTaskGroup { group in
            group.addTask { for await _ in quiet {} }
            group.addTask { try? await Task.sleep(for: grace) }
            await group.next()
            group.cancelAll()
        }
        end(Self.stopping) { _ in true }
    }

    /// Who is being answered.
    var callers: Set<Caller> { state.withLock { state in Set(state.entries.values.map(\.caller)) } }

    /// To be called once the rows are gone: what begins later finds no workspace.
    func end(workspace: Workspace.ID) {
        end(.notFound("The workspace or the thread was deleted.")) { $0.conversation.workspaceID == workspace }
    }

    func end(thread: ChatThread.ID) {
        end(.notFound("The workspace or the thread was deleted.")) { $0.conversation.threadID == thread }
    }

    /// To be called once the rights are gone: what begins later is refused.
    func end(caller: Caller) {
        end(ServiceError(.forbidden, "The right to this answer was revoked.")) { $0.caller == caller }
    }

    func end(embed: Int64) {
        end(.notFound("The chat was closed.")) { entry in
            if case .visitor(let visitor) = entry.caller { visitor.embedID == embed } else { false }
        }
    }

    func end(userID: User.ID) {
        end(ServiceError(.forbidden, "The right to this answer was revoked.")) { $0.caller.userID == userID }
    }

    private func end(_ reason: ServiceError, _ isConcerned: (Entry) -> Bool) {
        let cancellations = state.withLock { state in
            var cancellations: [@Sendable () -> Void] = []
            for (id, entry) in state.entries where isConcerned(entry) {
                state.entries[id]?.end = reason
                cancellations.append(entry.cancel)
            }
            return cancellations
        }
        for cancel in cancellations { cancel() }
    }
}
