/// Writes a tree of HTML as Markdown: headings, lists, quotations, code, tables and links keep their form.
struct HTMLRenderer {
    private let dropsPageFurniture: Bool
    private let addresses: HTMLAddresses
    private var writer = MarkdownWriter()
    /// How each open table is written.
    private var tables: [HTMLTable] = []
    /// The finished cells of the open row, and how many cells are open: more than one where tables are nested.
    private var row: [String] = []
    private var cells = 0

    init(dropsPageFurniture: Bool, addresses: HTMLAddresses = HTMLAddresses(page: nil)) {
        self.dropsPageFurniture = dropsPageFurniture
        self.addresses = addresses
    }

    mutating func render(_ top: HTMLTree.Node) -> MarkdownWriter {
        // The closures of `walk` do not escape; the copy lets both change the one state.
        var state = self
        HTMLTree.walk(top, enter: { state.enter($0, top: top) }, leave: { state.leave($0) })
        state.writer.endBlock()
        return state.writer
    }

    private static let blocks: Set<String> = [
        "p", "div", "section", "article", "main", "body", "html", "header", "footer", "nav", "aside", "address",
        "figure", "figcaption", "dl", "dt", "dd", "form", "fieldset", "details", "summary", "center", "hr", "caption",
        "legend",
        "hgroup", "button", "thead", "tbody", "tfoot", "noscript", "dialog", "menu",
    ]

    private static func headingLevel(_ name: String) -> Int? {
        guard name.utf8.count == 2, name.first == "h", let level = name.last?.wholeNumberValue else { return nil }
        return (1...6).contains(level) ? level : nil
    }

    /// The sign behind a heading that links to itself, as documentation generators write it.
    private static func isPermalink(_ node: HTMLTree.Node, _ name: String) -> Bool {
        guard name == "a", let classes = node.attribute("class") else { return false }
        return classes.split(whereSeparator: \.isWhitespace).contains { permalinkClasses.contains(String($0)) }
    }

    /// What a link to a note says, in books and in pages that name the roles of their elements.
    private static func noteMark(_ node: HTMLTree.Node, _ name: String) -> String? {
        guard name == "a", node.attribute("epub:type") == "noteref" || node.attribute("role") == "doc-noteref" else {
            return nil
        }
        let mark = node.collapsedText.filter { !"[]()".contains($0) }
        return mark.isEmpty || mark.utf8.count > 10 ? nil : mark
    }

    private static func isExponent(_ node: HTMLTree.Node) -> Bool {
        HTMLTree.elements(below: node, limit: 2) { _ in true }.count < 2 && Exponent.isNumber(node.collapsedText)
    }

    private static let permalinkClasses: Set<String> = [
        "headerlink", "header-anchor", "anchor-link", "anchorjs-link", "hash-link", "heading-anchor",
    ]

    private mutating func enter(_ node: HTMLTree.Node, top: HTMLTree.Node) -> Bool {
        if node.isText {
            writer.append(node.characters)
            return false
        }
        guard node.isElement else { return false }
        let name = node.name
        if HTMLVisibility.isUnreadable(node, name: name) || Self.isPermalink(node, name) { return false }
        if let mark = Self.noteMark(node, name) {
            writer.append("[^\(mark)]")
            return false
        }
        if dropsPageFurniture, node != top, HTMLVisibility.isFurniture(node, name: name) { return false }
        if name == "a", addresses.link(of: node) != nil { writer.beginLink() }
        if name == "sup", Self.isExponent(node) { writer.beginExponent() }
        if name == "img" {
            if let image = addresses.image(of: node) { writer.append(image) }
        } else if cells > 0 {
            enterInCell(name)
        } else {
            enterBlock(node, name)
        }
        return true
    }

