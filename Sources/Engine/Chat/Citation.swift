package import Domain

/// A number in an answer that says where the statement before it is from, as `[2]`, and the words there that say it.
package struct Citation: Sendable, Equatable {
    package struct Quote: Sendable, Equatable {
        /// As the source has it.
        package let text: String
        /// UTF-16 offsets in the document; `nil` where the source does not tell its own.
        package let range: Range<Int>?
    }

    package let number: Int
    /// Index among the sources; `nil` for a number that points to nothing.
    package let source: Int?
    /// `nil` where the source does not say what is cited, as far as words tell.
    package let quote: Quote?

    /// All of an answer, in its order.
    package static func citations(in answer: String, _ sources: [Source]) -> [Citation] {
        marks(in: answer).map { mark in
            guard mark.number <= sources.count else { return Citation(number: mark.number, source: nil, quote: nil) }
            let source = sources[mark.number - 1]
            let finder = QuoteFinder(source.excerpt, linesAreRows: source.place?.locator?.unit.isIndivisible ?? false)
            let quote = finder.quote(of: mark.statement).map { found in
                Quote(text: found.text, range: source.documentRange(of: found.range))
            }
            return Citation(number: mark.number, source: mark.number - 1, quote: quote)
        }
    }

    /// The numbers in an answer that cite one of its sources, each with its place in UTF-16 code units.
    package static func places(in answer: String, sourceCount: Int) -> [(source: Int, offset: Int)] {
        marks(in: answer).filter { $0.number <= sourceCount }.map { (source: $0.number - 1, offset: $0.offset) }
    }

    // MARK: Marks

    struct Mark: Equatable {
        let number: Int
        /// Where it stands, in UTF-16 code units of the answer.
        let offset: Int
        /// What it is said to prove.
        let statement: String
    }

    /// A larger number is no citation but a year.
    private static let largestNumber = 999

    /// Numbers in brackets outside code, several of them where they stand side by side or have commas between them. Those that begin a
    /// line are the numbers of a list.
    static func marks(in answer: String) -> [Mark] {
        var marks: [Mark] = []
        var fenced: [Substring]?
        var lastBlock = ""
        for line in answer.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline) {
            let text = line.trimmedSlice
            if text.hasPrefix("```") {
                if let code = fenced { lastBlock = code.joined(separator: "\n") }
                fenced = fenced == nil ? [] : nil
                continue
            }
            if fenced != nil {
                fenced?.append(line)
                continue
            }
            let found = brackets(in: text)
            for (place, bracket) in found.enumerated() {
                let before = text[..<bracket.range.lowerBound]
                let offset = answer.utf16.distance(from: answer.startIndex, to: bracket.range.lowerBound)
                let statement = statement(before, without: found.prefix(place).map(\.range))
                if statement.isEmpty {
                    // A mark alone in its line belongs to the code above it.
                    guard place == 0, bracket.range.upperBound == text.endIndex, !lastBlock.isEmpty else { continue }
                    marks += bracket.numbers.map { Mark(number: $0, offset: offset, statement: lastBlock) }
                } else {
                    marks += bracket.numbers.map { Mark(number: $0, offset: offset, statement: statement) }
                }
            }
            if !text.isEmpty { lastBlock = "" }
        }
        return marks
    }

    private static func brackets(in line: Substring) -> [(range: Range<Substring.Index>, numbers: [Int])] {
        var found: [(range: Range<Substring.Index>, numbers: [Int])] = []
        var isCode = false
        var index = line.startIndex
        while index < line.endIndex {
            let character = line[index]
            if character == "`" { isCode.toggle() }
            guard character == "[", !isCode, let close = line[index...].firstIndex(of: "]") else {
                index = line.index(after: index)
                continue
            }
            let end = line.index(after: close)
            let numbers = line[line.index(after: index)..<close].split(separator: ",", omittingEmptySubsequences: false)
                .map {
                    Int($0.trimmedSlice)
                }
            // `[3](https://…)` is a link.
            let isLink = end < line.endIndex && line[end] == "("
            if !isLink, numbers.allSatisfy({ $0.map { 1...largestNumber ~= $0 } ?? false }) {
                found.append((index..<end, numbers.compactMap(\.self)))
                index = end
            } else {
                index = line.index(after: index)
            }
        }
        return found
    }

    /// The last sentence of the text before a mark.
    private static func statement(_ text: Substring, without marks: [Range<Substring.Index>]) -> String {
        var plain = ""
        var rest = text.startIndex
        for mark in marks {
            plain += text[rest..<mark.lowerBound]
            rest = mark.upperBound
        }
        plain += text[rest...]
        return TextUnit.units(in: plain).last?.text ?? ""
    }
}

extension Source {
    /// Where a stretch of the excerpt stands in the document.
    fileprivate func documentRange(of range: Range<Int>) -> Range<Int>? {
        // Of a document as a whole its beginning is shown.
        guard let place = place?.range else { return docID == nil ? nil : range }
        // The head of a table stands in front of what the range counts.
        let head = excerpt.utf16.count - place.count
        guard head >= 0, range.lowerBound >= head else { return nil }
        return place.lowerBound + range.lowerBound - head..<place.lowerBound + range.upperBound - head
    }
}
