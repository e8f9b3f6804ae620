import Domain

/// Which addresses are fetched: those of the public Internet on the ports of the web, and what operators allow besides.
package struct LinkAccess: Sendable {
    /// Whether every address and port is fetched.
    private let allowsAnything: Bool
    private let allowed: [Entry]

    /// What web servers listen on; others belong to services that a request might talk into something.
    private static let webPorts: Set<Int> = [80, 443, 8080, 8443]

    /// - Parameter allowlist: hosts, addresses and networks, separated by commas: `wiki.example`, `.example` for every host
    ///   below, `10.0.0.0/8`, each with a port behind a colon where it is not one of the web's, `[fd00::1]:8090`.
    package init(allowsAnything: Bool = false, allowlist: String = "") {
        self.allowsAnything = allowsAnything
        allowed = allowlist.split(separator: ",").compactMap { Entry($0.trimmed) }
    }

    /// Looks at the port before anybody learns whether the host exists.
    ///
    /// - Throws: `.refused`.
    func check(host: String, port: Int) throws(LinkError) {
        let isOpen =
            Self.webPorts.contains(port) || allowed.contains { ($0.isNetwork || $0.names(host)) && $0.opens(port) }
        guard allowsAnything || isOpen else { throw .refused(why: "port \(port)") }
    }

    /// Looks at the addresses that the host has; one that is refused refuses all.
    ///
    /// - Throws: `.refused`.
    func check(_ addresses: [IPAddress], of host: String, port: Int) throws(LinkError) {
        if allowsAnything || allowed.contains(where: { $0.names(host) && $0.opens(port) }) { return }
        for address in addresses where !allowed.contains(where: { $0.contains(address) && $0.opens(port) }) {
            guard Self.webPorts.contains(port) else { throw .refused(why: "port \(port)") }
            guard address.isGlobal else {
                throw .refused(why: "\(host) has the address \(address.text), which is not the public Internet's")
            }
        }
    }

    /// A host or a network, and a port where it is not one of the web's.
    private struct Entry: Sendable {
        private enum Place: Sendable {
            case host(String)
            /// Begins with a dot.
            case domain(String)
            case network(IPNetwork)
        }

        private let place: Place
        private let port: Int?

        init?(_ text: String) {
            var place = text.lowercased()
            var port: Int?
            // More than one colon is an IPv6 address, which has its port behind a bracket.
            let isBracketed = place.hasPrefix("[")
            if let colon = place.lastIndex(of: ":"), isBracketed || place.firstIndex(of: ":") == colon,
                !place[colon...].contains("]")
            {
                guard let number = UInt16(place[place.index(after: colon)...]) else { return nil }
                port = Int(number)
                place = String(place[..<colon])
            }
            if isBracketed { place = place.replacing("[", with: "").replacing("]", with: "") }
            guard !place.isEmpty else { return nil }
            self.port = port
            if let network = IPNetwork(place) {
                self.place = .network(network)
            } else if place.hasPrefix(".") || place.hasPrefix("*.") {
                self.place = .domain(place.hasPrefix("*") ? String(place.dropFirst()) : place)
            } else {
                self.place = .host(place)
            }
        }

        func names(_ host: String) -> Bool {
            switch place {
            case .host(let name): host == name
            case .domain(let name): host.hasSuffix(name)
            case .network: false
            }
        }

        var isNetwork: Bool { if case .network = place { true } else { false } }

        func contains(_ address: IPAddress) -> Bool {
            if case .network(let network) = place { network.contains(address) } else { false }
        }

        func opens(_ port: Int) -> Bool { self.port.map { $0 == port } ?? LinkAccess.webPorts.contains(port) }
    }
}
