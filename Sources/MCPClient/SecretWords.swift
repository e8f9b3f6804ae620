/// Takes secrets out of what a server says before it reaches people or logs.
struct SecretWords: Sendable {
    /// Shorter values are words rather than secrets, and would be cut out of the middle of other words.
    private static let shortest = 6

    private let words: [String]

    init(_ words: [String]) {
        // The longest first, since one secret may hold another. Of `Bearer x`, `x` is one as well.
        let parts = words + words.flatMap { $0.split(separator: " ").map(String.init) }
        self.words = parts.filter { $0.utf8.count >= Self.shortest }.sorted { $0.utf8.count > $1.utf8.count }
    }

    func removed(from text: String) -> String {
        words.reduce(text) { $0.replacing($1, with: "[hidden]") }
    }
}
