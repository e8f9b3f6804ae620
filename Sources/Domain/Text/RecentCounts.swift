import Synchronization

/// The token counts of texts that were counted lately: a prompt asks for its parts several times, and the next question of the
/// conversation for most of them again.
final class RecentCounts: Sendable {
    private struct State {
        /// When the recent ones are too many they become the earlier ones, and the earlier ones are forgotten.
        var recent: [TextBytes: Int] = [:]
        var earlier: [TextBytes: Int] = [:]
        var recentBytes = 0
    }

    private let state = Mutex(State())

    /// UTF-8 bytes of a text that is worth remembering: shorter ones are counted as quickly as found.
    private static let lengths = 64...(64 << 10)
    /// UTF-8 bytes of all recent texts.
    private static let capacity = 1 << 20

    /// The count of `text`, by `count` where it is not known.
    func count(of text: String, by count: (String) -> Int) -> Int {
        let length = text.utf8.count
        guard Self.lengths.contains(length) else { return count(text) }
        let key = TextBytes(text)
        if let known = state.withLock({ $0.recent[key] }) { return known }
        let number = state.withLock { $0.earlier[key] } ?? count(text)
        state.withLock { state in
            if state.recentBytes + length > Self.capacity {
                state.earlier = state.recent
                state.recent = [:]
                state.recentBytes = 0
            }
            if state.recent.updateValue(number, forKey: key) == nil { state.recentBytes += length }
        }
        return number
    }
}
