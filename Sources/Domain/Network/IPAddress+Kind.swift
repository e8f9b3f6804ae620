extension IPAddress {
    /// What an address is for, by IANA's registries of special-purpose addresses (RFC 6890 and what has been added since).
    package enum Kind: Sendable, Hashable {
        /// Somewhere on the Internet.
        case global
        /// None in particular, which systems take for this machine.
        case unspecified
        case loopback
        case linkLocal
        /// Where clouds tell their machines secrets.
        case cloudMetadata
        /// Networks of one's own, those of providers behind address translation (RFC 6598) and unique local ones among them.
        case `private`
        case multicast
        /// For documents and measurements, not assigned yet, or not any more.
        case reserved
    }

    /// An address that carries one of version 4, as translators and tunnels do, is what that one is.
    package var kind: Kind {
        if let carried { return carried.kind }
        if let known = Self.kinds.first(where: { $0.network.contains(self) }) { return known.kind }
        // IANA has assigned global addresses of version 6 from 2000::/3 alone.
        return isV4 || bits >> 125 == 0b001 ? .global : .reserved
    }

    package var isGlobal: Bool { kind == .global }

    /// The address of version 4 in one of version 6 that leads to it.
    private var carried: IPAddress? {
        for (network, shift) in Self.carriers where network.contains(self) {
            return IPAddress(v4: UInt32(truncatingIfNeeded: bits >> shift))
        }
        if Self.teredo.contains(self) { return IPAddress(v4: ~UInt32(truncatingIfNeeded: bits)) }
        return nil
    }

    /// Networks, and how far from the right end of an address the other one stands.
    private static let carriers: [(IPNetwork, shift: UInt128)] = [
        ("64:ff9b::/96", 0),  // NAT64, RFC 6052
        ("::ffff:0:0:0/96", 0),  // stateless translation, RFC 2765
        ("2002::/16", 80),  // 6to4, RFC 3056
    ].map { (network($0), $1) }

    /// RFC 4380 writes the client's address with all bits turned.
    private static let teredo = network("2001::/32")

    /// The first that holds an address says its kind.
    private static let kinds: [(network: IPNetwork, kind: Kind)] = [
        (
            .cloudMetadata,
            [
                "169.254.169.254", "169.254.170.2", "169.254.170.23", "169.254.0.23", "fd00:ec2::254", "fd00:ec2::23",
                "fd20:ce::254", "fe80::a9fe:a9fe", "100.100.100.200", "192.0.0.192", "168.63.129.16",
            ]
        ),
        (.unspecified, ["0.0.0.0", "::"]),
        (.loopback, ["127.0.0.0/8", "::1"]),
        (.linkLocal, ["169.254.0.0/16", "fe80::/10"]),
        (
            .private,
            [
                "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "fc00::/7", "fec0::/10",
                "64:ff9b:1::/48",
            ]
        ),
        (.multicast, ["224.0.0.0/4", "ff00::/8"]),
        (
            .reserved,
            [
                "0.0.0.0/8", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "198.18.0.0/15", "198.51.100.0/24",
                "203.0.113.0/24", "240.0.0.0/4", "2001::/23", "2001:db8::/32", "3fff::/20",
            ]
        ),
    ].flatMap { (kind: Kind, networks: [String]) in networks.map { (network($0), kind) } }

    private static func network(_ text: String) -> IPNetwork {
        guard let network = IPNetwork(text) else { preconditionFailure("\(text) is no network") }
        return network
    }
}
