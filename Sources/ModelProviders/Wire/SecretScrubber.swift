/// Takes secrets out of what a provider says before it reaches people or logs: some providers quote the key they refuse.
struct SecretScrubber: Sendable {
    private static let replacement = "[hidden]"
    /// Shorter values are words rather than secrets, and would be cut out of the middle of other words.
    private static let shortestSecret = 6

    private let secrets: [String]

    init(secrets: [String]) {
        // The longest first, since one secret may contain another.
        self.secrets = secrets.filter { $0.utf8.count >= Self.shortestSecret }.sorted { $0.utf8.count > $1.utf8.count }
    }

    /// `text` without the configured secrets, and without anything that looks like a key or a bearer token.
    func scrub(_ text: String) -> String {
        var text = text
        for secret in secrets { text.replace(secret, with: Self.replacement) }
        text.replace(/\b(sk|pk|gsk|key|xai|hf)[-_][A-Za-z0-9_*.\-]{8,}/, with: Self.replacement)
        text.replace(/[Bb]earer +[A-Za-z0-9._~+\/=*\-]{6,}/, with: "Bearer \(Self.replacement)")
        return text
    }
}
