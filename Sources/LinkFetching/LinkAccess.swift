import Domain

/// Which addresses are fetched: those of the public Internet on the ports of the web, and what operators allow besides.
///
/// Where clouds tell their machines secrets is fetched only where an operator has named that very address or host: whoever
/// opens everything, or a network, hardly means the credentials of the machine.
package struct LinkAccess: Sendable {
    /// Whether every address and port is fetched, but for those of `metadataHosts` and their addresses.
    private let allowsAnything: Bool
    private let allowed: [LinkAllowlistEntry]

    /// - Parameter allowlist: entries, separated by commas.
    package init(allowsAnything: Bool = false, allowlist: String = "") {
        self.allowsAnything = allowsAnything
        allowed = allowlist.split(separator: ",").compactMap { LinkAllowlistEntry($0.trimmed) }
    }

    /// Where clouds tell their machines secrets, whatever address answers to the name.
    private static let metadataHosts: Set<String> = [
        "metadata", "metadata.google.internal", "metadata.goog", "metadata.tencentyun.com", "instance-data",
        "instance-data.ec2.internal",
    ]

    /// Looks at the port before anybody learns whether the host exists.
    ///
    /// - Throws: `.refused`.
    func check(host: String, port: Int) throws(LinkError) {
        let isOpen =
            LinkAllowlistEntry.webPorts.contains(port)
            || allowed.contains { ($0.isNetwork || $0.names(host)) && $0.opens(port) }
        guard allowsAnything || isOpen else { throw .refused(why: "port \(port)") }
        guard !Self.isMetadataHost(host) || names(host, port) else { throw Self.secrets(host) }
    }

    /// Looks at the addresses that the host has; one that is refused refuses all.
    ///
    /// - Throws: `.refused`.
    func check(_ addresses: [IPAddress], of host: String, port: Int) throws(LinkError) {
        for address in addresses where address.kind == .cloudMetadata {
            let isNamed =
                allowed.contains { $0.isExactly(address) && $0.opens(port) }
                || Self.isMetadataHost(host) && names(host, port)
            guard isNamed else { throw Self.secrets(host) }
        }
        if allowsAnything || allowed.contains(where: { $0.names(host) && $0.opens(port) }) { return }
        for address in addresses where !allowed.contains(where: { $0.contains(address) && $0.opens(port) }) {
            guard LinkAllowlistEntry.webPorts.contains(port) else { throw .refused(why: "port \(port)") }
            guard address.isGlobal else {
                throw .refused(why: "\(host) has the address \(address.text), which is not the public Internet's")
            }
        }
    }

    private func names(_ host: String, _ port: Int) -> Bool {
        allowed.contains { $0.isExactly(host) && $0.opens(port) }
    }

    private static func isMetadataHost(_ host: String) -> Bool {
        metadataHosts.contains(host.hasSuffix(".") ? String(host.dropLast()) : host)
    }

    private static func secrets(_ host: String) -> LinkError {
        .refused(why: "\(host) is where a cloud tells its machines secrets")
    }
}
