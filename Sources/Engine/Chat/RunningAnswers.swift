package import Domain
import Synchronization

/// The answers that are being made. One whose workspace or thread is deleted ends at once, with its request to the
/// provider: nobody would ever read the rest, and it could not be stored.
package final class RunningAnswers: Sendable {
    private struct Entry {
        let conversation: Conversation
        let cancel: @Sendable () -> Void
        var isEnded = false
    }

    private struct State {
        var entries: [Int: Entry] = [:]
        var nextID = 0
    }

    private let state = Mutex(State())

    package init() {}

    /// Runs what answers in `conversation`. Throws `notFound` where that is deleted before it is done.
    package func run<Value: Sendable>(
        in conversation: Conversation, _ operation: @escaping @Sendable () async throws -> Value
    ) async throws -> Value {
        let task = Task { try await operation() }
        let id = state.withLock { state in
            state.nextID += 1
            state.entries[state.nextID] = Entry(conversation: conversation) { task.cancel() }
            return state.nextID
        }
        let result = await withTaskCancellationHandler {
            await task.result
        } onCancel: {
            task.cancel()
        }
        let entry = state.withLock { $0.entries.removeValue(forKey: id) }
        if entry?.isEnded == true, case .failure = result {
            throw ServiceError.notFound("The workspace or the thread was deleted.")
        }
        return try result.get()
    }

    /// To be called once the rows are gone: what begins later finds no workspace.
    package func end(workspace: Workspace.ID) { end { $0.workspaceID == workspace } }

    package func end(thread: ChatThread.ID) { end { $0.threadID == thread } }

    private func end(_ isConcerned: (Conversation) -> Bool) {
        let cancellations = state.withLock { state in
            var cancellations: [@Sendable () -> Void] = []
            for (id, entry) in state.entries where isConcerned(entry.conversation) {
                state.entries[id]?.isEnded = true
                cancellations.append(entry.cancel)
            }
            return cancellations
        }
        for cancel in cancellations { cancel() }
    }
}
