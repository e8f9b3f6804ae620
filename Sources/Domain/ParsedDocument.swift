/// What a parser found in a file, or in one of the documents that a file holds: the text, and what is known about it.
///
/// All offsets count UTF-16 code units of `text`, the unit of the wire.
package struct ParsedDocument: Sendable, Equatable, Codable {
    package var text: String
    /// The numbered parts that people cite it by; `nil` where the format has none.
    package var divisions: Divisions?
    /// The names of a table's columns, as a row of the text, which every chunk of its rows needs to be understood. They are
    /// the first division where there are more.
    package var columnNames: String?
    /// The headings in reading order; empty where the format has none.
    package var headings: [Heading]
    package var title: String?
    package var author: String?
    package var description: String?
    /// The document's own date, milliseconds since 1970.
    package var publishedMilliseconds: Int64?
    /// Which of the documents in its file it is; `nil` where the file is one document.
    package var member: Member?
    /// What of the file could not be read, for people.
    package var warnings: [String]

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

    /// One of several documents in a file.
    package enum Member: Sendable, Equatable, Codable {
        /// A sheet of a workbook, by its name.
        case sheet(String)
        /// A message of a mailbox, counted from 1.
        case message(Int)
        /// A file that was attached to a message, by its name; `within` is the number of that message in a mailbox.
        case attachment(String, within: Int?)

        /// The same for the same part of another version of the file.
        package var key: String {
            switch self {
            case .sheet(let name): "sheet \(name)"
            case .message(let number): "message \(number)"
            case .attachment(let name, let message): "attachment \(message.map { "\($0) " } ?? "")\(name)"
            }
        }
    }

    package init(
        text: String, divisions: Divisions? = nil, columnNames: String? = nil, headings: [Heading] = [],
        title: String? = nil, author: String? = nil, description: String? = nil, publishedMilliseconds: Int64? = nil,
        member: Member? = nil, warnings: [String] = []
    ) {
        self.text = text
        self.divisions = divisions
        self.columnNames = columnNames
        self.headings = headings
        self.title = title
        self.author = author
        self.description = description
        self.publishedMilliseconds = publishedMilliseconds
        self.member = member
        self.warnings = warnings
    }
}
