package import Domain

/// Cuts a document into chunks: between records where it consists of such, else at paragraphs where they are short enough,
/// at lines, at spaces, and at last between characters.
///
/// The algorithm, its units (UTF-16 code units) and its overlap are the wire's; that a chunk never begins or ends inside a
/// grapheme cluster is ours, so a cluster longer than the size is a chunk of its own. Time grows linearly with the
/// text, whatever it consists of.
package struct Chunker: Sendable {
    package let settings: ChunkSettings

    package init(_ settings: ChunkSettings) { self.settings = settings }

    /// All chunks in reading order. See `forEachChunk` for documents whose chunks should not be in memory at once.
    package func chunks(of document: ParsedDocument, fits: (String) -> Bool = { _ in true }) -> [Chunk] {
        var chunks: [Chunk] = []
        forEachChunk(of: document, fits: fits) { chunks.append($0) }
        return chunks
    }

    /// Calls `body` with each chunk in reading order.
    ///
    /// - Parameter fits: whether the embedder can take a chunk with this clean text whole, header included. One that it
    ///   cannot take is cut further by the same rules, down to single characters, which are not asked about.
    package func forEachChunk(
        of document: ParsedDocument, fits: (String) -> Bool = { _ in true }, _ body: (Chunk) throws -> Void
    ) rethrows {
        var text = document.text
        var outline = ChunkOutline(of: document)
        try text.withUTF8 { bytes throws -> Void in
            var trimmer = ChunkTrimmer(bytes: bytes)
            var ordinal = 0
            let places = RecordPlaces(document, in: bytes)
            let splitter = ChunkSplitter(
                bytes: bytes, records: places.records, size: settings.size, overlap: settings.overlap)
            try splitter.split(places.content) { span in
                guard let trimmed = trimmer.trim(span) else { return }
                try forEachFittingPart(of: trimmed, splitter, fits: fits) { part, text in
                    let range = part.start.unit..<part.end.unit
                    let place = outline.place(of: range)
                    try body(
                        Chunk(
                            ordinal: ordinal, text: text, range: range, locator: place.locator,
                            headingPath: place.headingPath))
                    ordinal += 1
                }
            }
        }
    }

    private func forEachFittingPart(
        of span: TextSpan, _ splitter: ChunkSplitter, fits: (String) -> Bool,
        _ body: (TextSpan, String) throws -> Void
    ) rethrows {
        let bytes = splitter.bytes
        let stretch = UnsafeBufferPointer(rebasing: bytes[span.start.byte..<span.end.byte])
        let text = String(decoding: stretch, as: UTF8.self)
        if fits(text) { return try body(span, text) }
        guard span.length > 1, text.index(after: text.startIndex) < text.endIndex else { return try body(span, text) }
        // A little more than half, so that two parts do where cutting at spaces makes the first one short.
        let size = span.length / 2 + span.length / 8
        let smaller = ChunkSplitter(
            bytes: bytes, records: splitter.records, size: size, overlap: min(settings.overlap, size / 4))
        var trimmer = ChunkTrimmer(bytes: bytes)
        try smaller.split(span) { part in
            guard let trimmed = trimmer.trim(part) else { return }
            try forEachFittingPart(of: trimmed, smaller, fits: fits, body)
        }
    }
}

/// Where the records of a document begin in its text, and what of the text is cut at all.
private struct RecordPlaces {
    private(set) var records: [TextPosition] = []
    private(set) var content = TextSpan(start: TextPosition(byte: 0, unit: 0), end: TextPosition(byte: 0, unit: 0))

    /// Offsets that lie outside the text, or not in order, are passed over.
    init(_ document: ParsedDocument, in bytes: UnsafeBufferPointer<UInt8>) {
        let divisions = document.divisions.flatMap { $0.unit.isIndivisible ? $0 : nil }
        var starts = (divisions?.starts ?? [])[...]
        for byte in bytes.indices {
            // A byte that continues a character begins nothing.
            while bytes[byte] & 0xC0 != 0x80, let start = starts.first, start <= content.end.unit {
                if start == content.end.unit, records.last?.unit != start {
                    records.append(TextPosition(byte: byte, unit: start))
                }
                starts.removeFirst()
            }
            content.end.unit += utf16Length(startingWith: bytes[byte])
        }
        content.end.byte = bytes.count
        // The names of the columns go with each chunk; a chunk that holds nothing else tells nobody anything.
        if document.columnNames != nil, records.count > 1 { content.start = records[1] }
    }
}
