import Domain

/// What holds within a group of RTF, and ends with it.
struct RTFState {
    /// Where text goes.
    enum Destination: Equatable {
        case text
        case skipped
        case fontTable
        case styleSheet
        case property(Property)
        case creationTime
        /// The number or bullet of a list item.
        case listText
        /// What describes a table within a table: no text, but the end of its row.
        case nestedTable
    }

    enum Property: Hashable { case title, author, subject, comment }

    var destination = Destination.text
    /// What the group for programs that know Unicode stands for.
    var unicodeDestination = Destination.text
    var font: Int?
    var isHidden = false
    var isRaised = false
    var isDeleted = false
    /// Characters that stand for one in Unicode, for programs that do not know it.
    var unicodeSkip = 1
    var paragraph = Paragraph()

    struct Paragraph {
        var style = 0
        /// 0 for the highest level; 9 for body text.
        var outlineLevel: Int?
        var isListed = false
        var listLevel = 0
        var isInTable = false
        /// 1 for a table, 2 for one within a cell of that.
        var tableDepth = 0
    }
}

/// The paragraph styles of a file, as far as they tell headings from text.
struct RTFStyles {
    private struct Style {
        var name = ""
        var outlineLevel: Int?
        var basedOn: Int?
    }

    private var styles: [Int: Style] = [:]
    private var current: Int?

    /// Chains of styles longer than this are loops.
    private static let longestChain = 20

    mutating func begin(_ number: Int) {
        current = number
        styles[number] = Style()
    }

    /// Ends the definition that is open; `name` ends with a semicolon, and short names follow a comma.
    mutating func end(named name: String) {
        guard let current else { return }
        styles[current]?.name = name.prefix { $0 != ";" && $0 != "," }.trimmed.lowercased()
        self.current = nil
    }

    mutating func set(outlineLevel: Int) { if let current { styles[current]?.outlineLevel = outlineLevel } }
    mutating func set(basedOn style: Int) { if let current { styles[current]?.basedOn = style } }

    /// 1 for the highest; nil where paragraphs of this style are no headings.
    func headingLevel(of number: Int) -> Int? {
        for style in chain(from: number) {
            if let level = style.outlineLevel { return level < 9 ? level + 1 : nil }
            if style.name == "title" { return 1 }
            if style.name.hasPrefix("heading "), let level = Int(style.name.dropFirst(8)), (1...9).contains(level) {
                return level
            }
        }
        return nil
    }

    /// Lines of a table of contents, which only repeat the headings; LibreOffice calls them otherwise than Word.
    func isContentsEntry(_ number: Int) -> Bool {
        chain(from: number).contains { style in
            ["toc ", "contents "].contains {
                style.name.hasPrefix($0) && Int(style.name.dropFirst($0.utf8.count)) != nil
            }
        }
    }

    private func chain(from number: Int) -> [Style] {
        var chain: [Style] = []
        var next: Int? = number
        while let number = next, let style = styles[number], chain.count < Self.longestChain {
            chain.append(style)
            next = style.basedOn
        }
        return chain
    }
}
