/// The smallest stretch of a document that can be quoted by itself.
package struct TextUnit: Sendable, Equatable {
    package enum Kind: Sendable {
        case sentence, heading, listItem, tableRow
        /// Lines of a program or a command, with their line breaks.
        case code
    }

    package var kind: Kind
    /// One line, except for code.
    package var text: String
    /// Whether it is a further sentence of the paragraph that the unit before is of.
    package var isContinuation: Bool

    package init(kind: Kind, text: String, isContinuation: Bool = false) {
        self.kind = kind
        self.text = text
        self.isContinuation = isContinuation
    }

    /// Cuts plain text or Markdown into units, in reading order.
    ///
    /// Lines that were wrapped (by a PDF, say) are joined again, with words that were hyphenated at their ends.
    package static func units(in text: String) -> [TextUnit] {
        var parser = TextUnitParser()
        for line in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline) { parser.add(line) }
        return parser.finish()
    }
}

/// Collects lines until it is clear what they are.
private struct TextUnitParser {
    private var units: [TextUnit] = []
    /// Lines of the paragraph or list item being read, trimmed.
    private var paragraph: [Substring] = []
    private var isListItem = false
    private var code: [Substring] = []
    private var isFenced = false

    mutating func add(_ line: Substring) {
        let trimmed = line.trimmedSlice
        if trimmed.hasPrefix("```") || trimmed.hasPrefix("~~~") {
            endParagraph(isFollowedByBlank: true)
            endCode()
            isFenced.toggle()
        } else if isFenced || isCode(trimmed) {
            endParagraph(isFollowedByBlank: false)
            code.append(line)
        } else if trimmed.isEmpty {
            endCode()
            endParagraph(isFollowedByBlank: true)
        } else {
            endCode()
            addProse(trimmed)
        }
    }

    mutating func finish() -> [TextUnit] {
        endCode()
        endParagraph(isFollowedByBlank: false)
        return units
    }

    private mutating func addProse(_ line: Substring) {
        if line.hasPrefix("#"), let title = markdownHeading(line) {
            endParagraph(isFollowedByBlank: false)
            units.append(TextUnit(kind: .heading, text: String(title)))
        } else if isCapitals(line) {
            endParagraph(isFollowedByBlank: false)
            units.append(TextUnit(kind: .heading, text: String(line)))
        } else if let cells = tableCells(line) {
            endParagraph(isFollowedByBlank: false)
            if !cells.isEmpty { units.append(TextUnit(kind: .tableRow, text: cells.joined(separator: " | "))) }
        } else if let item = listItem(line) {
            endParagraph(isFollowedByBlank: false)
            isListItem = true
            paragraph = [item]
        } else {
            if let last = paragraph.last, isComplete(last, before: line) { endParagraph(isFollowedByBlank: false) }
            paragraph.append(line)
        }
    }

    /// Whether a line is not merely wrapped: it is short, ends without punctuation, and a capital follows.
    private func isComplete(_ line: Substring, before next: Substring) -> Bool {
        guard let end = line.last, let start = next.first else { return false }
        let isCapital = start.isUppercase || start.isNumber
        return line.count < 50 && line.count < next.count * 2 / 3 && isCapital && (end.isLetter || end == ":")
    }

    private mutating func endCode() {
        while let first = code.first, first.allSatisfy(\.isWhitespace) { code.removeFirst() }
        while let last = code.last, last.allSatisfy(\.isWhitespace) { code.removeLast() }
        if !code.isEmpty { units.append(TextUnit(kind: .code, text: code.joined(separator: "\n"))) }
        code = []
    }

    private mutating func endParagraph(isFollowedByBlank: Bool) {
        defer {
            paragraph = []
            isListItem = false
        }
        guard !paragraph.isEmpty else { return }
        let text = joined(paragraph)
        if isListItem, text.count <= TextUnit.maximumListItem {
            units.append(TextUnit(kind: .listItem, text: text))
        } else if paragraph.count == 1, isFollowedByBlank, isHeading(text) {
            units.append(TextUnit(kind: .heading, text: text))
        } else {
            units += SentenceSplitter.sentences(in: text).enumerated().map {
                TextUnit(kind: .sentence, text: $1, isContinuation: $0 > 0)
            }
        }
    }

