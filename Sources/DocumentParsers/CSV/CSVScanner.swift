/// Walks over the rows of a table.
struct CSVScanner {
    struct Row {
        /// With the line feed that ends it.
        var range: Range<Int>
        /// Without quotation marks around them.
        var fields: [Range<Int>]
        var isBlank: Bool
    }

    private let bytes: UnsafeBufferPointer<UInt8>
    private let delimiter: UInt8
    private var position = 0
    /// Set once a quotation mark was found that nothing closes: then none of them opens anything.
    private var quotesAreLetters = false

    /// Longer than any cell that somebody wrote.
    private static let longestQuotation = 1 << 20

    init(_ bytes: UnsafeBufferPointer<UInt8>, delimiter: UInt8) {
        self.bytes = bytes
        self.delimiter = delimiter
    }

    mutating func next() -> Row? {
        guard position < bytes.count else { return nil }
        let start = position
        var fields: [Range<Int>] = []
        while true {
            let field = field()
            fields.append(field)
            guard position < bytes.count else { break }
            position += 1
            if bytes[position - 1] == 0x0A { break }
        }
        let isBlank = fields.count == 1 && bytes[fields[0]].allSatisfy { $0 == 0x20 || $0 == 0x09 }
        return Row(range: start..<position, fields: fields, isBlank: isBlank)
    }

    /// Reads up to the delimiter or line feed that ends the field.
    private mutating func field() -> Range<Int> {
        if !quotesAreLetters, position < bytes.count, bytes[position] == 0x22 {
            if let end = closingQuote(from: position + 1) {
                let content = position + 1..<end
                position = end + 1
                skipToEnd()
                return content
            }
            quotesAreLetters = true
        }
        let start = position
        skipToEnd()
        return start..<position
    }

    private mutating func skipToEnd() {
        while position < bytes.count, bytes[position] != delimiter, bytes[position] != 0x0A { position += 1 }
    }

    /// The quotation mark that is followed by the end of the field; doubled ones, and such as stand before a letter, belong
    /// to the text.
    private func closingQuote(from start: Int) -> Int? {
        let limit = min(bytes.count, start + Self.longestQuotation)
        var index = start
        while index < limit {
            guard bytes[index] == 0x22 else {
                index += 1
                continue
            }
            var after = index + 1
            if after < bytes.count, bytes[after] == 0x22 {
                index += 2
                continue
            }
            while after < bytes.count, bytes[after] == 0x20 { after += 1 }
            if after >= bytes.count || bytes[after] == delimiter || bytes[after] == 0x0A { return index }
            index += 1
        }
        return nil
    }
}
