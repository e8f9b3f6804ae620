/// Addresses whose first bits are alike: `10.0.0.0/8`, `fc00::/7`, or one address alone.
package struct IPNetwork: Sendable, Hashable {
    private let address: IPAddress
    /// Of the 128 bits that an `IPAddress` has, those that are alike.
    private let length: Int

    package init?(_ text: some StringProtocol) {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard let first = parts.first, let address = IPAddress(first) else { return nil }
        self.address = address
        guard parts.count == 2 else {
            length = 128
            return
        }
        let bitsInFront = first.contains(":") ? 0 : 96
        guard parts[1].utf8.allSatisfy({ (0x30...0x39).contains($0) }), let bits = Int(parts[1]),
            bits + bitsInFront <= 128
        else { return nil }
        length = bits + bitsInFront
    }

    /// Whether it is one address alone.
    package var isOneAddress: Bool { length == 128 }

    /// Whether the address is one of these. None of version 4 is in a network of version 6.
    package func contains(_ other: IPAddress) -> Bool {
        other.isV4 == address.isV4 && (other.bits ^ address.bits) >> UInt128(128 - length) == 0
    }
}
