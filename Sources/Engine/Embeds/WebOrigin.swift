package import Domain

/// Where a page comes from: scheme, host and port, as browsers write it in `Origin`.
package struct WebOrigin: Sendable, Equatable {
    /// `https://example.org:8443`; with `*.` before the host, every host below it.
    package let text: String

    /// An entry of an allowlist. Without a scheme, `https` is meant.
    ///
    /// - Throws: `invalid` for what is no origin, and for one that is not encrypted, unless it is of this machine.
    package init(entry: String) throws(ServiceError) {
        let trimmed = entry.trimmed
        let whole = trimmed.contains("://") ? trimmed : "https://\(trimmed)"
        let isPattern = whole.contains("://*.")
        guard let address = WebAddress(isPattern ? whole.replacing("://*.", with: "://") : whole), address.isWeb,
            let origin = Self.origin(of: address), ["", "/"].contains(address.path),
            address.queryAndFragment.isEmpty, !address.host.contains("*"), !trimmed.contains("@")
        else { throw ServiceError.invalid("\(entry) is no origin of a web page, such as https://example.org.") }
        guard address.scheme == "https" || Self.isLocal(address.host) else {
            throw ServiceError.invalid(
                "\(entry) is not encrypted: only https origins, and those of localhost, are taken.")
        }
        text = isPattern ? origin.replacing("://", with: "://*.") : origin
    }

    /// Whether a page that says it is from `origin` is one of those that are meant. No part of a name counts for the whole.
    package func includes(_ origin: String) -> Bool {
        guard let address = WebAddress(origin), let shown = Self.origin(of: address), address.path.isEmpty else {
            return false
        }
        guard let star = text.firstRange(of: "*.") else { return shown == text }
        let (head, tail) = (text[..<star.lowerBound], text[star.upperBound...])
        return shown.hasPrefix(head) && shown.hasSuffix(".\(tail)")
            && shown.utf8.count > head.utf8.count + tail.utf8.count + 1
    }

    /// In lower case and ASCII, without the port that the scheme has anyway.
    private static func origin(of address: WebAddress) -> String? {
        guard address.isWeb, let host = InternationalHostName.ascii(address.host), !host.isEmpty else { return nil }
        let usual = address.scheme == "https" ? 443 : 80
        let port = address.port.flatMap { $0 == usual ? nil : ":\($0)" } ?? ""
        return "\(address.scheme)://\(host.contains(":") ? "[\(host)]" : host)\(port)"
    }

    /// The origin of the page at `address`; `nil` for what is no address of the web.
    package static func ofPage(at address: String) -> String? { WebAddress(address).flatMap(origin(of:)) }

    private static func isLocal(_ host: String) -> Bool {
        ["localhost", "127.0.0.1", "::1"].contains(host) || host.hasSuffix(".localhost")
    }
}

extension EmbedSettings {
    /// Whether a page from `origin` may show the widget.
    package func allows(_ origin: String?) -> Bool {
        guard let allowedOrigins else { return true }
        guard let origin else { return false }
        return allowedOrigins.contains { entry in (try? WebOrigin(entry: entry))?.includes(origin) ?? false }
    }
}
