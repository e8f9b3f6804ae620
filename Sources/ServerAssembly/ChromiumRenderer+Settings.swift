package import Engine
package import LinkFetching

extension ChromiumRenderer {
    /// As the settings describe it; `nil` where they want no browser.
    ///
    /// - Parameter launcher: what starts the hidden subcommand of this program that becomes the browser.
    package init?(_ settings: SettingsSnapshot, launcher: [String]) {
        guard settings.value(for: "LINK_RENDERER")?.lowercased() == "chromium" else { return nil }
        let (access, linkLimits) = (LinkAccess(settings), LinkLimits(settings))
        var limits = RenderingLimits()
        limits.total = min(limits.total, linkLimits.total)
        limits.maximumMarkup = min(limits.maximumMarkup, linkLimits.maximumBytes)
        self.init(
            access: access, linkLimits: linkLimits, limits: limits, launcher: launcher,
            arguments: Self.arguments(settings.value(for: "ANYTHINGLLM_CHROMIUM_ARGS") ?? ""))
    }

    /// Between white space, and between commas in front of a further argument.
    private static func arguments(_ text: String) -> [String] {
        text.replacing(",--", with: " --").split(whereSeparator: \.isWhitespace).map(String.init)
    }
}
