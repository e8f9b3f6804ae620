/// A place between two scalars of a text, counted in both units that matter.
struct TextPosition: Equatable {
    /// UTF-8, what is scanned.
    var byte: Int
    /// UTF-16, what is counted.
    var unit: Int
}

/// A stretch of a text.
struct TextSpan: Equatable {
    var start: TextPosition
    var end: TextPosition

    /// In UTF-16 code units.
    var length: Int { end.unit - start.unit }
}

/// Splits a text into overlapping spans of limited length, not yet trimmed.
///
/// Records are never torn apart where they fit. Else the text is split before each occurrence of the first separator that it
/// contains. Neighbouring pieces shorter than
/// the size are joined while the size allows; a piece that is not shorter is split again by the separators that remain.
/// As pieces keep their separators, joined pieces are always one stretch of the text and nothing is copied.
struct ChunkSplitter {
    /// In the order in which they are tried.
    private enum Separator: Int {
        case record, paragraph, line, space
        /// Between any two grapheme clusters.
        case nothing

        var next: Separator { Separator(rawValue: rawValue + 1) ?? .nothing }
        var byte: UInt8 { self == .space ? UInt8(ascii: " ") : UInt8(ascii: "\n") }
        var isDouble: Bool { self == .paragraph }
    }

    let bytes: UnsafeBufferPointer<UInt8>
    /// Where rows and other indivisible records begin, in order.
    let records: [TextPosition]
    let size: Int
    let overlap: Int

    /// `bytes` is valid UTF-8 and outlives this value.
    init(bytes: UnsafeBufferPointer<UInt8>, records: [TextPosition] = [], size: Int, overlap: Int) {
        self.bytes = bytes
        self.records = records
        self.size = size
        self.overlap = overlap
    }

    /// Splits one stretch of the text.
    func split(_ span: TextSpan, _ emit: (TextSpan) throws -> Void) rethrows {
        try split(span, by: .record, emit)
    }

    /// Calls itself at most once for each separator, so four levels deep.
    private func split(
        _ span: TextSpan, by first: Separator, _ emit: (TextSpan) throws -> Void
    ) rethrows {
        var separator = first
        while separator != .nothing, !contains(separator, in: span) { separator = separator.next }
        // What a record repeats of the one before it says nothing about it.
        var window = PieceWindow(size: size, overlap: separator == .record ? 0 : overlap)
        try forEachPiece(of: span, separator) { piece in
            if piece.length < size {
                if let full = window.add(piece) { try emit(full) }
                return
            }
            if let rest = window.close() { try emit(rest) }
            if separator == .nothing {
                try emit(piece)
            } else {
                try split(piece, by: separator.next, emit)
            }
        }
        if let rest = window.close() { try emit(rest) }
    }

    private func contains(_ separator: Separator, in span: TextSpan) -> Bool {
        if separator == .record { return !recordStarts(in: span).isEmpty }
        let stretch = bytes[span.start.byte..<span.end.byte]
        guard separator.isDouble else { return stretch.contains(separator.byte) }
        return zip(stretch, stretch.dropFirst()).contains { $0 == separator.byte && $1 == separator.byte }
    }

    /// Those of the records that begin within the span, but not with it.
    private func recordStarts(in span: TextSpan) -> ArraySlice<TextPosition> {
        let first = records.partitioningIndex { $0.byte > span.start.byte }
        let end = records.partitioningIndex { $0.byte >= span.end.byte }
        return records[first..<max(first, end)]
    }

    private func forEachPiece(
        of span: TextSpan, _ separator: Separator, _ body: (TextSpan) throws -> Void
    ) rethrows {
        guard separator != .nothing else { return try forEachGrapheme(of: span, body) }
        var start = span.start
        if separator == .record {
            for record in recordStarts(in: span) {
                try body(TextSpan(start: start, end: record))
                start = record
            }
            return try body(TextSpan(start: start, end: span.end))
        }
        var unit = start.unit
        for byte in span.start.byte..<span.end.byte {
            let value = bytes[byte]
            if value == separator.byte, byte > start.byte,
                !separator.isDouble || (byte + 1 < span.end.byte && bytes[byte + 1] == value)
            {
                let end = TextPosition(byte: byte, unit: unit)
                try body(TextSpan(start: start, end: end))
                start = end
            }
            unit += utf16Length(startingWith: value)
        }
        try body(TextSpan(start: start, end: span.end))
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

extension Array {
    /// The index of the first element that fulfils the condition, which all elements behind it fulfil as well.
    fileprivate func partitioningIndex(_ condition: (Element) -> Bool) -> Int {
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            if condition(self[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}

/// UTF-16 code units of the scalar whose UTF-8 begins with `byte`; 0 for a byte that continues one.
@inline(__always)
func utf16Length(startingWith byte: UInt8) -> Int {
    byte < 0x80 ? 1 : byte < 0xC0 ? 0 : byte < 0xF0 ? 1 : 2
}

/// Neighbouring pieces that together are not longer than a chunk.
private struct PieceWindow {
    private let size: Int
    private let overlap: Int
    /// Where each piece begins; those before `head` have left.
    private var starts: [TextPosition] = []
    private var head = 0
    private var end = TextPosition(byte: 0, unit: 0)

    init(size: Int, overlap: Int) {
        self.size = size
        self.overlap = overlap
    }

    /// Takes in the next piece. Where there is no room for it, returns what was there before and keeps of that only the
    /// last pieces which the overlap allows.
    mutating func add(_ piece: TextSpan) -> TextSpan? {
        let full = length + piece.length > size ? span : nil
        if full != nil {
            while length > overlap || (length > 0 && length + piece.length > size) { head += 1 }
            discardDepartedPieces()
        }
        starts.append(piece.start)
        end = piece.end
        return full
    }

    /// What is left at the end of a row of pieces; empties the window.
    mutating func close() -> TextSpan? {
        defer {
            starts.removeAll(keepingCapacity: true)
            head = 0
        }
        return span
    }

    private var length: Int { head < starts.count ? end.unit - starts[head].unit : 0 }
    private var span: TextSpan? { head < starts.count ? TextSpan(start: starts[head], end: end) : nil }

    /// Moves the rest to the front only when that is at most half, so that a piece is moved once on average.
    private mutating func discardDepartedPieces() {
        guard head * 2 >= starts.count else { return }
        starts.removeFirst(head)
        head = 0
    }
}
