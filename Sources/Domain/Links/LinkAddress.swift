/// A web address that is fetched: `http` or `https`, in one written form, so that whoever checks it and whoever connects see
/// the same host. It never holds a user name or a password.
package struct LinkAddress: Sendable, Hashable {
    /// `http` or `https`.
    package let scheme: String
    /// In lower case and ASCII; an IPv6 address without its brackets.
    package let host: String
    package let port: Int
    /// Percent-encoded; begins with `/`.
    package let path: String
    /// Percent-encoded, with its `?`; empty where there is none.
    package let query: String
    /// Percent-encoded, with its `#`; empty where there is none. Never sent.
    package let fragment: String

    /// UTF-8 bytes; servers take less.
    private static let maximumLength = 8192

    /// Reads what people write: the scheme may be missing, and is `https` then.
    ///
    /// - Returns: `nil` where it is no address of the web, or its host has other letters than ASCII's that cannot be written
    ///   in it.
    package init?(_ text: String) {
        let trimmed = String(text.trimmed.unicodeScalars.filter { !["\t", "\n", "\r"].contains($0) })
        guard trimmed.utf8.count <= Self.maximumLength else { return nil }
        guard let address = WebAddress(trimmed.contains("://") ? trimmed : "https://" + trimmed), address.isWeb,
            let host = InternationalHostName.ascii(address.host), Self.isHostName(host)
        else { return nil }
        scheme = address.scheme
        self.host = IPAddress(host: host)?.text ?? host
        let standard = address.scheme == "https" ? 443 : 80
        port = address.port ?? standard
        guard port != 0 else { return nil }
        let path = Self.withoutDotSegments(address.path.map { $0 == "\\" ? "/" : $0 }.map(String.init).joined())
        self.path = Self.encoded(path.isEmpty ? "/" : path)
        let rest = address.queryAndFragment
        let hash = rest.firstIndex(of: "#") ?? rest.endIndex
        query = rest[..<hash].count > 1 ? Self.encoded(String(rest[..<hash])) : ""
        fragment = rest[hash...].count > 1 ? Self.encoded(String(rest[hash...])) : ""
    }

    /// The address that `reference` means on the page at this one (RFC 3986, section 5.2).
    package func resolving(_ reference: String) -> LinkAddress? {
        let reference = reference.trimmed
        let start = "\(scheme)://\(hostAndPort)"
        if reference.isEmpty { return self }
        if reference.hasPrefix("//") || reference.hasPrefix("\\\\") { return LinkAddress("\(scheme):\(reference)") }
        if reference.hasPrefix("/") || reference.hasPrefix("\\") { return LinkAddress(start + reference) }
        if reference.hasPrefix("?") { return LinkAddress(start + path + reference) }
        if reference.hasPrefix("#") { return LinkAddress(start + path + query + reference) }
        // Whatever has a scheme is absolute, `mailto:` too, which is no address of the web.
        if let colon = reference.firstIndex(of: ":"), !reference[..<colon].contains(where: { "/?#".contains($0) }) {
            return reference.contains("://") ? LinkAddress(reference) : nil
        }
        return LinkAddress(start + path[...(path.lastIndex(of: "/") ?? path.startIndex)] + reference)
    }

    // MARK: Written forms

    /// `example.org:8080`, without the scheme's own port.
    package var hostAndPort: String {
        let written = host.contains(":") ? "[\(host)]" : host
        return port == (scheme == "https" ? 443 : 80) ? written : "\(written):\(port)"
    }

    /// Who gets what is meant for this address alone.
    package var origin: String { "\(scheme)://\(hostAndPort)" }

    /// What relative addresses of a page start from: none of them keeps the query or the fragment of the page's own address.
    package var base: String { origin + path }

    /// What is asked for, without the fragment.
    package var requested: String { origin + path + query }

    /// All of it; what this is read from again.
    package var whole: String { requested + fragment }

    /// As it is named to people and in documents: without a slash at its end.
    package var text: String { whole.hasSuffix("/") ? String(whole.dropLast()) : whole }

    // MARK: Reading

    private static func isHostName(_ host: String) -> Bool {
        host.utf8.count <= 253
            && host.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
                case UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: ":"): true
                default: false
                }
            }
    }

    /// What stands for itself in a path, a query or a fragment; `%` too, which begins what is encoded already.
    private static let plain = Set("!#$%&'()*+,-./:;=?@[]_~".utf8)

    private static func encoded(_ text: String) -> String {
        var result: [UInt8] = []
        for byte in text.utf8 {
            let isLetter = 0x61...0x7A ~= byte | 0x20 || 0x30...0x39 ~= byte
            if isLetter || plain.contains(byte) {
                result.append(byte)
            } else {
                result += [UInt8(ascii: "%")] + Array([byte].hexadecimal.uppercased().utf8)
            }
        }
        return String(decoding: result, as: UTF8.self)
    }

    private static func withoutDotSegments(_ path: String) -> String {
        var kept: [Substring] = []
        let segments = path.split(separator: "/", omittingEmptySubsequences: false).dropFirst()
        for (index, segment) in segments.enumerated() {
            let isLast = index == segments.count - 1
            switch segment.lowercased().replacing("%2e", with: ".") {
            case ".": if isLast { kept.append("") }
            case "..":
                _ = kept.popLast()
                if isLast { kept.append("") }
            default: kept.append(segment)
            }
        }
        return kept.map { "/" + $0 }.joined()
    }
}
