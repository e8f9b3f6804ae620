import Domain

extension ParsedDocument {
    /// The same with letters for what only the typesetter has in their place, in every format: soft hyphens, which are
    /// no part of a word, go, with the line break that one of them allowed; Latin ligatures are written out.
    var withPlainLetters: ParsedDocument {
        var document = self
        var boundaries = Set(headings.map(\.offset))
        boundaries.formUnion(divisions?.starts ?? [])
        guard var letters = PlainLetters(text, keeping: boundaries) else { return self }
        document.text = letters.text
        for index in document.headings.indices {
            document.headings[index].offset = letters.offset(document.headings[index].offset)
            document.headings[index].title = PlainLetters.plain(document.headings[index].title)
        }
        letters.rewind()
        if let divisions { document.divisions?.starts = divisions.starts.map { letters.offset($0) } }
        letters.rewind()
        document.columnNames = columnNames.flatMap { letters.part($0, of: text) }
        document.title = title.map(PlainLetters.plain)
        document.author = author.map(PlainLetters.plain)
        document.description = description.map(PlainLetters.plain)
        return document
    }
}

/// A text without soft hyphens and ligatures, and where its parts are now.
private struct PlainLetters {
    private(set) var text = ""
    /// Behind which UTF-16 offset of the old text how many units are missing, in order.
    private var shifts: [(offset: Int, missing: Int)] = []
    private var next = 0

    /// U+FB00 to U+FB06.
    private static let ligatures = ["ff", "fi", "fl", "ffi", "ffl", "st", "st"]

    /// - Parameter boundaries: offsets of line starts that stay lines of their own.
    /// - Returns: nil where the text has nothing of the kind.
    init?(_ old: String, keeping boundaries: Set<Int>) {
        var old = old
        let result = old.withUTF8 { bytes -> String? in
            guard bytes.indices.contains(where: { Self.length(at: $0, in: bytes) > 0 }) else { return nil }
            var output: [UInt8] = []
            output.reserveCapacity(bytes.count)
            var index = 0
            var offset = 0
            var missing = 0
            while index < bytes.count {
                let length = Self.length(at: index, in: bytes)
                guard length > 0 else {
                    offset += bytes[index] & 0xC0 == 0x80 ? 0 : bytes[index] >= 0xF0 ? 2 : 1
                    output.append(bytes[index])
                    index += 1
                    continue
                }
                index += length
                offset += 1
                if length == 3 {
                    let letters = Self.ligatures[Int(bytes[index - 1]) - 0x80]
                    output += letters.utf8
                    missing -= letters.utf8.count - 1
                } else {
                    let skipped = Self.lineBreak(at: index, offset, in: bytes, boundaries)
                    index += skipped
                    offset += skipped
                    missing += 1 + skipped
                }
                shifts.append((offset, missing))
            }
            return String(decoding: output, as: UTF8.self)
        }
        guard let result else { return nil }
        text = result
    }

    static func plain(_ text: String) -> String { PlainLetters(text, keeping: [])?.text ?? text }

    /// The place of an offset of the old text; asked in order.
    mutating func offset(_ old: Int) -> Int {
        while next < shifts.count, shifts[next].offset <= old { next += 1 }
        return next == 0 ? old : old - shifts[next - 1].missing
    }

    mutating func rewind() { next = 0 }

    /// What has become of a part of the old text; nil where nothing has remained.
    mutating func part(_ part: String, of old: String) -> String? {
        guard let range = old.utf8.firstRange(of: part.utf8) else { return nil }
        let start = offset(old.utf16.distance(from: old.startIndex, to: range.lowerBound))
        let end = offset(old.utf16.distance(from: old.startIndex, to: range.upperBound))
        let units = text.utf16
        let rest = units.index(units.startIndex, offsetBy: start)
        let result = String(text[rest..<units.index(rest, offsetBy: max(0, end - start))]).trimmed
        return result.isEmpty ? nil : result
    }

    /// How many bytes the soft hyphen or ligature takes that begins here, 0 for anything else.
    private static func length(at index: Int, in bytes: UnsafeBufferPointer<UInt8>) -> Int {
        if bytes[index] == 0xC2, index + 1 < bytes.count, bytes[index + 1] == 0xAD { return 2 }
        if bytes[index] == 0xEF, index + 2 < bytes.count, bytes[index + 1] == 0xAC, bytes[index + 2] <= 0x86 {
            return 3
        }
        return 0
    }

    /// The line break behind a soft hyphen and the blanks around it, where a word goes on in the next line.
    private static func lineBreak(
        at start: Int, _ offset: Int, in bytes: UnsafeBufferPointer<UInt8>, _ boundaries: Set<Int>
    ) -> Int {
        var index = start
        while index < bytes.count, bytes[index] == 0x20 { index += 1 }
        guard index < bytes.count, bytes[index] == 0x0A else { return 0 }
        let line = index + 1
        index = line
        while index < bytes.count, bytes[index] == 0x20 { index += 1 }
        guard index < bytes.count, bytes[index] >= 0x80 || 0x61...0x7A ~= bytes[index] else { return 0 }
        return (line...index).contains { boundaries.contains(offset + $0 - start) } ? 0 : index - start
    }
}
