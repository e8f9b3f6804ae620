import Engine
import LinkFetching

extension HTTPLinkFetcher {
    /// As the settings describe it.
    init(_ settings: SettingsSnapshot) {
        var limits = LinkLimits()
        if let megabytes = settings.amount(for: "LECTERN_LINK_MAX_MB") {
            limits.maximumBytes = min(megabytes, 1 << 20) << 20
        }
        if let seconds = settings.amount(for: "LECTERN_LINK_SECONDS") { limits.total = .seconds(seconds) }
        self.init(
            access: LinkAccess(
                allowsAnything: settings.flag("COLLECTOR_ALLOW_ANY_IP"),
                allowlist: settings.value(for: "LECTERN_LINK_ALLOWLIST") ?? ""),
            limits: limits)
    }
}
