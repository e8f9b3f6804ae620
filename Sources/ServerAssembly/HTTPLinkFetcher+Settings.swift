import Engine
import LinkFetching

extension HTTPLinkFetcher {
    /// As the settings describe it.
    init(_ settings: SettingsSnapshot) {
        self.init(access: LinkAccess(settings), limits: LinkLimits(settings))
    }
}

extension LinkAccess {
    init(_ settings: SettingsSnapshot) {
        self.init(
            allowsAnything: settings.flag("COLLECTOR_ALLOW_ANY_IP"),
            allowlist: settings.value(for: "LECTERN_LINK_ALLOWLIST") ?? "")
    }
}

extension LinkLimits {
    init(_ settings: SettingsSnapshot) {
        self.init()
        if let megabytes = settings.amount(for: "LECTERN_LINK_MAX_MB") { maximumBytes = min(megabytes, 1 << 20) << 20 }
        if let seconds = settings.amount(for: "LECTERN_LINK_SECONDS") { total = .seconds(seconds) }
    }
}
