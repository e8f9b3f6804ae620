import Engine
import HTTPTypes
import Hummingbird

extension Request {
    /// This server as the client reaches it, `https://host`: as operators say, else as the request names it. What stands in
    /// `X-Forwarded-Proto` counts from trusted proxies alone.
    func serverAddress(_ settings: SettingsSnapshot) -> String {
        if let address = settings.value(for: "LECTERN_PUBLIC_URL") { return address }
        let isForwarded =
            headers[.xForwardedProto] == "https"
            && ClientConnection.current?.address.map(AccessRules(settings).isTrustedProxy) == true
        let isSecure = isForwarded || head.scheme == "https"
        return "\(isSecure ? "https" : "http")://\(head.authority ?? "localhost")"
    }
}

extension HTTPField.Name {
    static let xForwardedProto = Self("X-Forwarded-Proto")!
}
