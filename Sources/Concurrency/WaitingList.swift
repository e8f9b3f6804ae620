import Synchronization

/// Tasks that wait for their turn, in the order in which they came. Guarded by the lock of whoever owns it.
struct WaitingList: Sendable {
    private var waiters: [(id: UInt64, continuation: CheckedContinuation<Void, any Error>)] = []

    var isEmpty: Bool { waiters.isEmpty }
    var count: Int { waiters.count }

    mutating func append(_ id: UInt64, _ continuation: CheckedContinuation<Void, any Error>) {
        waiters.append((id, continuation))
    }

    /// Who has waited longest; to be resumed once the lock is released.
    mutating func popFirst() -> CheckedContinuation<Void, any Error>? {
        waiters.isEmpty ? nil : waiters.removeFirst().continuation
    }

    mutating func remove(_ id: UInt64) -> CheckedContinuation<Void, any Error>? {
        guard let index = waiters.firstIndex(where: { $0.id == id }) else { return nil }
        return waiters.remove(at: index).continuation
    }
}

/// Tells waiting tasks apart.
enum WaiterID {
    private static let last = Atomic<UInt64>(0)
    static func next() -> UInt64 { last.wrappingAdd(1, ordering: .relaxed).newValue }
}
