import Domain
import Synchronization

/// A namespace that is in memory.
protocol ResidentIndex: AnyObject, Sendable {
    /// What it takes.
    var byteCount: Int { get }
}

/// The namespaces in memory. Together they take no more than a limit, beside the one that was used last: those that
/// nobody has used for longest are let go first, and read again at their next use.
///
/// A search holds what it searches, so a namespace that is let go meanwhile takes memory until that search is done.
final class NamespaceCache<Resident: ResidentIndex>: Sendable {
    private struct Entry {
        let loading: Task<Resident, any Error>
        /// 0 until it is read.
        var bytes = 0
        var lastUse: UInt64
    }

    private struct State {
        var entries: [Namespace: Entry] = [:]
        var uses: UInt64 = 0
        var bytes = 0

        mutating func evict(beyond limit: Int, keeping kept: Namespace) -> [Entry] {
            guard bytes > limit else { return [] }
            var released: [Entry] = []
            // What is still being read has no size yet, and somebody waits for it.
            let oldestFirst = entries.filter { $0.key != kept && $0.value.bytes > 0 }
                .sorted { $0.value.lastUse < $1.value.lastUse }
            for (namespace, entry) in oldestFirst where bytes > limit {
                entries[namespace] = nil
                bytes -= entry.bytes
                released.append(entry)
            }
            return released
        }
    }

    private let limit: Int
    private let state = Mutex(State())

    /// - Parameter limit: bytes.
    init(limit: Int) { self.limit = limit }

    /// What all the namespaces take, in bytes.
    var bytes: Int { state.withLock { $0.bytes } }

    var isFull: Bool { bytes >= limit }

    /// The namespace, read by `load` where it is not in memory. Who needs one that is being read waits for it, and nobody
    /// else does; where it cannot be read, the next use tries again.
    func resident(
        _ namespace: Namespace, load: @escaping @Sendable () async throws -> Resident
    ) async throws -> Resident {
        let loading = state.withLock { state in
            state.uses += 1
            if let entry = state.entries[namespace] {
                state.entries[namespace]?.lastUse = state.uses
                return entry.loading
            }
            let loading = Task { try await load() }
            state.entries[namespace] = Entry(loading: loading, lastUse: state.uses)
            return loading
        }
        do {
            let resident = try await loading.value
            account(resident, loading, namespace)
            return resident
        } catch {
            state.withLock { if $0.entries[namespace]?.loading == loading { $0.entries[namespace] = nil } }
            throw error
        }
    }

    /// Reads namespaces before they are asked for, as long as there is room. Goes on when one cannot be read, and throws the first
    /// such error at the end; the namespace is tried again at its first use.
    func warm(
        _ namespaces: [Namespace], load: @escaping @Sendable (Namespace) async throws -> Resident
    ) async throws {
        var firstError: (any Error)?
        for namespace in namespaces where !isFull {
            do {
                _ = try await resident(namespace) { try await load(namespace) }
            } catch {
                firstError = firstError ?? error
            }
        }
        if let firstError { throw firstError }
    }

    /// Counts a namespace again that has changed.
    func account(_ resident: Resident, in namespace: Namespace) async throws {
        guard let loading = state.withLock({ $0.entries[namespace]?.loading }),
            try await loading.value === resident
        else { return }
        account(resident, loading, namespace)
    }

    func remove(_ namespace: Namespace) {
        state.withLock { state in
            guard let entry = state.entries.removeValue(forKey: namespace) else { return }
            state.bytes -= entry.bytes
        }
    }

    private func account(
        _ resident: Resident, _ loading: Task<Resident, any Error>, _ namespace: Namespace
    ) {
        let bytes = resident.byteCount
        // Freed outside of the lock: to give back hundreds of megabytes takes its time.
        let released = state.withLock { state -> [Entry] in
            guard let entry = state.entries[namespace], entry.loading == loading, entry.bytes != bytes else {
                return []
            }
            state.bytes += bytes - entry.bytes
            state.entries[namespace]?.bytes = bytes
            return state.evict(beyond: limit, keeping: namespace)
        }
        withExtendedLifetime(released) {}
    }
}
