import Synchronization

/// Memory that many requests share, in bytes.
final class ByteBudget: Sendable {
    private let free: Mutex<Int>

    init(_ bytes: Int) { free = Mutex(bytes) }

    /// Takes a part, or says no; whoever took it gives it back.
    func take(_ bytes: Int) -> Bool {
        free.withLock { free in
            guard bytes <= free else { return false }
            free -= bytes
            return true
        }
    }

    func giveBack(_ bytes: Int) { free.withLock { $0 += bytes } }
}
