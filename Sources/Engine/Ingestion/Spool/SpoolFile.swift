import Dispatch
import Domain

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// A file that is being written, on a thread where waiting for the disk holds up nobody.
///
/// Whoever makes one closes it. Calls must not overlap.
struct SpoolFile: Sendable {
    let name: SpoolFileName
    private let descriptor: CInt

    /// Takes over an open descriptor.
    init(name: SpoolFileName, descriptor: CInt) {
        self.name = name
        self.descriptor = descriptor
    }

    func write(_ block: [UInt8]) async throws {
        try await Self.onThread { try writeHere(block[...]) }
    }

    /// The same on this thread, which may wait for the disk.
    func writeHere(_ block: ArraySlice<UInt8>) throws {
        try block.withUnsafeBytes { bytes in
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

    /// Goes to the beginning, so that what is written next takes the place of what stands there.
    func rewind() throws {
        guard lseek(descriptor, 0, SEEK_SET) == 0 else { throw Self.failure(errno, doing: "lseek") }
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
        try? await Self.onThread { closeHere() }
    }

    func closeHere() { Self.closeOnce(descriptor) }

    /// How long a file is; 0 where there is none.
    static func byteCount(at path: String) async throws -> Int {
        try await onThread {
            var status = stat()
            return stat(path, &status) == 0 ? Int(status.st_size) : 0
        }
    }

    static func readAll(_ descriptor: CInt) throws -> [UInt8] {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw failure(errno, doing: "fstat") }
        let size = Int(status.st_size)
        var filled = 0
        let content = try [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
            while filled < size {
                let read = Self.readOnce(descriptor, UnsafeMutableRawBufferPointer(buffer).suffix(from: filled))
                guard read >= 0 else {
                    if errno == EINTR { continue }
                    throw failure(errno, doing: "read")
                }
                if read == 0 { break }
                filled += read
                count = filled
            }
        }
        return content
    }

    private static let threads = DispatchQueue(label: "lectern.spool", attributes: .concurrent)

    /// Runs `work` where it may wait for the disk, to its end even when the task is cancelled: a descriptor must not be
    /// closed while it is written to, and a cancelled upload must still be deleted.
    static func onThread<Result: Sendable>(_ work: @escaping @Sendable () throws -> Result) async throws -> Result {
        try await withCheckedThrowingContinuation { continuation in
            threads.async { continuation.resume(with: Swift.Result(catching: work)) }
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

    private static func readOnce(_ descriptor: CInt, _ bytes: Slice<UnsafeMutableRawBufferPointer>) -> Int {
        let buffer = UnsafeMutableRawBufferPointer(rebasing: bytes)
        return read(descriptor, buffer.baseAddress, buffer.count)
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
