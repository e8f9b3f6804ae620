import Domain

/// Splits a text into spans of limited length, not yet trimmed.
///
/// The text is split at the first kind of place that it has any of: between records, sections, paragraphs and so on down to
/// single characters. Neighbouring pieces shorter than the size are joined while the size allows; a piece that is not shorter is
/// split again at the kinds that remain. As pieces keep what separates them, joined pieces are always one stretch of the text and
/// nothing is copied.
struct ChunkSplitter {
    /// In the order in which they are tried.
    private enum Level: Int {
        /// Slides and chapters, which are never joined.
        case part
        case record, section, paragraph
        /// Ends of sentences, and of lines that are more than the lines of a paragraph.
        case sentence
        case line, space
        /// Between any two grapheme clusters.
        case nothing

        var next: Level { Level(rawValue: rawValue + 1) ?? .nothing }
    }

    let bytes: UnsafeBufferPointer<UInt8>
    let places: ChunkPlaces
    var settings: ChunkSettings
    private var size: Int { settings.size }

    /// `bytes` is valid UTF-8 and outlives this value.
    init(bytes: UnsafeBufferPointer<UInt8>, places: ChunkPlaces, settings: ChunkSettings) {
        self.bytes = bytes
        self.places = places
        self.settings = settings
    }

    /// Splits one stretch of the text.
    func split(_ span: TextSpan, _ emit: (TextSpan) throws -> Void) rethrows {
        try split(span, by: .part, emit)
    }

    /// Calls itself at most once for each level.
    private func split(_ span: TextSpan, by first: Level, _ emit: (TextSpan) throws -> Void) rethrows {
        var level = first
        while level != .nothing, !contains(level, in: span) { level = level.next }
        // What a record or a section repeats of the one before it says nothing about it.
        let isWhole = level.rawValue <= Level.section.rawValue
        var window = PieceWindow(size: size, overlap: isWhole ? 0 : settings.overlap)
        try forEachPiece(of: span, level) { piece in
            if level == .part, let whole = window.close() { try emit(whole) }
            if piece.length < size {
                if let full = window.add(piece) { try emit(full) }
                return
            }
            var piece = piece
            if let rest = window.close() {
                // A heading belongs to what it stands over.
                if settings.method == .structure, Level.section.rawValue...Level.space.rawValue ~= level.rawValue,
                    rest.length < size / 5
                {
                    piece.start = rest.start
                } else {
                    try emit(rest)
                }
            }
            if level == .nothing {
                try emit(piece)
            } else {
                try split(piece, by: level.next, emit)
            }
        }
        if let rest = window.close() { try emit(rest) }
    }

    // MARK: Places

    private func contains(_ level: Level, in span: TextSpan) -> Bool {
        switch level {
        case .part, .record, .section: !starts(level, in: span).isEmpty
        case .paragraph, .line, .space: firstPlace(level, in: span) != nil
        case .sentence: settings.method == .structure && firstPlace(level, in: span) != nil
        case .nothing: true
        }
    }

    /// Those that lie within the span, but not at its beginning.
    private func starts(_ level: Level, in span: TextSpan) -> ArraySlice<TextPosition> {
        let all =
            switch level {
            case .part: places.parts
            case .record: places.records
            default: places.headings
            }
        let first = all.partitioningIndex { $0.byte > span.start.byte }
        let end = all.partitioningIndex { $0.byte >= span.end.byte }
        return all[first..<max(first, end)]
    }

    private func firstPlace(_ level: Level, in span: TextSpan) -> Int? {
        var line = LineStart(byte: span.start.byte)
        return (span.start.byte..<span.end.byte).first { isPlace($0, level, in: span, &line) }
    }

    private func forEachPiece(of span: TextSpan, _ level: Level, _ body: (TextSpan) throws -> Void) rethrows {
        var start = span.start
        switch level {
        case .nothing: return try forEachGrapheme(of: span, body)
        case .part, .record, .section:
            for place in starts(level, in: span) {
                try body(TextSpan(start: start, end: place))
                start = place
            }
        case .paragraph, .sentence, .line, .space:
            var unit = start.unit
            var line = LineStart(byte: span.start.byte)
            for byte in span.start.byte..<span.end.byte {
                if byte > start.byte, isPlace(byte, level, in: span, &line) {
                    let end = TextPosition(byte: byte, unit: unit)
                    try body(TextSpan(start: start, end: end))
                    start = end
                }
                unit += utf16Length(startingWith: bytes[byte])
            }
        }
        try body(TextSpan(start: start, end: span.end))
    }

