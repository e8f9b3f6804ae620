import Domain

/// Text of documents as a prompt quotes it.
enum QuotedText {
    /// What begins and ends a passage and its header, in lower case.
    private static let marks = ["[context ", "[end context ", "<document_metadata>", "</document_metadata>"]

    /// The text, with a space in whatever looks like the frame around a passage, so that a document cannot pass for another
    /// one.
    static func harmless(_ text: String) -> String {
        let lowered = text.utf8.map { (0x41...0x5A).contains($0) ? $0 + 0x20 : $0 }
        guard lowered.contains(UInt8(ascii: "[")) || lowered.contains(UInt8(ascii: "<")) else { return text }
        var result: [UInt8] = []
        var copied = 0
        let bytes = Array(text.utf8)
        for index in lowered.indices where lowered[index] == UInt8(ascii: "[") || lowered[index] == UInt8(ascii: "<") {
            guard marks.contains(where: { lowered[index...].starts(with: $0.utf8) }) else { continue }
            result += bytes[copied...index] + [UInt8(ascii: " ")]
            copied = index + 1
        }
        return copied == 0 ? text : String(decoding: result + bytes[copied...], as: UTF8.self)
    }

    /// A chunk with its header, which is ours.
    static func quoted(_ stored: StoredChunk) -> String { stored.header + harmless(stored.chunk.text) }
}
