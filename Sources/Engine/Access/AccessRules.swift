import Domain

/// What every request is measured by, read once when the settings change and not at each request.
package final class AccessRules: Sendable {
    /// `nil` for any number.
    package let requestsPerUserAndMinute: Int?
    package let requestsPerAddressAndMinute: Int?
    package let hosts: HostNames
    /// Who may say for whom they speak.
    private let proxies: [IPNetwork]

    package init(_ settings: SettingsSnapshot) {
        requestsPerUserAndMinute = settings.amount(for: "LECTERN_USER_REQUESTS_PER_MINUTE")
        requestsPerAddressAndMinute = settings.amount(for: "LECTERN_ADDRESS_REQUESTS_PER_MINUTE")
        hosts = HostNames(settings)
        proxies = settings.list(for: "LECTERN_TRUSTED_PROXIES").compactMap { IPNetwork($0) }
    }

    package func isTrustedProxy(_ address: String) -> Bool {
        guard !proxies.isEmpty, let address = IPAddress(address) else { return false }
        return proxies.contains { $0.contains(address) }
    }
}
