import Crypto
import Domain
import Foundation
import NIOPosix

/// The SHA-256 of files, by which the server knows what it was sent.
enum FileDigest {
    private static let pieceBytes = 1 << 20

    /// In lower-case hexadecimal, as `SpooledFile.sha256`. Never holds more than a piece of the file.
    ///
    /// - Throws: `SystemProblem` where it cannot be read; `CancellationError`.
    static func sha256(ofFileAt path: String) async throws -> String {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw SystemProblem() }
        defer { close(descriptor) }
        var hash = SHA256()
        while true {
            try Task.checkCancellation()
            let piece = try await NIOThreadPool.singleton.runIfActive { try nextBytes(of: descriptor) }
            if piece.isEmpty { return Array(hash.finalize()).hexadecimal }
            hash.update(data: piece)
        }
    }

    private static func nextBytes(of descriptor: CInt) throws -> [UInt8] {
        try [UInt8](unsafeUninitializedCapacity: pieceBytes) { buffer, count in
            while true {
                let bytes = read(descriptor, buffer.baseAddress, buffer.count)
                if bytes < 0, errno == EINTR { continue }
                guard bytes >= 0 else { throw SystemProblem() }
                count = bytes
                return
            }
        }
    }
}

/// A call of the operating system that has just failed, as it is told to people.
struct SystemProblem: Error, CustomStringConvertible {
    let description = SystemError.text()
}
