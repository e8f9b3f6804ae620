import Domain

/// The texts of a diagram ("SmartArt"), as a list in the order and depth of its points (ECMA-376 part 1, 21.4.2).
struct DiagramReader {
    private struct Point {
        var text: [String] = []
        var isShown = true
    }

    private var points: [String: Point] = [:]
    /// The points in the order of the file, in case the connections do not reach them.
    private var order: [String] = []
    private var children: [String: [(place: Int, id: String)]] = [:]
    private var parents: Set<String> = []

    private static let deepestLevel = 8

    static func blocks(_ content: [UInt8]) throws(ParseError) -> [TextBlock] {
        var reader = DiagramReader()
        try reader.read(content)
        return reader.blocks()
    }

    private mutating func read(_ content: [UInt8]) throws(ParseError) {
        let cursor = try XMLCursor(content)
        var point = ""
        var paragraph = ""
        var isInText = false
        while let event = try cursor.next() {
            switch event {
            case .start(let element):
                switch element.name {
                case "pt":
                    point = element.attributes["modelId"] ?? ""
                    let type = element.attributes["type"] ?? "node"
                    if points[point] == nil { order.append(point) }
                    points[point] = Point(isShown: ["node", "asst", "doc"].contains(type))
                case "cxn": connect(element)
                case "p": paragraph = ""
                case "t":
                    isInText =
                        element.namespace.contains("/drawingml/2006/main")
                        || element.namespace.hasSuffix("/drawingml/main")
                case "br": paragraph += " "
                default: break
                }
            case .text(let text): if isInText { paragraph += text }
            case .end(let name, _):
                if name == "t" { isInText = false }
                guard name == "p" else { continue }
                let words = TextDecoder.cleaned(paragraph).split(whereSeparator: \.isWhitespace)
                if !words.isEmpty { points[point]?.text.append(words.joined(separator: " ")) }
            }
        }
    }

    /// Other kinds of connections say how the points are drawn.
    private mutating func connect(_ element: XMLCursor.Element) {
        guard element.attributes["type"] ?? "parOf" == "parOf", let parent = element.attributes["srcId"],
            let child = element.attributes["destId"]
        else { return }
        children[parent, default: []].append((element.attributes["srcOrd"].flatMap { Int($0) } ?? 0, child))
        parents.insert(child)
    }

    private func blocks() -> [TextBlock] {
        var blocks: [TextBlock] = []
        var seen: Set<String> = []
        // Each point once, whatever loops the connections make.
        let roots = order.filter { !parents.contains($0) } + order
        var stack = roots.reversed().map { (id: $0, level: 0) }
        while let (id, level) = stack.popLast() {
            guard let point = points[id], seen.insert(id).inserted else { continue }
            if point.isShown, !point.text.isEmpty {
                blocks.append(
                    TextBlock(text: point.text.joined(separator: " "), listLevel: min(level, Self.deepestLevel)))
            }
            let next = (children[id] ?? []).sorted { $0.place < $1.place }
            let depth = point.text.isEmpty ? level : level + 1
            stack += next.reversed().map { ($0.id, depth) }
        }
        return blocks
    }
}
