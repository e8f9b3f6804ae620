/// What a parser found in a file: the text, and what is known about it.
///
/// All offsets count UTF-16 code units of `text`, the unit of the wire.
package struct ParsedDocument: Sendable, Equatable, Codable {
    package var text: String
    /// Where each page begins, in order, the first at 0; empty where the format has no pages.
    package var pageStarts: [Int]
    /// The headings in reading order; empty where the format has none.
    package var headings: [Heading]
    package var title: String?
    package var author: String?
    package var description: String?
    /// The document's own date, milliseconds since 1970.
    package var publishedMilliseconds: Int64?

    package struct Heading: Sendable, Equatable, Codable {
        package var offset: Int
        /// 1 is the highest.
        package var level: Int
        package var title: String

        package init(offset: Int, level: Int, title: String) {
            self.offset = offset
            self.level = level
            self.title = title
        }
    }

    package init(
        text: String, pageStarts: [Int] = [], headings: [Heading] = [], title: String? = nil, author: String? = nil,
        description: String? = nil, publishedMilliseconds: Int64? = nil
    ) {
        self.text = text
        self.pageStarts = pageStarts
        self.headings = headings
        self.title = title
        self.author = author
        self.description = description
        self.publishedMilliseconds = publishedMilliseconds
    }
}
