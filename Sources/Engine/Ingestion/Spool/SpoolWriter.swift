import Crypto
package import Domain

/// Bytes that have arrived whole and lie in the spool. They belong to whoever asked for them, who ingests or removes them.
package struct SpooledFile: Sendable, Equatable {
    package let name: SpoolFileName
    package let byteCount: Int
    /// SHA-256 of the content, in lower-case hexadecimal.
    package let sha256: String
}

/// Writes a new file of the spool in blocks, and computes its SHA-256 on the way.
///
/// Used by one task, one call at a time.
package final class SpoolWriter {
    private let spool: SpoolDirectory
    private let file: SpoolFile
    private let maximumBytes: Int
    private var block: [UInt8] = []
    private var hash = SHA256()
    private var byteCount = 0
    private var isClosed = false

    /// Large enough that handing a block to another thread costs nothing beside writing it.
    private static let blockBytes = 512 << 10

    init(spool: SpoolDirectory, maximumBytes: Int) async throws {
        self.spool = spool
        self.maximumBytes = maximumBytes
        file = try await SpoolFile.onThread { try spool.makeFile() }
    }

    /// Returns when there is room for more. Throws `ServiceError` with code `tooLarge` beyond the limit, of which nothing
    /// is written.
    package func append(_ piece: some Collection<UInt8>) async throws {
        byteCount += piece.count
        guard byteCount <= maximumBytes else {
            throw ServiceError(.tooLarge, "The file is larger than \(maximumBytes) bytes, the most that is accepted.")
        }
        var rest = piece[...]
        while !rest.isEmpty {
            let part = rest.prefix(Self.blockBytes - block.count)
            block.append(contentsOf: part)
            rest = rest[part.endIndex...]
            if block.count >= Self.blockBytes { try await flush() }
        }
    }

    /// Writes the rest, and makes file and name survive a crash.
    package func finish() async throws -> SpooledFile {
        try await flush()
        try await file.synchronize()
        await file.close()
        isClosed = true
        let spool = spool
        try await SpoolFile.onThread { try spool.synchronize() }
        return SpooledFile(name: file.name, byteCount: byteCount, sha256: Array(hash.finalize()).hexadecimal)
    }

    /// Deletes the file.
    package func discard() async {
        if !isClosed { await file.close() }
        isClosed = true
        await spool.remove(file.name)
    }

    private func flush() async throws {
        guard !block.isEmpty else { return }
        hash.update(data: block)
        try await file.write(block)
        block.removeAll(keepingCapacity: true)
    }
}
