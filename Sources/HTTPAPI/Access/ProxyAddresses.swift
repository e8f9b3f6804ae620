import Engine
import HTTPTypes
import Hummingbird

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// The proxies that may say whom they speak for, by `LECTERN_TRUSTED_PROXIES`: addresses, or networks like `10.0.0.0/8`.
struct ProxyAddresses {
    private let networks: [Network]

    init(_ settings: SettingsSnapshot) {
        networks =
            settings.value(for: "LECTERN_TRUSTED_PROXIES")?.split(separator: ",")
            .compactMap { Network(String($0.filter { !$0.isWhitespace })) } ?? []
    }

    /// Who has sent a request: the peer of the connection, or the last one before the trusted proxies. What stands further
    /// left in `X-Forwarded-For` anybody can write.
    func client(of request: Request, peer: String?) -> String? {
        guard let peer, !networks.isEmpty, isTrusted(peer) else { return peer }
        let chain = request.headers[values: .xForwardedFor].flatMap { $0.split(separator: ",") }
            .map { String($0.filter { !$0.isWhitespace }) }
        var client = peer
        for address in chain.reversed() {
            guard Network.bytes(of: address) != nil else { break }
            client = address
            guard isTrusted(address) else { break }
        }
        return client
    }

    func isTrusted(_ address: String) -> Bool {
        guard let bytes = Network.bytes(of: address) else { return false }
        return networks.contains { $0.contains(bytes) }
    }

    /// Addresses whose first bits are alike.
    private struct Network {
        let bytes: [UInt8]
        let bits: Int

        init?(_ text: String) {
            let parts = text.split(separator: "/", maxSplits: 1).map(String.init)
            guard let first = parts.first, let bytes = Self.bytes(of: first) else { return nil }
            self.bytes = bytes
            guard parts.count == 2 else {
                bits = bytes.count * 8
                return
            }
            guard let bits = Int(parts[1]), (0...bytes.count * 8).contains(bits) else { return nil }
            self.bits = bits
        }

        func contains(_ other: [UInt8]) -> Bool {
            guard other.count == bytes.count else { return false }
            let (whole, rest) = bits.quotientAndRemainder(dividingBy: 8)
            guard bytes.prefix(whole) == other.prefix(whole) else { return false }
            return rest == 0 || (bytes[whole] ^ other[whole]) >> (8 - rest) == 0
        }

        /// In network order; an IPv4 address that is written as an IPv6 one counts as what it is.
        static func bytes(of address: String) -> [UInt8]? {
            var v4 = [UInt8](repeating: 0, count: 4)
            if inet_pton(AF_INET, address, &v4) == 1 { return v4 }
            var v6 = [UInt8](repeating: 0, count: 16)
            guard inet_pton(AF_INET6, address, &v6) == 1 else { return nil }
            let isMapped = v6.prefix(10).allSatisfy { $0 == 0 } && v6[10] == 0xFF && v6[11] == 0xFF
            return isMapped ? Array(v6.suffix(4)) : v6
        }
    }
}

extension HTTPField.Name {
    static let xForwardedFor = Self("X-Forwarded-For")!
}
