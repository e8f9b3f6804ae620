import Domain
import Synchronization

/// The hosts that a page has asked for. Browsers ask for others of their own accord, for updates and the like, and are let to none
/// of these.
final class AskedHosts: Sendable {
    private let hosts = Mutex<Set<String>>([])

    /// - Parameter url: of HTTP or WebSocket; others name no host that is connected to.
    func insert(url: String) {
        let web =
            url.hasPrefix("ws:")
            ? "http:" + url.dropFirst(3) : url.hasPrefix("wss:") ? "https:" + url.dropFirst(4) : url
        guard let host = LinkAddress(web)?.host else { return }
        hosts.withLock { _ = $0.insert(host) }
    }

    func contains(_ host: String) -> Bool { hosts.withLock { $0.contains(host) } }
}
