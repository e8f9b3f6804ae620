/// The lines about its document that precede a chunk in `text` on the wire.
package struct ChunkHeader: Sendable, Equatable {
    /// Characters of a value that are kept: a title as long as a chapter must not crowd out the chunk.
    static let maximumValueLength = 512

    /// The header and the blank line after it; empty where nothing is known about the document.
    package let text: String

    /// - Parameters:
    ///   - published: as the document's `published` is written on the wire.
    ///   - chunkSource: `link://` or `youtube://` and a URL give the line `source`; anything else gives none.
    package init(title: String?, published: String?, chunkSource: String?) {
        let lines = [
            Self.line("sourceDocument", title),
            Self.line("published", published),
            Self.line("source", chunkSource.flatMap(Self.url)),
        ].compactMap(\.self)
        text =
            lines.isEmpty ? "" : "<document_metadata>\n" + lines.joined() + "</document_metadata>\n\n"
    }

    private init(text: String) { self.text = text }

    /// The same with the names of a table's columns in front of each chunk of its rows. Names as long as a chapter are left
    /// out: they would be all that is embedded.
    package func naming(columns: String?) -> ChunkHeader {
        guard let columns, columns.count <= Self.maximumValueLength else { return self }
        let line = Self.harmless(columns)
        return line.isEmpty ? self : ChunkHeader(text: text + line + "\n")
    }

    /// Whether what is embedded before chunks means the same: the date alone does not make other vectors worth their price.
    static func meansTheSame(_ one: String, _ other: String) -> Bool {
        let lines = { (text: String) in
            text.split(separator: "\n", omittingEmptySubsequences: false).filter { !$0.hasPrefix("published: ") }
        }
        return lines(one) == lines(other)
    }

    /// What is embedded of a chunk: the words of its header, the headings that it stands under, and its text. The rest of the header
    /// says nothing that a question asks for, and costs as much time as words.
    static func passage(_ text: String, headingPath: [String], under header: String) -> String {
        let headings = headingPath.filter { !text.contains($0) }.joined(separator: " > ")
        let lines = words(in: header).split(separator: "\n").map(readable)
        let above = lines + [String(headings.suffix(maximumHeadingLength))]
        return (above.filter { !$0.isEmpty } + [text]).joined(separator: "\n")
    }

    /// The name of a file as words: `annual_report-2024.pdf` is "annual report 2024".
    private static func readable(_ title: Substring) -> String {
        guard !title.contains(where: \.isWhitespace) else { return String(title) }
        let ending = title.lastIndex(of: ".").map { title[$0...].dropFirst() } ?? ""
        let isFile = 1...5 ~= ending.count && ending.allSatisfy { $0.isLetter || $0.isNumber }
        let name = isFile ? title.dropLast(ending.count + 1) : title
        return name.split { "-_+".contains($0) }.joined(separator: " ")
    }

    /// The innermost headings say most.
    private static let maximumHeadingLength = 120

    /// The names of a table's columns that stand at the end of a header, and the line break behind them; empty where it has none.
    static func columnNames(in header: String) -> Substring {
        guard let end = header.firstRange(of: "</document_metadata>\n\n") else { return header[...] }
        return header[end.upperBound...]
    }

    /// What of a header tells what its chunks are about: the title, and the names of columns.
    static func words(in header: String) -> String {
        header.split(separator: "\n").filter { line in
            !line.hasPrefix("<") && !line.hasPrefix("published: ") && !line.hasPrefix("source: ")
        }.map { $0.hasPrefix(titleKey) ? $0.dropFirst(titleKey.count) : $0 }
            .joined(separator: "\n")
    }

    /// Empty where the document has none.
    static func title(in header: String) -> Substring {
        let line = header.split(separator: "\n").first { $0.hasPrefix(titleKey) }
        return line?.dropFirst(titleKey.count) ?? ""
    }

    private static let titleKey = "sourceDocument: "

    private static func line(_ key: String, _ value: String?) -> String? {
        guard let value = value.map(harmless), !value.isEmpty else { return nil }
        return "\(key): \(value)\n"
    }

    private static func url(in chunkSource: String) -> String? {
        for scheme in ["link://", "youtube://"] where chunkSource.hasPrefix(scheme) {
            return String(chunkSource.dropFirst(scheme.count))
        }
        return nil
    }

    /// One line that can neither end the header nor begin another one: line breaks and control characters become
    /// spaces, and a value that names the tag loses its angle brackets.
    private static func harmless(_ value: String) -> String {
        var scalars = String.UnicodeScalarView()
        for scalar in value.prefix(maximumValueLength).unicodeScalars {
            scalars.append(isBreak(scalar) ? " " : scalar)
        }
        var line = String(scalars)
        if line.lowercased().contains("document_metadata") { line.removeAll { $0 == "<" || $0 == ">" } }
        let isBlank = { (character: Character) in character.isWhitespace }
        guard let first = line.firstIndex(where: { !isBlank($0) }), let last = line.lastIndex(where: { !isBlank($0) })
        else { return "" }
        return String(line[first...last])
    }

    private static func isBreak(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .lineSeparator, .paragraphSeparator: true
        default: false
        }
    }
}
