import Concurrency
import Domain

/// The documents that need no child: text in UTF-8, UTF-16 or UTF-32, decoded by Swift alone.
enum UnicodeTextReader {
    /// Longer ones are read by a child, where what they take is bounded.
    private static let maximumBytes = 8 << 20

    /// - Returns: nil for every other file.
    static func read(path: String, fileName: String, limits: ParseLimits) throws(ParseError) -> ParsedDocument? {
        let file = try FileBytes(path: path)
        guard file.count <= maximumBytes || file.count > limits.maximumTextBytes else { return nil }
        guard let parser = try parser(for: file, fileName: fileName) else { return nil }
        // Refused by its size, before it takes any memory.
        let bytes = try file.text(limits: limits)
        return try parser.parseUnicode(bytes, markup: Markup(fileName: fileName), limits: limits)
    }

    static func isPlainText(path: String, fileName: String) async -> Bool {
        do {
            return try await ComputePool.shared.run { () throws -> Bool in
                try parser(for: try FileBytes(path: path), fileName: fileName) != nil
            }
        } catch {
            return false
        }
    }

    private static func parser(for file: FileBytes, fileName: String) throws(ParseError) -> TextParser? {
        let sample = try file.prefix(ContentKind.sampleBytes)
        guard case .format(let format) = try FormatSelection(sample: sample[...], fileName: fileName) else {
            return nil
        }
        return format.parser as? TextParser
    }
}
