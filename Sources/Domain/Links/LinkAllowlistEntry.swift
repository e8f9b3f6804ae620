/// Where links may lead though it is not public: a host or a network, and a port where it is not one of the web's.
package struct LinkAllowlistEntry: Sendable {
    /// What web servers listen on; others belong to services that a request might talk into something.
    package static let webPorts: Set<Int> = [80, 443, 8080, 8443]

    private enum Place: Sendable {
        case host(String)
        /// Begins with a dot.
        case domain(String)
        case network(IPNetwork)
    }

    private let place: Place
    private let port: Int?

    /// Reads `wiki.example`, `.example` for every host below, `10.0.0.0/8`, each with a port behind a colon where it is not one
    /// of the web's, `[fd00::1]:8090`; `nil` for anything else.
    package init?(_ text: String) {
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
        self.port = port
        if let network = IPNetwork(place) {
            self.place = .network(network)
        } else if place.isEmpty || place.contains(where: { "/[]@".contains($0) || $0.isWhitespace }) {
            return nil
        } else if place.hasPrefix(".") || place.hasPrefix("*.") {
            self.place = .domain(place.hasPrefix("*") ? String(place.dropFirst()) : place)
        } else {
            self.place = .host(place)
        }
    }

    package func names(_ host: String) -> Bool {
        switch place {
        case .host(let name): host == name
        case .domain(let name): host.hasSuffix(name)
        case .network: false
        }
    }

    /// Whether this host is what the entry says, and not one of several that it covers.
    package func isExactly(_ host: String) -> Bool { if case .host(let name) = place { host == name } else { false } }

    /// Whether this address is what the entry says, and not one of several that it covers.
    package func isExactly(_ address: IPAddress) -> Bool {
        if case .network(let network) = place { network.isOneAddress && network.contains(address) } else { false }
    }

    package var isNetwork: Bool { if case .network = place { true } else { false } }

    package func contains(_ address: IPAddress) -> Bool {
        if case .network(let network) = place { network.contains(address) } else { false }
    }

    package func opens(_ port: Int) -> Bool { self.port.map { $0 == port } ?? Self.webPorts.contains(port) }
}
