/// Writes a tree of HTML as Markdown: headings, lists, quotations, code, tables and links keep their form.
struct HTMLRenderer {
    private let dropsPageFurniture: Bool
    private let addresses: HTMLAddresses
    private var writer = MarkdownWriter()
    /// How each open table is written.
    private var tables: [HTMLTable] = []
    /// The cells of the open row, and how many cells are open: more than one where tables are nested.
    private var row: [HTMLTable.Cell] = []
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
        name == "a" && classes(of: node).contains(where: permalinkClasses.contains)
    }

    /// What a link to a note says, in books and in pages that name the roles of their elements.
    private static func noteMark(_ node: HTMLTree.Node, _ name: String) -> String? {
        guard name == "a", isNoteLink(node) else { return nil }
        let mark = node.collapsedText.filter { !"[]()".contains($0) }
        return mark.isEmpty || mark.utf8.count > 10 ? nil : mark
    }

    private static func isNoteLink(_ node: HTMLTree.Node) -> Bool {
        if node.attribute("epub:type") == "noteref" || node.attribute("role") == "doc-noteref" { return true }
        if classes(of: node).contains(where: noteClasses.contains) { return true }
        let isWithinPage = node.attribute("href")?.hasPrefix("#") == true
        return isWithinPage && node.parentElement?.name == "sup" && node.collapsedText.contains(where: \.isNumber)
    }

    private static let noteClasses: Set<Substring> = ["footnote-ref", "footnoteRef", "footnote-reference", "noteref"]

    private static func classes(of node: HTMLTree.Node) -> [Substring] {
        (node.attribute("class") ?? "").split(whereSeparator: \.isWhitespace)
    }

    /// The number of a source in an encyclopedia, which says nothing without the list of sources.
    private static func isSourceMark(_ node: HTMLTree.Node) -> Bool {
        node.attribute("id")?.hasPrefix("cite_ref") == true || classes(of: node).contains("reference")
    }

    private static func isExponent(_ node: HTMLTree.Node) -> Bool {
        HTMLTree.elements(below: node, limit: 1) { $0.name == "a" }.isEmpty && Exponent.isNumber(node.collapsedText)
    }

    private static func itemCount(of list: HTMLTree.Node) -> Int {
        list.childNodes.reduce(0) { $0 + ($1.name == "li" ? 1 : 0) }
    }

    /// What stands between the two parts of a power or a fraction in MathML.
    private static func mathMark(before node: HTMLTree.Node, _ name: String) -> String? {
        guard name.first == "m", let parent = node.parentElement else { return nil }
        let mark: String
        switch parent.name {
        case "msup": mark = Exponent.mark
        case "mfrac": mark = "/"
        default: return nil
        }
        return node.isFirstElement ? nil : mark
    }

    private static let permalinkClasses: Set<Substring> = [
        "headerlink", "header-anchor", "anchor-link", "anchorjs-link", "hash-link", "heading-anchor",
    ]

    private mutating func enter(_ node: HTMLTree.Node, top: HTMLTree.Node) -> Bool {
        if node.isText {
            writer.append(text: node.characters)
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
        if name == "sup" {
            if Self.isSourceMark(node) { return false }
            if Self.isExponent(node) { writer.beginExponent() }
        }
        if let mark = Self.mathMark(before: node, name) { writer.appendMark(mark) }
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
        case "ol":
            let type = node.attribute("type") ?? ""
            let isReversed = node.attribute("reversed") != nil
            writer.beginList(
                from: node.attribute("start").flatMap(Int.init) ?? (isReversed ? Self.itemCount(of: node) : 1),
                step: isReversed ? -1 : 1, format: type.utf8.count == 1 ? type : "1")
        case "li": writer.beginItem(number: node.attribute("value").flatMap(Int.init))
        case "blockquote": writer.beginQuotation()
        case "pre": writer.beginCode()
        case "code", "kbd", "samp": writer.appendMark("`")
        case "del", "s", "strike": writer.appendMark("~~")
        case "br": writer.breakLine()
        case "table":
            writer.endBlock()
            tables.append(HTMLTable(node))
        case "tr":
            writer.endBlock()
            row = []
        case "td", "th": enterCell(node)
        default: if Self.blocks.contains(name) { writer.endBlock() }
        }
    }

    private mutating func enterCell(_ node: HTMLTree.Node) {
        writer.endBlock()
        guard let table = tables.last, table.form != .layout else { return }
        cells = 1
        row.append(HTMLTable.Cell(node))
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
        case "del", "s", "strike": writer.appendMark("~~")
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
            if cells == 0, !row.isEmpty { row[row.count - 1].text = writer.takeInline() }
        case "code", "kbd", "samp": writer.appendMark("`")
        default: if Self.blocks.contains(name) || Self.headingLevel(name) != nil { writer.append(" ") }
        }
    }

    private mutating func endRow() {
        defer { row = [] }
        guard !row.isEmpty, var table = tables.popLast() else { return }
        defer { tables.append(table) }
        let cells = table.filled(row)
        guard cells.contains(where: { !$0.isEmpty }) else { return }
        if table.form == .grid, cells.count > 1 || table.hasRows {
            writer.writeTableRow(cells, isFirst: !table.hasRows)
            table.hasRows = true
        } else {
            writer.writeRow(cells)
        }
    }
}
