import Domain
import Synchronization

/// The sessions of clients.
///
/// A session holds nothing but what is under way in it, since every request shows its credential. So any node serves it, a
/// restart does not end it, and all that has to be remembered is which ones have ended, by the node that was told.
final class MCPSessions: Sendable {
    private struct State {
        var ended: Set<String> = []
        /// Oldest first.
        var order: [String] = []
    }

    private let state = Mutex(State())

    /// Ended sessions that are remembered.
    private static let remembered = 10_000

    func begin() -> String { UUIDText.random() }

    /// Whether it may be one that was begun here, and has not ended.
    func includes(_ session: String) -> Bool {
        let groups = session.split(separator: "-", omittingEmptySubsequences: false).map(\.utf8.count)
        let isDigit = { (byte: UInt8) in (0x30...0x39).contains(byte) || (0x61...0x66).contains(byte) || byte == 0x2D }
        guard groups == [8, 4, 4, 4, 12], session.utf8.allSatisfy(isDigit) else { return false }
        return state.withLock { !$0.ended.contains(session) }
    }

    func end(_ session: String) {
        state.withLock { state in
            guard state.ended.insert(session).inserted else { return }
            state.order.append(session)
            if state.order.count > Self.remembered {
                // Half of them at once, so that not every end moves them all.
                for old in state.order.prefix(Self.remembered / 2) { state.ended.remove(old) }
                state.order.removeFirst(Self.remembered / 2)
            }
        }
    }
}
