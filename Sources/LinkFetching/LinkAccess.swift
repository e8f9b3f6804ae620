import Domain

/// Which addresses are fetched: those of the public Internet on the ports of the web, and what operators allow besides.
package struct LinkAccess: Sendable {
    /// Whether every address and port is fetched.
    private let allowsAnything: Bool
    private let allowed: [LinkAllowlistEntry]

    /// - Parameter allowlist: entries, separated by commas.
    package init(allowsAnything: Bool = false, allowlist: String = "") {
        self.allowsAnything = allowsAnything
        allowed = allowlist.split(separator: ",").compactMap { LinkAllowlistEntry($0.trimmed) }
    }

    /// Looks at the port before anybody learns whether the host exists.
    ///
    /// - Throws: `.refused`.
    func check(host: String, port: Int) throws(LinkError) {
        let isOpen =
            LinkAllowlistEntry.webPorts.contains(port)
            || allowed.contains { ($0.isNetwork || $0.names(host)) && $0.opens(port) }
        guard allowsAnything || isOpen else { throw .refused(why: "port \(port)") }
    }

    /// Looks at the addresses that the host has; one that is refused refuses all.
    ///
    /// - Throws: `.refused`.
    func check(_ addresses: [IPAddress], of host: String, port: Int) throws(LinkError) {
        if allowsAnything || allowed.contains(where: { $0.names(host) && $0.opens(port) }) { return }
        for address in addresses where !allowed.contains(where: { $0.contains(address) && $0.opens(port) }) {
            guard LinkAllowlistEntry.webPorts.contains(port) else { throw .refused(why: "port \(port)") }
            guard address.isGlobal else {
                throw .refused(why: "\(host) has the address \(address.text), which is not the public Internet's")
            }
        }
    }
}
