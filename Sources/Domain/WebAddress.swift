/// An absolute address as the WHATWG URL standard reads it, as far as it is needed here: whether it is one, and its parts. (Foundation's `URL` follows RFC 3986 and takes relative references, spaces and much else.)
///
/// `localhost:8080` is an address too, of the scheme `localhost`; that is the standard's reading.
package struct WebAddress: Sendable {
    package let scheme: String
    /// In lower case; an IPv6 address without its brackets. Empty where the scheme does not ask for one.
    package let host: String
    /// The port as written, or nil.
    package let port: Int?
    package let path: Substring
    /// From `?` or `#` on.
    package let queryAndFragment: Substring

    private static let specialSchemes: Set<String> = ["http", "https", "ws", "wss", "ftp", "file"]

    package init?(_ text: String) {
        let text = Substring(text.drop(while: { $0 == " " }))
        guard let colon = text.firstIndex(of: ":"), Self.isScheme(text[..<colon]) else { return nil }
        scheme = text[..<colon].lowercased()
        let isSpecial = Self.specialSchemes.contains(scheme)
        var rest = text[text.index(after: colon)...]
        let end = rest.firstIndex { $0 == "?" || $0 == "#" } ?? rest.endIndex
        queryAndFragment = rest[end...]
        rest = rest[..<end]

        // Special schemes take any number of slashes, also backslashes, before the host; others take exactly two.
        let isSlash: (Character) -> Bool = { $0 == "/" || (isSpecial && $0 == "\\") }
        if isSpecial { rest = rest.drop(while: isSlash) }
        let hasAuthority = isSpecial || rest.hasPrefix("//")
        if !isSpecial, hasAuthority { rest = rest.dropFirst(2) }
        guard hasAuthority else {
            (host, port, path) = ("", nil, rest)
            return
        }
        let pathStart = rest.firstIndex(where: isSlash) ?? rest.endIndex
        guard let authority = Authority(rest[..<pathStart], mayBeEmpty: !isSpecial || scheme == "file") else {
            return nil
        }
        (host, port) = (authority.host, authority.port)
        path = rest[pathStart...]
    }

    private static func isScheme(_ text: Substring) -> Bool {
        guard let first = text.first, first.isASCII, first.isLetter else { return false }
        return text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "+-.".contains($0)) }
    }

    /// Scheme, host and port, written as a browser would; nil without a host.
    package var origin: String? {
        host.isEmpty ? nil : "\(scheme)://\(hostAndPort)"
    }

    /// `example.org:8080`, without the port where none is written.
    package var hostAndPort: String { (host.contains(":") ? "[\(host)]" : host) + (port.map { ":\($0)" } ?? "") }

    /// Whether it is an address of the web, `http` or `https`.
    package var isWeb: Bool { scheme == "http" || scheme == "https" }

    /// The whole address as a browser would write it, without user name and password.
    package var normalized: String? {
        origin.map { $0 + (path.isEmpty ? "/" : String(path)) + queryAndFragment }
    }

    /// The address with `ending` (`v1`, `api/v1`) at the end of its path, in the place of what is there from the first
    /// part of `ending` on. A path in front of it is kept, because a reverse proxy may need it.
    package func base(endingIn ending: String) -> String? {
        guard let origin else { return nil }
        let parts = ending.split(separator: "/")
        let kept = path.split(separator: "/").prefix { !parts.contains($0) }
        return origin + (kept + parts).map { "/" + $0 }.joined()
    }
}

extension WebAddress {
    /// `text` without the user name and password of the address in it; other text is unchanged. Addresses that are
    /// not valid lose theirs too, because whoever wrote them meant a password all the same.
    package static func withoutUserinfo(_ text: String) -> String {
        guard let scheme = text.firstIndex(of: ":"), text[scheme...].hasPrefix("://") else { return text }
        let start = text.index(scheme, offsetBy: 3)
        let authority = text[start...].prefix { !"/\\?#".contains($0) }
        guard let at = authority.lastIndex(of: "@") else { return text }
        return String(text[..<start] + text[text.index(after: at)...])
    }
}

/// The part of an address between `//` and the path.
private struct Authority {
    let host: String
    let port: Int?

    init?(_ text: Substring, mayBeEmpty: Bool) {
        let at = text.lastIndex(of: "@")
        let rest = at.map { text[text.index(after: $0)...] } ?? text
        if rest.first == "[" {
            guard let close = rest.firstIndex(of: "]") else { return nil }
            host = rest[rest.index(after: rest.startIndex)..<close].lowercased()
            guard Self.isIPv6(host), let port = Self.port(rest[rest.index(after: close)...]) else { return nil }
            self.port = port
            return
        }
        let colon = rest.firstIndex(of: ":") ?? rest.endIndex
        host = rest[..<colon].lowercased()
        guard Self.isHost(host), mayBeEmpty || !host.isEmpty, let port = Self.port(rest[colon...]) else { return nil }
        self.port = port
        // `http://:8080` and `http://user@` name nobody.
        if host.isEmpty, at != nil || port != nil { return nil }
    }

    /// Nothing or `:` gives `.some(nil)`; what is no port gives nil.
    private static func port(_ text: Substring) -> Int?? {
        guard let colon = text.first else { return .some(nil) }
        guard colon == ":" else { return nil }
        let digits = text.dropFirst()
        if digits.isEmpty { return .some(nil) }
        guard digits.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) else { return nil }
        return UInt16(digits).map { Int($0) }
    }

    /// Forbidden code points of the standard, and a number that looks like an IPv4 address but is none.
    private static func isHost(_ host: String) -> Bool {
        if host.unicodeScalars.contains(where: {
            $0.value <= 0x20 || $0.value == 0x7F || "#/:<>?@[\\]^|".unicodeScalars.contains($0)
        }) {
            return false
        }
        let labels = host.split(separator: ".", omittingEmptySubsequences: false)
        let isNumeric = labels.last.map { !$0.isEmpty && $0.utf8.allSatisfy { (0x30...0x39).contains($0) } } ?? false
        return !isNumeric || IPAddress(host: host) != nil
    }

    private static func isIPv6(_ text: String) -> Bool {
        let isPlain = text.utf8.allSatisfy {
            (0x30...0x39).contains($0) || (0x61...0x66).contains($0) || $0 == 0x3A || $0 == 0x2E
        }
        return isPlain && text.utf8.filter { $0 == 0x3A }.count >= 2
    }
}