    /// Where the line begins that is being looked at.
    private struct LineStart {
        var byte: Int
    }

    /// Whether a piece begins here. Bytes are asked about in order.
    @inline(__always)
    private func isPlace(_ byte: Int, _ level: Level, in span: TextSpan, _ line: inout LineStart) -> Bool {
        let value = bytes[byte]
        switch level {
        case .space: return value == 0x20
        case .line: return value == 0x0A
        case .paragraph:
            guard value == 0x0A, byte + 1 < span.end.byte, bytes[byte + 1] == 0x0A else { return false }
            return places.code.isEmpty || !places.isInCode(byte)
        case .sentence:
            guard value == 0x0A else { return isSentenceEnd(before: byte, in: span) }
            defer { line.byte = byte + 1 }
            return isLineOfItsOwn(line.byte..<byte, in: span)
        default: return false
        }
    }

    /// White space behind a full stop or the like, unless the sentence goes on in lower case; in Chinese and Japanese, what
    /// follows it.
    private func isSentenceEnd(before byte: Int, in span: TextSpan) -> Bool {
        if bytes[byte] != 0x20 {
            guard byte - span.start.byte >= 3, bytes[byte] & 0xC0 != 0x80 else { return false }
            switch (bytes[byte - 3], bytes[byte - 2], bytes[byte - 1]) {
            case (0xE3, 0x80, 0x82), (0xEF, 0xBC, 0x81), (0xEF, 0xBC, 0x9F): return true
            default: return false
            }
        }
        guard byte + 1 < span.end.byte, !(0x61...0x7A).contains(bytes[byte + 1]) else { return false }
        var last = byte - 1
        while last > span.start.byte, "\"')]".utf8.contains(bytes[last]) { last -= 1 }
        return last >= span.start.byte && ".!?".utf8.contains(bytes[last])
    }

    /// A line that is this long and ends without a full stop may go on in the next one.
    private static let wrappedLength = 50

    /// Whether a line ends what it says: the next one is a list item, a row, code or the like, or begins a sentence.
    private func isLineOfItsOwn(_ line: Range<Int>, in span: TextSpan) -> Bool {
        if line.count < Self.wrappedLength || line.upperBound + 1 >= span.end.byte { return true }
        if ".!?:;".utf8.contains(bytes[line.upperBound - 1]) { return true }
        // What begins with a letter, or with a character outside ASCII, may go on.
        let next = bytes[line.upperBound + 1]
        let mayGoOn = next >= 0x80 || (0x61...0x7A).contains(next | 0x20) || "(\"'".utf8.contains(next)
        return !mayGoOn || places.isInTable(line.upperBound) || places.isInCode(line.upperBound)
    }

    /// Cuts before each byte of ASCII text, and asks the standard library about any other.
    private func forEachGrapheme(of span: TextSpan, _ body: (TextSpan) throws -> Void) rethrows {
        let stretch = UnsafeBufferPointer(rebasing: bytes[span.start.byte..<span.end.byte])
        guard stretch.contains(where: { $0 >= 0x80 }) else {
            var start = span.start
            while start.byte < span.end.byte {
                let end = TextPosition(byte: start.byte + 1, unit: start.unit + 1)
                try body(TextSpan(start: start, end: end))
                start = end
            }
            return
        }
        let text = String(decoding: stretch, as: UTF8.self)
        var start = span.start
        var index = text.startIndex
        while index < text.endIndex {
            let next = text.index(after: index)
            var end = start
            for byte in text.utf8[index..<next] {
                end.byte += 1
                end.unit += utf16Length(startingWith: byte)
            }
            try body(TextSpan(start: start, end: end))
            start = end
            index = next
        }
    }
}
