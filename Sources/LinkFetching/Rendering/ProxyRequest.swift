import Domain

/// What a browser asks of a proxy (RFC 9110, 9.3.6; RFC 9112, 3.2.2).
struct ProxyRequest: Equatable {
    enum Kind: Equatable {
        /// A tunnel: what goes through it is the browser's and the host's.
        case tunnel
        /// A request that is handed on, with as many bytes behind its head.
        case forward(head: String, bodyBytes: Int)
    }

    let host: String
    let port: Int
    let kind: Kind

    /// Bytes that the head of a message may have.
    static let longestHead = 64 << 10
    private static let longestBody = 16 << 20

    /// - Parameter head: up to the blank line, without it.
    /// - Returns: `nil` for what no browser sends to a proxy.
    init?(head: String) {
        let lines = head.split(separator: "\r\n", omittingEmptySubsequences: false)
        let words = (lines.first ?? "").split(separator: " ", omittingEmptySubsequences: false).map(String.init)
        guard words.count == 3, words[2] == "HTTP/1.1", words[0].allSatisfy({ $0.isASCII && $0.isLetter }) else {
            return nil
        }
        if words[0] == "CONNECT" {
            guard let address = LinkAddress("https://\(words[1])/"), words[1].contains(":") else { return nil }
            (host, port, kind) = (address.host, address.port, .tunnel)
            return
        }
        guard words[1].lowercased().hasPrefix("http://"), let address = LinkAddress(words[1]) else { return nil }
        let fields = lines.dropFirst().map { HeaderLine($0) }
        let lengths = fields.filter { $0.name == "content-length" }
        // Browsers say how long a body is.
        guard lengths.count <= 1, !fields.contains(where: { $0.name == "transfer-encoding" }),
            let length = lengths.isEmpty ? 0 : Int(lengths[0].value), 0...Self.longestBody ~= length
        else { return nil }
        let kept = fields.filter { !$0.isForOneHop && $0.name != "host" }.map(\.text)
        let request = "\(words[0]) \(address.path)\(address.query) HTTP/1.1"
        let head = [request, "Host: \(address.hostAndPort)"] + kept + ["Connection: close"]
        (host, port) = (address.host, address.port)
        kind = .forward(head: head.joined(separator: "\r\n") + "\r\n\r\n", bodyBytes: length)
    }

    /// The head of an answer that ends with its connection, whatever the server wanted.
    static func closing(answer head: String) -> String {
        let lines = head.split(separator: "\r\n", omittingEmptySubsequences: false)
        let kept = lines.dropFirst().map { HeaderLine($0) }.filter { !$0.isForOneHop }.map(\.text)
        return ([String(lines.first ?? "")] + kept + ["Connection: close"]).joined(separator: "\r\n") + "\r\n\r\n"
    }
}

/// A field of a head.
private struct HeaderLine {
    let text: String
    /// In lower case.
    let name: String
    let value: String

    init(_ line: Substring) {
        text = String(line)
        let parts = line.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        name = parts[0].lowercased()
        value = parts.count > 1 ? parts[1].trimmed : ""
    }

    /// Whether it speaks of the connection to the proxy and not of the message.
    var isForOneHop: Bool {
        ["connection", "keep-alive", "proxy-connection", "proxy-authorization", "upgrade", "te"].contains(name)
    }
}
