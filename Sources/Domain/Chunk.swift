/// A stretch of a document's text that is embedded, and that citations point to.
package struct Chunk: Sendable, Equatable {
    package struct ID: RawRepresentable, Hashable, Sendable, Comparable {
        package let rawValue: Int64
        package init(rawValue: Int64) { self.rawValue = rawValue }
        package static func < (left: ID, right: ID) -> Bool { left.rawValue < right.rawValue }
    }

    /// Place among the chunks of its document, from 0.
    package var ordinal: Int
    /// The stretch itself, trimmed, without the metadata header.
    package var text: String
    /// UTF-16 offsets in the document's text.
    package var range: Range<Int>
    /// The pages, rows or the like that it touches; `nil` where the format has none.
    package var locator: Locator?
    /// The headings it stands under, outermost first.
    package var headingPath: [String]

    package init(
        ordinal: Int, text: String, range: Range<Int>, locator: Locator? = nil, headingPath: [String] = []
    ) {
        self.ordinal = ordinal
        self.text = text
        self.range = range
        self.locator = locator
        self.headingPath = headingPath
    }
}
