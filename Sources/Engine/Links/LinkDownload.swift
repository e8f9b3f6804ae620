import Domain

/// What a link gives, on its way into the spool. Used by one task.
final class LinkDownload {
    private let writer: SpoolWriter
    private let keptBytes: Int
    private(set) var head: LinkHead?
    /// Whether there is nothing new to receive.
    private(set) var isNotModified = false
    /// The first bytes, as many as were asked for.
    private(set) var beginning: [UInt8] = []
    /// Goes ahead of the body.
    private var prefix: [UInt8] = []

    /// Bytes that tell what it is.
    static let sampleBytes = 8192

    /// - Parameter keptBytes: how much of the body is kept in memory besides, to be looked through.
    init(into spool: SpoolDirectory, keptBytes: Int) async throws {
        writer = try await spool.makeWriter(maximumBytes: .max)
        self.keptBytes = max(keptBytes, Self.sampleBytes)
    }

    func receive(_ event: LinkEvent) async throws {
        switch event {
        case .head(let head):
            self.head = head
            prefix = Self.declaration(of: head)
        case .notModified: isNotModified = true
        case .bytes(let piece):
            if !prefix.isEmpty, !Self.beginsWithMark(piece) { try await writer.append(prefix) }
            prefix = []
            beginning += piece.prefix(max(0, keptBytes - beginning.count))
            try await writer.append(piece)
        }
    }

    func finish() async throws -> SpooledFile { try await writer.finish() }

    func discard() async { await writer.discard() }

    /// The encoding that the server names, written where the parser looks first: it counts before the page's own word. Valid
    /// Unicode needs none.
    private static func declaration(of head: LinkHead) -> [UInt8] {
        guard let charset = head.charset, !charset.hasPrefix("utf"), head.mediaType.contains("html"),
            charset.utf8.allSatisfy({ 0x61...0x7A ~= $0 || 0x30...0x39 ~= $0 || "-_:.".utf8.contains($0) })
        else { return [] }
        return Array("<meta charset=\"\(charset)\">".utf8)
    }

    /// A byte order mark, which counts before everything.
    private static func beginsWithMark(_ piece: [UInt8]) -> Bool {
        piece.starts(with: [0xEF, 0xBB, 0xBF]) || piece.starts(with: [0xFE, 0xFF]) || piece.starts(with: [0xFF, 0xFE])
    }
}
