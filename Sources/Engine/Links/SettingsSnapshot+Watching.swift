import Domain

/// How documents of links are watched.
extension SettingsSnapshot {
    static let watchingVariable = "LECTERN_LIVE_FILE_SYNC"
    static let intervalVariable = "DOCUMENT_SYNC_STALE_AFTER_MS"

    /// Whether links are checked by themselves, and can be chosen for it.
    package var watchesLinks: Bool { value(for: Self.watchingVariable)?.lowercased() != "disabled" }

    /// From one check of a link to the next.
    var checkInterval: Duration {
        let wanted = amount(for: Self.intervalVariable).map { Duration.milliseconds($0) } ?? .seconds(7 * 86_400)
        return max(wanted, .seconds(3600))
    }

    /// - Throws: `.conflict` where nothing is watched here.
    func requireWatching() throws(ServiceError) {
        guard watchesLinks else {
            throw ServiceError(
                .conflict, "Documents are not watched on this server: experimental_live_file_sync is disabled.")
        }
    }

    /// Failures in a row after which a link is not watched any more.
    static let maximumFailures = 5

    /// When a link is tried again after so many failures in a row: soon at first, as most outages are short.
    func retryDelay(after failures: Int) -> Duration {
        // One, four, sixteen and sixty-four hours.
        min(checkInterval, .seconds(3600 << (2 * min(max(0, failures - 1), 4))))
    }
}
