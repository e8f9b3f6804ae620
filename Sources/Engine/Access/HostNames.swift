import Domain

/// The names by which this server answers, so that a page from elsewhere whose name leads to this machine all of a sudden (DNS
/// rebinding) finds nobody.
package struct HostNames: Sendable {
    package static let variable = "LECTERN_HOSTS"

    private var names: Set<String> = []
    /// `.example.org` for every name below it.
    private var suffixes: [String] = []
    private var holdsAll = false
    /// Whether operators have listed any.
    package private(set) var areListed = false

    /// Those of `LECTERN_HOSTS`, with that of `LECTERN_PUBLIC_URL` besides.
    package init(_ settings: SettingsSnapshot) {
        let listed = settings.list(for: Self.variable)
        areListed = !listed.isEmpty
        for entry in listed {
            if entry == "*" {
                holdsAll = true
            } else if entry.hasPrefix("*.") {
                suffixes.append(entry.dropFirst().lowercased())
            } else if let name = Self.name(in: entry) {
                names.insert(name)
            }
        }
        if let address = settings.value(for: "LECTERN_PUBLIC_URL").flatMap(WebAddress.init) {
            names.insert(address.host)
        }
    }

    /// Whether `LECTERN_HOSTS` may hold an entry.
    static func isEntry(_ entry: String) -> Bool {
        if entry == "*" { return true }
        guard let name = name(in: entry.hasPrefix("*.") ? String(entry.dropFirst(2)) : entry) else { return false }
        return name.contains(":")
            || name.utf8.allSatisfy { byte in
                (0x61...0x7A).contains(byte) || (0x30...0x39).contains(byte) || "-._".utf8.contains(byte)
            }
    }

    /// Whether a request may name the server so: by the name of this machine for itself, or a listed one.
    ///
    /// - Parameter authority: `Host` of HTTP/1.1 and `:authority` of HTTP/2, a name or address with or without a port.
    package func include(_ authority: String) -> Bool {
        if holdsAll { return true }
        guard let name = Self.name(in: authority) else { return false }
        return name == "localhost" || names.contains(name) || name.hasSuffix(".localhost")
            || IPAddress(name)?.kind == .loopback || suffixes.contains { name.hasSuffix($0) }
    }

    /// Whether a server that listens at a host is reached by its own machine alone.
    package static func areOfLoopback(_ host: String) -> Bool {
        host.lowercased() == "localhost" || IPAddress(host: host)?.kind == .loopback
    }

    /// In lower case, without a port, brackets, and the dot that may end a name; `nil` for what is no `uri-host [":" port]`.
    private static func name(in authority: String) -> String? {
        let isBracketed = authority.utf8.first == UInt8(ascii: "[")
        let end: String.Index
        if isBracketed {
            guard let bracket = authority.utf8.firstIndex(of: UInt8(ascii: "]")) else { return nil }
            end = authority.utf8.index(after: bracket)
        } else {
            end = authority.utf8.firstIndex(of: UInt8(ascii: ":")) ?? authority.endIndex
        }
        let port = authority.utf8[end...]
        guard
            port.isEmpty
                || port.first == UInt8(ascii: ":") && port.dropFirst().allSatisfy({ (0x30...0x39).contains($0) })
        else { return nil }
        guard !isBracketed else {
            let inside = authority[..<end].dropFirst().dropLast()
            return inside.contains(":") && IPAddress(inside) != nil ? inside.lowercased() : nil
        }
        let name = authority[..<end].lowercased()
        let trimmed = name.hasSuffix(".") ? String(name.dropLast()) : name
        return trimmed.isEmpty ? nil : trimmed
    }
}
