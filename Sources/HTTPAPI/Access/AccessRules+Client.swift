import Domain
import Engine
import HTTPTypes
import Hummingbird

extension AccessRules {
    /// Who has sent a request: the peer of the connection, or the last one before the trusted proxies. What stands further
    /// left in `X-Forwarded-For` anybody can write.
    func client(of request: Request, peer: String?) -> String? {
        guard let peer, isTrustedProxy(peer) else { return peer }
        let chain = request.headers[values: .xForwardedFor].flatMap { $0.split(separator: ",") }
        var client = peer
        for entry in chain.reversed() {
            guard let address = IPAddress(forwarded: entry.trimmed) else { break }
            client = address.text
            guard isTrustedProxy(client) else { break }
        }
        return client
    }
}

extension IPAddress {
    /// Reads an address as proxies write it, some of them with the port: `9.9.9.9`, `9.9.9.9:1234`, `::1`, `[::1]`,
    /// `[::1]:1234`.
    fileprivate init?(forwarded text: String) {
        if let bare = IPAddress(text) {
            self = bare
            return
        }
        let isBracketed = text.hasPrefix("[")
        guard let end = isBracketed ? text.firstIndex(of: "]") : text.lastIndex(of: ":") else { return nil }
        let port = isBracketed ? text[text.index(after: end)...] : text[end...]
        guard port.isEmpty || (port.first == ":" && UInt16(port.dropFirst()) != nil) else { return nil }
        let host = text[..<end].dropFirst(isBracketed ? 1 : 0)
        // Without brackets nobody could tell a port from the end of an address.
        guard isBracketed == host.contains(":") else { return nil }
        self.init(host)
    }
}

extension HTTPField.Name {
    static let xForwardedFor = Self("X-Forwarded-For")!
}
