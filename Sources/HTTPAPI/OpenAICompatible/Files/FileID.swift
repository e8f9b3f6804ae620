/// The id of a file: `file-` and that of the document that was made of it, of the first where there are several.
struct FileID: Sendable, Hashable {
    let document: String

    private static let prefix = "file-"

    init(document: String) { self.document = document }

    /// `nil` for what is no file's id.
    init?(_ text: String) {
        guard text.hasPrefix(Self.prefix), text.utf8.count > Self.prefix.utf8.count else { return nil }
        document = String(text.dropFirst(Self.prefix.count))
    }

    var text: String { Self.prefix + document }
}
