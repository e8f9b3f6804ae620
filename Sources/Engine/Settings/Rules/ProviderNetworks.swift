import Domain

/// Where providers may be: this server sends requests, with what it has been told, wherever a setting leads.
struct ProviderNetworks: Sendable {
    static let variable = "LECTERN_PROVIDER_NETWORKS"

    private let allowsPrivate: Bool
    private let addresses: NameResolver

    /// The addresses that a name has; none where nobody knows it.
    typealias NameResolver = @Sendable (_ name: String) async -> [IPAddress]

    init(_ settings: SettingsSnapshot, addresses: @escaping NameResolver = resolvedAddresses) {
        allowsPrivate = settings.effectiveValue(for: Self.variable)?.lowercased() != "public"
        self.addresses = addresses
    }

    /// Names of what `IPAddress.Kind.cloudMetadata` is about. The usual clouds give them to their machines alone.
    private static let metadataNames: Set = [
        "metadata", "metadata.google.internal", "metadata.goog", "instance-data", "instance-data.ec2.internal",
        "metadata.tencentyun.com", "metadata.platformequinix.com",
    ]

    /// Why a provider may not be at an address; `nil` where it may, or where `value` is none.
    func refusal(of value: String) async -> String? {
        guard let host = WebAddress(value)?.host, !host.isEmpty else { return nil }
        let name = host.hasSuffix(".") ? String(host.dropLast()) : host
        let literal = IPAddress(host: name)
        if Self.metadataNames.contains(name) || literal.map({ [.linkLocal, .cloudMetadata].contains($0.kind) }) == true
        {
            return "\(host) cannot be a provider: clouds tell their machines secrets at such addresses."
        }
        guard !allowsPrivate else { return nil }
        let found = if let literal { [literal] } else { await addresses(name) }
        if found.isEmpty { return "\(host) cannot be a provider: it has no address." }
        return found.allSatisfy(\.isGlobal)
            ? nil : "\(host) cannot be a provider: \(Self.variable) allows addresses of the Internet alone."
    }
}
