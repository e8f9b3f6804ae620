import Domain

/// What a chart says: its titles, and its numbers as a table with a row for each category (ECMA-376 part 1, 21.2.2).
struct ChartReader {
    private struct Series {
        var name = ""
        var categories: [Int: String] = [:]
        var values: [Int: String] = [:]
    }

    /// Where a value that is being read belongs.
    private enum Place { case name, category, value }

    private var titles: [String] = []
    private var series: [Series] = []
    private var place: Place?
    private var index = 0
    private var text = ""
    private var isInText = false
    private var titleDepth = 0
    private var format = NumberFormat.general

    static func blocks(_ content: [UInt8]) throws(ParseError) -> [TextBlock] {
        var reader = ChartReader()
        try reader.read(content)
        return reader.blocks()
    }

    private mutating func read(_ content: [UInt8]) throws(ParseError) {
        let cursor = try XMLCursor(content)
        while let event = try cursor.next() {
            switch event {
            case .start(let element): start(element)
            case .text(let piece): if isInText { text += piece }
            case .end(let name, _): end(name)
            }
        }
    }

    private mutating func start(_ element: XMLCursor.Element) {
        switch element.name {
        case "ser": series.append(Series())
        case "title":
            titleDepth += 1
            text = ""
        case "tx": if titleDepth == 0 { place = .name }
        case "cat", "xVal": place = .category
        case "val", "yVal": place = .value
        case "pt": index = element.attributes["idx"].flatMap { Int($0) } ?? 0
        case "v", "formatCode":
            isInText = true
            text = ""
        case "t": isInText = titleDepth > 0
        default: break
        }
    }

    private mutating func end(_ name: String) {
        switch name {
        case "v":
            isInText = false
            addValue()
        case "formatCode":
            isInText = false
            format = NumberFormat(text)
        case "strCache", "numCache": format = .general
        case "t": isInText = false
        case "p": if titleDepth > 0 { text += " " }
        case "tx", "cat", "xVal", "val", "yVal": place = nil
        case "title":
            titleDepth -= 1
            let words = TextDecoder.cleaned(text).split(whereSeparator: \.isWhitespace)
            if titleDepth == 0, !words.isEmpty { titles.append(words.joined(separator: " ")) }
            text = ""
        default: break
        }
    }

    private mutating func addValue() {
        guard let place, let last = series.indices.last else { return }
        let value = TextDecoder.cleaned(text).split(whereSeparator: \.isWhitespace).joined(separator: " ")
        switch place {
        case .name: series[last].name = series[last].name.isEmpty ? value : "\(series[last].name) \(value)"
        case .category:
            // Of several levels the first is the innermost.
            let shown = format.isMoment ? Double(value).map { format.text($0, epoch: .year1900) } : nil
            if series[last].categories[index] == nil { series[last].categories[index] = shown ?? value }
        case .value: series[last].values[index] = Double(value).map(DecimalText.general) ?? value
        }
    }

    private func blocks() -> [TextBlock] {
        var blocks = titles.map { TextBlock(text: $0) }
        let named = series.filter { !$0.name.isEmpty || !$0.values.isEmpty }
        let categories = named.reduce(into: [Int: String]()) { all, one in
            all.merge(one.categories) { first, _ in first }
        }
        let places = Set(categories.keys).union(named.flatMap(\.values.keys)).sorted()
        guard !named.isEmpty, named.count * places.count <= Self.maximumCells else { return blocks }
        var rows = [([""] + named.map(\.name))]
        rows += places.map { place in [categories[place] ?? ""] + named.map { $0.values[place] ?? "" } }
        let lines = rows.map { $0.joined(separator: " | ") }
        blocks.append(TextBlock(text: lines.joined(separator: "\n").trimmed))
        return blocks
    }

    /// More would be a table that nobody reads.
    private static let maximumCells = 100_000
}
