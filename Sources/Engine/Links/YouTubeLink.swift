import Domain

/// Addresses of videos, whose pages hold nothing to read: their words are in captions, which only YouTube's own players
/// get.
enum YouTubeLink {
    private static let hosts: Set<String> = [
        "youtube.com", "www.youtube.com", "m.youtube.com", "music.youtube.com",
    ]
    private static let idLength = 11

    static func isVideo(_ address: LinkAddress) -> Bool {
        let parts = address.path.split(separator: "/")
        if address.host == "youtu.be" { return parts.first.map(isID) ?? false }
        guard hosts.contains(address.host), let first = parts.first else { return false }
        if first == "watch" {
            return address.query.dropFirst().split(separator: "&").contains {
                $0.hasPrefix("v=") && isID($0.dropFirst(2))
            }
        }
        return ["embed", "v", "shorts", "live"].contains(first) && parts.count > 1 && isID(parts[1])
    }

    private static func isID(_ text: Substring) -> Bool {
        text.utf8.count == idLength
            && text.utf8.allSatisfy { byte in
                0x61...0x7A ~= byte | 0x20 || 0x30...0x39 ~= byte || byte == 0x2D || byte == 0x5F
            }
    }

    static let refusal = ServiceError(
        .unprocessable,
        "No transcript found for that YouTube video. This version does not read captions; save them as a text file and "
            + "upload that.")
}
