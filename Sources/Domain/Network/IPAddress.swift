#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// An address of the Internet Protocol. One of version 4 is kept as the address of version 6 that stands for it (RFC 4291,
/// section 2.5.5.2), so that both ways of writing it are one address.
package struct IPAddress: Sendable, Hashable {
    /// In the order of the network.
    let bits: UInt128

    init(bits: UInt128) { self.bits = bits }

    init(v4: UInt32) { bits = 0xFFFF << 32 | UInt128(v4) }

    var isV4: Bool { bits >> 32 == 0xFFFF }

    /// Reads the usual notation: four decimal numbers, or RFC 4291, section 2.2; no brackets, no zone.
    package init?(_ text: some StringProtocol) {
        // The C function would not see what stands behind a NUL.
        guard !text.utf8.contains(0) else { return nil }
        var v4: UInt32 = 0
        var v6: UInt128 = 0
        let text = String(text)
        if inet_pton(AF_INET, text, &v4) == 1 {
            self.init(v4: UInt32(bigEndian: v4))
        } else if inet_pton(AF_INET6, text, &v6) == 1 {
            self.init(bits: UInt128(bigEndian: v6))
        } else {
            return nil
        }
    }

    /// An address in the one way in which it is usually written, so that logs and limits know it again: `::ffff:127.0.0.1`, as a
    /// socket of IPv6 has it, is `127.0.0.1`. What is no address, or has a zone, stays as it is.
    package static func usual(_ text: String) -> String { IPAddress(text)?.text ?? text }

    /// Of 4 or 16 bytes in the order of the network; `nil` for any other number of them.
    package init?(bytes: [UInt8]) {
        let number = bytes.reduce(UInt128(0)) { $0 << 8 | UInt128($1) }
        switch bytes.count {
        case 4: self.init(v4: UInt32(number))
        case 16: self.init(bits: number)
        default: return nil
        }
    }

    /// In the usual notation, which `getaddrinfo` takes without asking anybody.
    package var text: String {
        var buffer = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        var (v4, v6) = (UInt32(truncatingIfNeeded: bits).bigEndian, bits.bigEndian)
        let length = socklen_t(buffer.count)
        guard (isV4 ? inet_ntop(AF_INET, &v4, &buffer, length) : inet_ntop(AF_INET6, &v6, &buffer, length)) != nil
        else { return "" }
        return String(decoding: buffer.prefix { $0 != 0 }.map(UInt8.init), as: UTF8.self)
    }

    /// Reads the host of an address of the web, its brackets taken off, as programs that connect to it do: `127.1`,
    /// `2130706433` and `0x7f.1` are 127.0.0.1, too (WHATWG URL, "IPv4 parser"). `nil` for a name.
    package init?(host: some StringProtocol) {
        if let usual = IPAddress(host) {
            self = usual
            return
        }
        var parts = host.split(separator: ".", omittingEmptySubsequences: false)
        if parts.count > 1, parts.last?.isEmpty == true { parts.removeLast() }
        guard (1...4).contains(parts.count) else { return nil }
        var address: UInt64 = 0
        for (index, part) in parts.enumerated() {
            guard let number = Self.number(part) else { return nil }
            // The last number fills all bytes that are left.
            let bytes = index == parts.count - 1 ? 4 - index : 1
            guard number < 1 << (8 * UInt64(bytes)) else { return nil }
            address = address << (8 * UInt64(bytes)) | number
        }
        self.init(v4: UInt32(address))
    }

    /// Decimal, or octal behind `0`, or hexadecimal behind `0x`, which alone is zero.
    private static func number(_ text: some StringProtocol) -> UInt64? {
        let text = text.lowercased()
        guard text.utf8.first.map({ (0x30...0x39).contains($0) }) == true else { return nil }
        if text == "0x" { return 0 }
        if text.hasPrefix("0x") { return digits(text.dropFirst(2), radix: 16) }
        return digits(text[...], radix: text.hasPrefix("0") ? 8 : 10)
    }

    private static func digits(_ text: Substring, radix: Int) -> UInt64? {
        // The initializer would take a sign.
        text.first == "+" || text.first == "-" ? nil : UInt64(text, radix: radix)
    }
}
