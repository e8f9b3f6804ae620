import Crypto
import Domain
import NIOCore

/// Writes one upload to a new file in blocks, and computes its SHA-256 on the way.
///
/// Used by one task, one call at a time.
final class SpoolWriter {
    private let spool: SpoolDirectory
    private let file: SpoolFile
    private let maximumBytes: Int
    private var block = ByteBuffer()
    private var hash = SHA256()
    private(set) var byteCount = 0
    private var isClosed = false

    var path: String { file.path }
    var name: SpoolFileName { file.name }

    /// Large enough that handing a block to another thread costs nothing beside writing it.
    private static let blockBytes = 512 << 10

    init(spool: SpoolDirectory, maximumBytes: Int) async throws {
        self.spool = spool
        self.maximumBytes = maximumBytes
        file = try await SpoolFile.onThread { try spool.makeFile() }
    }

    /// Returns when there is room for more. Throws `ServiceError` with code `tooLarge` beyond the limit, of which nothing
    /// is written.
    func append(_ piece: ByteBuffer) async throws {
        byteCount += piece.readableBytes
        guard byteCount <= maximumBytes else {
            throw ServiceError(.tooLarge, "The file is larger than \(maximumBytes) bytes, the most that is accepted.")
        }
        piece.withUnsafeReadableBytes { hash.update(bufferPointer: $0) }
        block.writeImmutableBuffer(piece)
        if block.readableBytes >= Self.blockBytes { try await flush() }
    }

    /// Writes the rest, makes file and name survive a crash, and returns the digest in hexadecimal.
    func finish() async throws -> String {
        try await flush()
        try await file.synchronize()
        await file.close()
        isClosed = true
        let spool = spool
        try await SpoolFile.onThread { try spool.synchronize() }
        return hash.finalize().hexadecimal
    }

    /// Deletes the file.
    func discard() async {
        if !isClosed { await file.close() }
        await SpoolFile.remove(path)
    }

    private func flush() async throws {
        guard block.readableBytes > 0 else { return }
        try await file.write(block)
        block.clear()
    }
}
