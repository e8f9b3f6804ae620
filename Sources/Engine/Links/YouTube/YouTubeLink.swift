import Domain

/// The address of a video on YouTube, whose page holds nothing to read: its words are in captions.
struct YouTubeLink: Equatable {
    /// As it was named.
    let address: LinkAddress
    let id: String

    private static let hosts: Set<String> = [
        "youtube.com", "www.youtube.com", "m.youtube.com", "music.youtube.com",
    ]
    private static let idLength = 11

    /// `nil` for whatever is no video, YouTube's other pages among them.
    init?(_ address: LinkAddress) {
        let parts = address.path.split(separator: "/")
        let id: Substring?
        if address.host == "youtu.be" {
            id = parts.first
        } else if !Self.hosts.contains(address.host) {
            id = nil
        } else if parts == ["watch"] {
            let fields = address.query.dropFirst().split(separator: "&")
            id = fields.first { $0.hasPrefix("v=") }?.dropFirst(2)
        } else {
            id = parts.count > 1 && ["embed", "v", "shorts", "live"].contains(parts[0]) ? parts[1] : nil
        }
        guard let id, Self.isID(id) else { return nil }
        self.address = address
        self.id = String(id)
    }

    private static func isID(_ text: Substring) -> Bool {
        text.utf8.count == idLength
            && text.utf8.allSatisfy { byte in
                0x61...0x7A ~= byte | 0x20 || 0x30...0x39 ~= byte || byte == 0x2D || byte == 0x5F
            }
    }

    /// The page that tells where the captions are; the scheme and the port are those that were named.
    var watchPage: LinkAddress? {
        let port = address.port == (address.scheme == "https" ? 443 : 80) ? "" : ":\(address.port)"
        return LinkAddress("\(address.scheme)://www.youtube.com\(port)/watch?v=\(id)")
    }

    /// Whether a host is YouTube's own, from which alone captions are fetched.
    static func isOwn(_ host: String) -> Bool { host == "youtube.com" || host.hasSuffix(".youtube.com") }
}

/// Why a video gave no text, in the words of the wire.
enum YouTubeError {
    static let noTranscript = ServiceError(.unprocessable, "No transcript found for that YouTube video.")
    static let unreadableTranscript = ServiceError(
        .unprocessable, "No transcript could be parsed for that YouTube video.")

    /// - Parameter reason: for people.
    static func failed(_ reason: String, cause: (any Error)? = nil) -> ServiceError {
        ServiceError(.unprocessable, "Failed to get YouTube video transcription: \(reason)", cause: cause)
    }
}
