import Concurrency
import Domain

/// The documents that need no child: text, tables and JSON in UTF-8, UTF-16 or UTF-32, read by Swift alone.
enum UnicodeTextReader {
    /// Longer ones are read by a child, where what they take is bounded.
    private static let maximumBytes = 8 << 20

    /// - Returns: nil for every other file.
    static func read(path: String, fileName: String, limits: ParseLimits) throws(ParseError) -> [ParsedDocument]? {
        let input = try ParserInput(path: path, fileName: fileName, limits: limits)
        // One that is longer than any text may be is refused by its size, before it takes any memory.
        guard input.count <= maximumBytes || input.count > limits.maximumTextBytes else { return nil }
        return try parser(for: input)?.parseUnicode(input)?.map(\.withPlainLetters)
    }

    static func isPlainText(path: String, fileName: String) async -> Bool {
        do {
            return try await ComputePool.shared.run { () throws -> Bool in
                try parser(for: ParserInput(path: path, fileName: fileName, limits: ParseLimits())) != nil
            }
        } catch {
            return false
        }
    }

    private static func parser(for input: ParserInput) throws(ParseError) -> (any TextFormatParser)? {
        guard case .format(let format) = try FormatSelection(input) else { return nil }
        return format.parser as? any TextFormatParser
    }
}
