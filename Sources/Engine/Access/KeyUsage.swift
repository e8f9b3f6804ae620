import Domain
import Synchronization

/// When keys were last used, gathered until it is stored.
final class KeyUsage: Sendable {
    private let times = Mutex<[Int64: Timestamp]>([:])

    func recordUse(of key: Int64) { times.withLock { $0[key] = .now } }

    func take() -> [(id: Int64, time: Timestamp)] {
        times.withLock { times in
            defer { times.removeAll() }
            return times.map { ($0.key, $0.value) }
        }
    }
}
