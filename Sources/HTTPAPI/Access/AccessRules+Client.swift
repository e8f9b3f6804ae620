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
            .map { String($0.filter { !$0.isWhitespace }) }
        var client = peer
        for address in chain.reversed() {
            guard IPAddress(address) != nil else { break }
            client = address
            guard isTrustedProxy(address) else { break }
        }
        return client
    }
}

extension HTTPField.Name {
    static let xForwardedFor = Self("X-Forwarded-For")!
}
