import Domain
import Glibc
import NIOCore
import NIOPosix

/// A file without a name that holds an answer until its reader has taken it; the last reference closes it, and the space is
/// free again.
final class AnswerFile: Sendable {
    private let descriptor: CInt

    /// Bytes that are read at a time, which is what an answer takes of the memory.
    private static let piece = 64 << 10

    /// - Parameter directory: of a disk; one in memory would gain nothing.
    private init(in directory: String) throws {
        let path = "\(directory)/\(SpoolFileName.random().text)"
        descriptor = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw IOError(errnoCode: errno, reason: "open") }
        unlink(path)
    }

    deinit { close(descriptor) }

    /// Writes the bytes to a new file.
    static func holding(_ bytes: ByteBuffer, in directory: String) async throws -> AnswerFile {
        try await NIOThreadPool.singleton.runIfActive {
            let file = try AnswerFile(in: directory)
            try bytes.withUnsafeReadableBytes { try file.write($0) }
            return file
        }
    }

    private func write(_ bytes: UnsafeRawBufferPointer) throws {
        var written = 0
        while written < bytes.count {
            let rest = UnsafeRawBufferPointer(rebasing: bytes[written...])
            let count = Glibc.write(descriptor, rest.baseAddress, rest.count)
            if count > 0 {
                written += count
            } else if errno != EINTR {
                throw IOError(errnoCode: errno, reason: "write")
            }
        }
    }

    /// The bytes from `offset` on, a piece at a time; none at the end.
    func read(from offset: Int) async throws -> ByteBuffer {
        try await NIOThreadPool.singleton.runIfActive { [self] in
            var buffer = ByteBuffer()
            _ = try buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: Self.piece) { space in
                while true {
                    let count = pread(descriptor, space.baseAddress, Self.piece, offset)
                    if count >= 0 { return count }
                    guard errno == EINTR else { throw IOError(errnoCode: errno, reason: "pread") }
                }
            }
            return buffer
        }
    }
}