    private mutating func enterBlock(_ node: HTMLTree.Node, _ name: String) {
        if let level = Self.headingLevel(name) {
            writer.beginHeading(level)
            return
        }
        switch name {
        case "ul": writer.beginList()
        case "ol": writer.beginList(from: node.attribute("start").flatMap(Int.init) ?? 1)
        case "li": writer.beginItem(number: node.attribute("value").flatMap(Int.init))
        case "blockquote": writer.beginQuotation()
        case "pre": writer.beginCode()
        case "code", "kbd", "samp": writer.appendMark("`")
        case "br": writer.breakLine()
        case "table":
            writer.endBlock()
            tables.append(HTMLTable(node))
        case "tr":
            writer.endBlock()
            row = []
        case "td", "th": enterCell()
        default: if Self.blocks.contains(name) { writer.endBlock() }
        }
    }

    private mutating func enterCell() {
        writer.endBlock()
        if let table = tables.last, table.form != .layout { cells = 1 }
    }

    /// Within a cell everything goes on one line.
    private mutating func enterInCell(_ name: String) {
        switch name {
        case "td", "th":
            cells += 1
            writer.append(" ")
        case "code", "kbd", "samp": writer.appendMark("`")
        case "br", "li", "tr", "table", "pre", "blockquote": writer.append(" ")
        default: if Self.blocks.contains(name) || Self.headingLevel(name) != nil { writer.append(" ") }
        }
    }

    private mutating func leave(_ node: HTMLTree.Node) {
        guard node.isElement else { return }
        let name = node.name
        if name == "a", let address = addresses.link(of: node) { writer.endLink(address) }
        if cells > 0 {
            leaveInCell(name)
            return
        }
        if Self.headingLevel(name) != nil {
            writer.endBlock()
            return
        }
        switch name {
        case "ul", "ol": writer.endList()
        case "li": writer.endItem()
        case "blockquote": writer.endQuotation()
        case "pre": writer.endCode()
        case "code", "kbd", "samp": writer.appendMark("`")
        case "table":
            writer.endBlock()
            _ = tables.popLast()
        case "tr": endRow()
        case "td", "th": writer.endBlock()
        default: if Self.blocks.contains(name) { writer.endBlock() }
        }
    }

    private mutating func leaveInCell(_ name: String) {
        switch name {
        case "td", "th":
            cells -= 1
            if cells == 0 { row.append(writer.takeInline()) }
        case "code", "kbd", "samp": writer.appendMark("`")
        default: if Self.blocks.contains(name) || Self.headingLevel(name) != nil { writer.append(" ") }
        }
    }

    private mutating func endRow() {
        defer { row = [] }
        guard row.contains(where: { !$0.isEmpty }) else { return }
        guard !tables.isEmpty, tables[tables.count - 1].form == .grid, row.count > 1 || tables[tables.count - 1].hasRows
        else { return writer.writeRow(row) }
        writer.writeTableRow(row, isFirst: !tables[tables.count - 1].hasRows)
        tables[tables.count - 1].hasRows = true
    }
}

/// An open table.
struct HTMLTable {
    enum Form {
        /// It only lays out a page.
        case layout
        /// A single row.
        case line
        case grid
    }

    let form: Form
    var hasRows = false

    init(_ table: HTMLTree.Node) { form = Self.form(of: table) }

    /// How many nodes are looked at; a table that is larger without nested structure is one of data.
    private static let sampleNodes = 2000
    private static let layoutMarks: Set<String> = [
        "table", "h1", "h2", "h3", "h4", "h5", "h6", "article", "section", "form",
    ]

    private static func form(of table: HTMLTree.Node) -> Form {
        if let role = table.attribute("role")?.lowercased(), role == "presentation" || role == "none" { return .layout }
        var seen = 0
        var rows = 0
        var isLayout = false
        HTMLTree.walk(
            table,
            enter: { node in
                seen += 1
                if node != table, node.isElement, layoutMarks.contains(node.name) { isLayout = true }
                if node.isElement, node.name == "tr" { rows += 1 }
                return !isLayout && seen < sampleNodes
            }, leave: { _ in })
        return isLayout ? .layout : rows > 1 ? .grid : .line
    }
}
