import Domain

/// Bytes in, text out: one file format. Pure, synchronous and bounded; runs in a child process where the format is
/// read by code that is not memory-safe.
protocol DocumentParser: Sendable {
    /// Whether the parser runs tools as processes of their own, which its sandbox then has to allow.
    static var needsTools: Bool { get }
    /// Whether the work is in proportion to the number of its pages rather than to the size of the file.
    static var hasPages: Bool { get }
    /// Whether the text depends on where the file was fetched from: it has the addresses of links that are relative to that.
    static var resolvesLinks: Bool { get }

    /// The documents in the file: one, but for formats that hold several.
    /// - Throws: `.empty` where not one of them has text.
    func parse(_ input: ParserInput) throws(ParseError) -> [ParsedDocument]
}

extension DocumentParser {
    static var needsTools: Bool { false }
    static var hasPages: Bool { false }
    static var resolvesLinks: Bool { false }
}

/// What a parser reads: a file on disk, or what was found inside another file.
struct ParserInput: Sendable {
    private enum Place {
        case file(FileBytes)
        case memory([UInt8])
    }

    private let place: Place
    private let progress: @Sendable (ParseProgress) -> Void
    /// The client's, or the one inside the other file; only tells the format.
    let fileName: String
    let limits: ParseLimits
    /// Where the file was fetched from; `nil` where it was sent, or lies within another one.
    let address: LinkAddress?
    /// How many files it lies within: 0 for one on disk.
    let depth: Int

    init(
        path: String, fileName: String, limits: ParseLimits, address: LinkAddress? = nil,
        progress: @escaping @Sendable (ParseProgress) -> Void = { _ in }
    ) throws(ParseError) {
        place = .file(try FileBytes(path: path))
        self.progress = progress
        self.fileName = fileName
        self.limits = limits
        self.address = address
        depth = 0
    }

    /// A file inside that of `outer`, whose limits hold for it as well.
    init(_ bytes: [UInt8], fileName: String, within outer: ParserInput) {
        place = .memory(bytes)
        progress = { _ in }
        self.fileName = fileName
        limits = outer.limits
        address = nil
        depth = outer.depth + 1
    }

    /// Says how far the parser is: so many of its pages, slides, messages or the like. May be called from any thread, as often
    /// as there are such parts. A file within another one has nobody to tell.
    func report(_ done: Int, of total: Int) { progress(ParseProgress(done: done, total: total)) }

    var count: Int {
        switch place {
        case .file(let file): file.count
        case .memory(let bytes): bytes.count
        }
    }

    func prefix(_ length: Int) throws(ParseError) -> [UInt8] {
        switch place {
        case .file(let file): try file.prefix(length)
        case .memory(let bytes): Array(bytes.prefix(length))
        }
    }

    /// - Throws: `.tooLarge` over `ParseLimits.maximumExpandedBytes`.
    func bytes() throws(ParseError) -> [UInt8] {
        switch place {
        case .file(let file): try file.all(limit: limits.maximumExpandedBytes)
        case .memory(let bytes): bytes
        }
    }

    /// The whole of what is text.
    /// - Throws: `.tooLarge` over `ParseLimits.maximumTextBytes`.
    func text() throws(ParseError) -> [UInt8] {
        switch place {
        case .file(let file): return try file.text(limits: limits)
        case .memory(let bytes):
            guard bytes.count <= limits.maximumTextBytes else { throw FileBytes.tooMuchText(limits) }
            return bytes
        }
    }

    /// As what a tool reads. The sandbox has no room for files, so what lies in memory is written to the tool.
    func forTools() throws(ParseError) -> Tool.Input {
        switch place {
        case .file(let file): .path(file.path)
        case .memory(let bytes): .bytes(bytes)
        }
    }

    /// `count` bytes from `offset` on; fewer at the end of the file.
    func bytes(at offset: Int, count: Int) throws(ParseError) -> [UInt8] {
        switch place {
        case .file(let file): try file.part(from: offset, count: count)
        case .memory(let bytes): Array(bytes.dropFirst(max(0, offset)).prefix(count))
        }
    }
}

extension ParsedDocument {
    /// The document, unless it is blank or too long.
    func checked(_ limits: ParseLimits) throws(ParseError) -> ParsedDocument {
        guard text.utf8.contains(where: { $0 > 0x20 }) else { throw .empty }
        guard text.utf8.count <= limits.maximumTextBytes else { throw FileBytes.tooMuchText(limits) }
        return self
    }
}
