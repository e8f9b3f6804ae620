package import Domain

/// Cuts a document into chunks: at paragraphs where they are short enough, else at lines, at spaces, and at last
/// between characters.
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
        var outline = ChunkOutline(pageStarts: document.pageStarts, headings: document.headings)
        try text.withUTF8 { bytes throws -> Void in
            var trimmer = ChunkTrimmer(bytes: bytes)
            var ordinal = 0
            try ChunkSplitter(bytes: bytes, settings: settings).split { span in
                guard let trimmed = trimmer.trim(span) else { return }
                try forEachFittingPart(of: trimmed, in: bytes, fits: fits) { part, text in
                    let range = part.start.unit..<part.end.unit
                    let place = outline.place(of: range)
                    try body(
                        Chunk(
                            ordinal: ordinal, text: text, range: range, pages: place.pages,
                            headingPath: place.headingPath))
                    ordinal += 1
                }
            }
        }
    }

    private func forEachFittingPart(
        of span: TextSpan, in bytes: UnsafeBufferPointer<UInt8>, fits: (String) -> Bool,
        _ body: (TextSpan, String) throws -> Void
    ) rethrows {
        let stretch = UnsafeBufferPointer(rebasing: bytes[span.start.byte..<span.end.byte])
        let text = String(decoding: stretch, as: UTF8.self)
        if fits(text) { return try body(span, text) }
        guard span.length > 1, text.index(after: text.startIndex) < text.endIndex else { return try body(span, text) }
        // A little more than half, so that two parts do where cutting at spaces makes the first one short.
        let size = span.length / 2 + span.length / 8
        let smaller = ChunkSplitter(bytes: bytes, size: size, overlap: min(settings.overlap, size / 4))
        var trimmer = ChunkTrimmer(bytes: bytes)
        try smaller.split(span) { part in
            guard let trimmed = trimmer.trim(part) else { return }
            try forEachFittingPart(of: trimmed, in: bytes, fits: fits, body)
        }
    }
}
