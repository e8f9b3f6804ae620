/// An open table.
struct HTMLTable {
    enum Form {
        /// It only lays out a page.
        case layout
        /// A single row.
        case line
        case grid
    }

    struct Cell {
        var text = ""
        /// How many columns and rows it takes.
        let columns: Int
        let rows: Int

        init(_ node: HTMLTree.Node) {
            columns = Self.span(node.attribute("colspan"), atMost: 100)
            rows = Self.span(node.attribute("rowspan"), atMost: 1000)
        }

        /// 0 is all that follow.
        private static func span(_ text: String?, atMost limit: Int) -> Int {
            guard let text, let number = Int(text), number >= 0 else { return 1 }
            return number == 0 ? limit : min(number, limit)
        }
    }

    let form: Form
    var hasRows = false
    /// For each column how many further rows a cell above takes.
    private var taken: [Int: Int] = [:]

    init(_ table: HTMLTree.Node) { form = Self.form(of: table) }

    /// The texts of a row, each in its column: what a cell covers besides is empty.
    mutating func filled(_ row: [Cell]) -> [String] {
        var texts: [String] = []
        for cell in row {
            passTaken(&texts)
            for place in 0..<cell.columns {
                if cell.rows > 1 { taken[texts.count] = cell.rows - 1 }
                texts.append(place == 0 ? cell.text : "")
            }
        }
        passTaken(&texts)
        return texts
    }

    private mutating func passTaken(_ texts: inout [String]) {
        while let rows = taken[texts.count], texts.count < Self.maximumColumns {
            taken[texts.count] = rows > 1 ? rows - 1 : nil
            texts.append("")
        }
    }

    private static let maximumColumns = 1000

    // MARK: Form

    /// How many nodes are looked at; a table that is larger without nested structure is one of data.
    private static let sampleNodes = 2000
    private static let layoutMarks: Set<String> = [
        "table", "h1", "h2", "h3", "h4", "h5", "h6", "article", "section", "form",
    ]

    /// Cells that name columns or rows make a table of data of whatever is in the others.
    private static func form(of table: HTMLTree.Node) -> Form {
        if let role = table.attribute("role")?.lowercased(), role == "presentation" || role == "none" { return .layout }
        var seen = 0
        var rows = 0
        var isLayout = false
        var namesCells = false
        HTMLTree.walk(
            table,
            enter: { node in
                seen += 1
                guard seen < sampleNodes, node.isElement, node != table else { return seen < sampleNodes }
                let name = node.name
                if layoutMarks.contains(name) { isLayout = true }
                if name == "th" { namesCells = true }
                if name == "tr" { rows += 1 }
                return name != "table"
            }, leave: { _ in })
        return isLayout && !namesCells ? .layout : rows > 1 ? .grid : .line
    }
}
