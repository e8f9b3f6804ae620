@testable import DocumentParsers

/// A line of words at a place of a page, each letter 5 points wide, 10 points high.
func placedLine(_ text: String, _ left: Float, _ top: Float, block: Int, height: Float = 10) -> PlacedLine {
    var line = PlacedLine(block: block)
    var place = left
    for word in text.split(separator: " ") {
        let width = Float(word.count) * height / 2
        line.append(PlacedWord(text: String(word), box: Box(left: place, top: top, width: width, height: height)))
        place += width + height / 2
    }
    return line
}

/// Lines one below the other, 12 points apart.
func placedLines(_ texts: [String], _ left: Float, _ top: Float, block: Int) -> [PlacedLine] {
    texts.enumerated().map { placedLine($0.element, left, top + 12 * Float($0.offset), block: block) }
}

/// What is read of a page that holds these lines.
func textOfPage(_ lines: [PlacedLine]) -> [String] {
    PageComposer.text(of: PlacedPage(number: 1, width: 595, height: 842, lines: lines)).lines.map {
        $0.text.replacing(String(TextRow.lineEnd), with: "⏎")
    }
}
