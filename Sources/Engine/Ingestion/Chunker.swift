package import Domain

/// Cuts a document into chunks: between slides, chapters and records where it has such, between sections where they are short
/// enough, else between paragraphs, sentences, lines and words, and at last between characters. A part of a table begins with the
/// table's head.
///
/// A chunk never begins or ends inside a grapheme cluster, so a cluster longer than the size is a chunk of its own. Time grows
/// linearly with the text, whatever it consists of.
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
            let places = ChunkPlaces(of: document, in: bytes, method: settings.method)
            let splitter = ChunkSplitter(bytes: bytes, places: places, settings: settings)
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
        let own = Self.text(span, in: bytes)
        let text = (splitter.places.tableHead(over: span.start).map { Self.text($0, in: bytes) + "\n" } ?? "") + own
        if fits(text) { return try body(span, text) }
        guard span.length > 1, own.index(after: own.startIndex) < own.endIndex else { return try body(span, text) }
        // A little more than half, so that two parts do where cutting at spaces makes the first one short.
        var smaller = splitter
        smaller.settings.size = span.length / 2 + span.length / 8
        smaller.settings.overlap = min(settings.overlap, smaller.settings.size / 4)
        var trimmer = ChunkTrimmer(bytes: bytes)
        try smaller.split(span) { part in
            guard let trimmed = trimmer.trim(part) else { return }
            try forEachFittingPart(of: trimmed, smaller, fits: fits, body)
        }
    }

    private static func text(_ span: TextSpan, in bytes: UnsafeBufferPointer<UInt8>) -> String {
        String(decoding: UnsafeBufferPointer(rebasing: bytes[span.start.byte..<span.end.byte]), as: UTF8.self)
    }
}
