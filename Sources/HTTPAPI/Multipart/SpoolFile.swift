import Domain
import NIOCore
import NIOPosix

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// A file that is being written, on a thread where waiting for the disk holds up nobody.
///
/// Whoever makes one closes it. Calls must not overlap.
struct SpoolFile: Sendable {
    let path: String
    let name: SpoolFileName
    private let descriptor: CInt

    /// Takes over an open descriptor.
    init(path: String, name: SpoolFileName, descriptor: CInt) {
        self.name = name
        self.path = path
        self.descriptor = descriptor
    }

    func write(_ block: ByteBuffer) async throws {
        try await Self.onThread {
            try block.withUnsafeReadableBytes { bytes in
                var written = 0
                while written < bytes.count {
                    let count = Self.writeOnce(descriptor, UnsafeRawBufferPointer(rebasing: bytes[written...]))
                    guard count >= 0 else {
                        if errno == EINTR { continue }
                        throw Self.failure(errno, doing: "write")
                    }
                    written += count
                }
            }
        }
    }

    /// Makes the content survive a crash.
    func synchronize() async throws {
        try await Self.onThread {
            guard fsync(descriptor) == 0 else { throw Self.failure(errno, doing: "fsync") }
        }
    }

    /// To be called once, whatever happened before.
    func close() async {
        // The data is on the disk after `synchronize()`, so that nothing can be reported here any more.
        try? await Self.onThread { Self.closeOnce(descriptor) }
    }

    /// Deletes the file at `path`; that it is gone already is no error.
    static func remove(_ path: String) async {
        try? await onThread { _ = unlink(path) }
    }

    /// Runs `work` on the process's pool of threads for blocking calls, to its end even when the task is cancelled: a
    /// descriptor must not be closed while it is written to, and a cancelled upload must still be deleted.
    static func onThread<Result: Sendable>(_ work: @escaping @Sendable () throws -> Result) async throws -> Result {
        try await withCheckedThrowingContinuation { continuation in
            NIOThreadPool.singleton.submit { _ in continuation.resume(with: Swift.Result(catching: work)) }
        }
    }

    /// What to tell the client about a failed call, with the error number for the log.
    static func failure(_ code: CInt, doing call: String) -> ServiceError {
        let cause = SystemCallError(call: call, code: code)
        return switch code {
        case ENOSPC, EDQUOT:
            ServiceError(.unavailable, "There is no space left in the storage directory.", cause: cause)
        case EACCES, EPERM, EROFS:
            ServiceError(.unavailable, "The storage directory is not writable.", cause: cause)
        default: ServiceError(.unavailable, "The upload could not be written to the storage directory.", cause: cause)
        }
    }

    // The names of the methods hide those of the system calls.
    private static func writeOnce(_ descriptor: CInt, _ bytes: UnsafeRawBufferPointer) -> Int {
        #if canImport(Glibc)
            Glibc.write(descriptor, bytes.baseAddress, bytes.count)
        #else
            Darwin.write(descriptor, bytes.baseAddress, bytes.count)
        #endif
    }

    private static func closeOnce(_ descriptor: CInt) {
        #if canImport(Glibc)
            _ = Glibc.close(descriptor)
        #else
            _ = Darwin.close(descriptor)
        #endif
    }
}

/// A system call that failed, for the log.
struct SystemCallError: Error, CustomStringConvertible {
    let call: String
    /// The value of `errno`.
    let code: CInt

    var description: String { "\(call): \(String(cString: strerror(code)))" }
}
