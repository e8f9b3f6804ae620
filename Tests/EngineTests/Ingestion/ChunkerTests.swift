import Domain
import Engine
import TestSupport
import Testing

private func texts(_ text: String, size: Int, overlap: Int) throws -> [String] {
    try Chunker(ChunkSettings(size: size, overlap: overlap, method: .length)).chunks(of: ParsedDocument(text: text))
        .map(\.text)
}

/// Cutting by length. The golden vectors are those of the wire contract, chapter 13.
@Suite struct ChunkerTests {
    private static let sentence = "This is a test text to be split into chunks"
    private static let twice = sentence + sentence

    @Test func `text is split at spaces without overlap`() throws {
        #expect(
            try texts(Self.twice, size: 20, overlap: 0) == [
                "This is a test text", "to be split into", "chunksThis is a", "test text to be", "split into chunks",
            ])
    }

    @Test func `each chunk repeats the end of its predecessor as far as the overlap allows`() throws {
        #expect(
            try texts(Self.twice, size: 30, overlap: 20) == [
                "This is a test text to be", "a test text to be split into", "to be split into chunksThis",
                "into chunksThis is a test", "is a test text to be split", "text to be split into chunks",
            ])
    }

    @Test func `paragraphs come before lines and lines before words`() throws {
        let text = "Alpha beta gamma.\n\nDelta epsilon zeta eta theta.\nIota kappa."
        #expect(
            try texts(text, size: 25, overlap: 5) == [
                "Alpha beta gamma.", "Delta epsilon zeta eta", "eta theta.", "Iota kappa.",
            ])
    }

    @Test func `a word longer than a chunk is cut between characters`() throws {
        let alphabet = "abcdefghijklmnopqrstuvwxyz"
        #expect(
            try texts(alphabet, size: 10, overlap: 3) == ["abcdefghij", "hijklmnopq", "opqrstuvwx", "vwxyz"])
    }

    @Test(arguments: ["", " ", "\n\n\n", "\t\u{A0}\u{3000}\u{FEFF}\r\n"])
    func `blank text has no chunks`(text: String) throws {
        #expect(try texts(text, size: 10, overlap: 2).isEmpty)
    }

    @Test func `lengths and ranges count UTF-16 code units`() throws {
        let chunks = try Chunker(ChunkSettings(size: 4, overlap: 0)).chunks(of: ParsedDocument(text: "😀😀 é😀😀😀"))
        #expect(chunks.map(\.text) == ["😀😀", "é😀", "😀😀"])
        #expect(chunks.map(\.range) == [0..<4, 5..<8, 8..<12])
        #expect(chunks.map(\.ordinal) == [0, 1, 2])
    }

    @Test func `a grapheme cluster longer than a chunk is a chunk of its own`() throws {
        let family = "👩‍👩‍👧‍👦"
        #expect(try texts(family + family + "ab", size: 4, overlap: 1) == [family, family, "ab"])
    }

    @Test(arguments: [
        "नमस्ते दुनिया क्षत्रिय ज्ञान", "e\u{301}e\u{301} \u{301}x e\u{301}", "a\r\nb\r\n\r\nc\r\nd", "\u{600} 12 \u{600}\n34",
        "🇩🇪🇫🇷🇮🇹🇪🇸🇵🇹", "한국어 문장은 각각", "ก็ที่นี่ กำลัง",
    ])
    func `no chunk begins or ends inside a grapheme cluster`(text: String) throws {
        let boundaries = Set(text.indices.map { $0.utf16Offset(in: text) } + [text.utf16.count])
        for size in 1...12 {
            let chunker = Chunker(try ChunkSettings(size: size, overlap: size / 3))
            for chunk in chunker.chunks(of: ParsedDocument(text: text)) {
                #expect(boundaries.contains(chunk.range.lowerBound) && boundaries.contains(chunk.range.upperBound))
                #expect(String(text.utf16.dropFirst(chunk.range.lowerBound).prefix(chunk.range.count)) == chunk.text)
            }
        }
    }

    @Test(arguments: 0..<300)
    func `random text is cut as the definition of the algorithm says`(seed: Int) throws {
        var random = SplitMix64(seed: UInt64(seed))
        let alphabet = ["a", "b", "c", "é", "日", " ", " ", "\n", "\n\n", "\t", "word", "  "]
        let text = (0..<Int.random(in: 0...200, using: &random)).map { _ in alphabet.randomElement(using: &random)! }
            .joined()
        let size = Int.random(in: 1...40, using: &random)
        let overlap = Int.random(in: 0..<size, using: &random)
        #expect(
            try texts(text, size: size, overlap: overlap)
                == ReferenceSplitter(size: size, overlap: overlap).chunks(of: text))
    }

    @Test func `text without any place to cut, and nothing but places to cut, is cut too`() throws {
        #expect(try texts(String(repeating: "x", count: 100_000), size: 1000, overlap: 20).count == 103)
        for blank in ["\n", " "] {
            #expect(try texts(String(repeating: blank, count: 100_000), size: 1000, overlap: 999).isEmpty)
        }
        let cluster = "a" + String(repeating: "\u{301}", count: 20_000)
        #expect(try texts(cluster, size: 10, overlap: 0) == [cluster])
    }
}

/// The algorithm as the contract describes it, with copies of strings and without regard to time. Only for texts whose
/// characters are single code units.
private struct ReferenceSplitter {
    let size: Int
    let overlap: Int

    func chunks(of text: String) -> [String] {
        split(text, by: ["\n\n", "\n", " ", ""]).compactMap(trimmed)
    }

    private func split(_ text: String, by separators: [String]) -> [String] {
        let first = separators.firstIndex { $0.isEmpty || text.contains($0) }!
        let rest = Array(separators[(first + 1)...])
        var result: [String] = []
        var short: [String] = []
        for piece in pieces(of: Array(text), before: Array(separators[first])) {
            if piece.count < size {
                short.append(piece)
            } else {
                result += merged(short)
                short = []
                result += rest.isEmpty ? [piece] : split(piece, by: rest)
            }
        }
        return result + merged(short)
    }

    private func pieces(of text: [Character], before separator: [Character]) -> [String] {
        var pieces: [[Character]] = []
        for index in text.indices {
            if index == 0 || text[index...].starts(with: separator) { pieces.append([]) }
            pieces[pieces.count - 1].append(text[index])
        }
        return pieces.map { String($0) }
    }

    private func merged(_ pieces: [String]) -> [String] {
        var result: [String] = []
        var current: [String] = []
        var total: Int { current.reduce(0) { $0 + $1.count } }
        for piece in pieces {
            if total + piece.count > size, !current.isEmpty {
                result.append(current.joined())
                while total > overlap || (total > 0 && total + piece.count > size) { current.removeFirst() }
            }
            current.append(piece)
        }
        return current.isEmpty ? result : result + [current.joined()]
    }

    private func trimmed(_ text: String) -> String? {
        guard let first = text.firstIndex(where: { !$0.isWhitespace }),
            let last = text.lastIndex(where: { !$0.isWhitespace })
        else { return nil }
        return String(text[first...last])
    }
}