    private func joined(_ lines: [Substring]) -> String {
        var text = ""
        for line in lines {
            let isHyphen = text.last == "-" || text.last == "\u{2010}"
            if text.last == "\u{AD}" || (isHyphen && text.dropLast().last?.isLetter == true && line.startsLower) {
                text.removeLast()
            } else if let last = text.last, let first = line.first, !(last.isIdeographic && first.isIdeographic) {
                text.append(" ")
            }
            text += line
        }
        return text
    }
}

extension TextUnit {
    /// Characters of a list item that is quoted whole; a longer one is taken for a paragraph.
    fileprivate static let maximumListItem = 300
}

// MARK: - What a line is

private func isHeading(_ text: String) -> Bool {
    guard let first = text.first, let last = text.last, text.count <= 80 else { return false }
    return (first.isUppercase || first.isNumber || first.isIdeographic) && !(last.isPunctuation && last != ")")
}

/// Whether a line is in capitals throughout, as manual pages write their headings.
private func isCapitals(_ line: Substring) -> Bool {
    guard line.count <= 60, line.count >= 4, line.first?.isUppercase == true else { return false }
    return line.allSatisfy { $0.isUppercase || $0 == " " || $0 == "-" }
}

private func markdownHeading(_ line: Substring) -> Substring? {
    let level = line.prefix { $0 == "#" }.count
    let title = line.dropFirst(level)
    return level <= 6 && title.first == " " ? title.trimmedSlice : nil
}

/// What follows a bullet, or the line itself where it begins with a number or a letter of an enumeration.
private func listItem(_ line: Substring) -> Substring? {
    let marker = line.prefix { !$0.isWhitespace }
    let rest = line.dropFirst(marker.count).trimmedSlice
    guard !rest.isEmpty, marker.count <= 4, let last = marker.last else { return nil }
    if ["-", "*", "+", "•", "‣", "◦", "–", "—", "▪", "·"].contains(marker) { return rest }
    let label = marker.dropLast()
    let isNumber = !label.isEmpty && label.count <= 3 && label.allSatisfy(\.isNumber)
    let isLetter = label.count == 1 && label.first?.isLowercase == true
    return (last == "." && isNumber) || (last == ")" && (isNumber || isLetter)) ? line : nil
}

/// The cells of a row: between bars, tabs, wide gaps or the commas of a CSV file. Empty for a row that only rules.
private func tableCells(_ line: Substring) -> [Substring]? {
    let cells: [Substring]
    if line.hasPrefix("|") || line.count(where: { $0 == "|" }) >= 2 {
        cells = line.split(separator: "|").map(\.trimmedSlice)
    } else if line.contains("\t") {
        cells = line.split(separator: "\t").map(\.trimmedSlice)
    } else if line.count(where: { $0 == "," }) >= 2, !line.contains(", "), line.last != ".", !line.contains("，") {
        cells = line.split(separator: ",", omittingEmptySubsequences: false).map(\.trimmedSlice)
    } else {
        let wide = line.split(separator: "   ").map(\.trimmedSlice).filter { !$0.isEmpty }
        // Justified text has wide gaps too, between long stretches and beside narrower ones.
        guard wide.count >= 3, wide.allSatisfy({ $0.count <= 30 && !$0.contains("  ") }) else { return nil }
        cells = wide
    }
    let filled = cells.filter { !$0.isEmpty }
    if filled.allSatisfy({ $0.allSatisfy { "-:=+ ".contains($0) } }) { return [] }
    return filled.count >= 2 ? filled : nil
}

/// Whether a line outside of fences looks like a program: it ends like a statement or holds its signs.
private func isCode(_ line: Substring) -> Bool {
    guard let last = line.last, let first = line.first else { return false }
    if line.hasPrefix("$ ") || line.hasPrefix("#!") || line.hasPrefix("#include") { return true }
    if last == "{" || line == "}" || line == "};" { return true }
    if last == ";", line.contains("(") || line.contains("="), !first.isUppercase { return true }
    guard line.count >= 12 else { return false }
    let signs = line.count { "{}()[]<>=;$&|_/\\".contains($0) }
    return signs * 5 >= line.count && !line.contains("|")
}

extension Substring {
    fileprivate var startsLower: Bool { first?.isLowercase == true }
}

extension Character {
    /// Han characters and kana, between which lines break without a space.
    fileprivate var isIdeographic: Bool {
        unicodeScalars.first.map { (0x3000...0x9FFF).contains($0.value) || (0xFF00...0xFFEF).contains($0.value) }
            ?? false
    }
}
