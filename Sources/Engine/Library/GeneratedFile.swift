package import Domain

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// A generated file that is open. It can be read to its end even when it is removed meanwhile.
package final class GeneratedFile: Sendable {
    package let name: GeneratedFiles.Name
    /// In bytes.
    package let size: Int
    package let modifiedAt: Timestamp
    private let descriptor: CInt

    /// `nil` where there is no such file, or where it is no plain one.
    init?(_ name: GeneratedFiles.Name, in directory: CInt) throws {
        // Without O_NONBLOCK, opening a pipe would wait for somebody who writes to it.
        let descriptor = openat(directory, name.text, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
        var status = stat()
        guard descriptor >= 0 else { return nil }
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            close(descriptor)
            return nil
        }
        self.name = name
        self.descriptor = descriptor
        size = Int(status.st_size)
        let time = status.st_mtim
        modifiedAt = Timestamp(milliseconds: Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000)
    }

    deinit { close(descriptor) }

    /// To be closed by the caller; `nil` where there is none. No link is followed.
    static func openDirectory(_ path: String) -> CInt? {
        let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
        return descriptor >= 0 ? descriptor : nil
    }

    /// At most `limit` bytes from `offset` on; none behind the end.
    package func read(from offset: Int, limit: Int) async throws -> [UInt8] {
        try await SpoolFile.onThread { [self] in
            try [UInt8](unsafeUninitializedCapacity: limit) { buffer, count in
                while true {
                    let read = pread(descriptor, buffer.baseAddress, limit, off_t(offset))
                    if read >= 0 { return count = read }
                    guard errno == EINTR else { throw SpoolFile.failure(errno, doing: "pread") }
                }
            }
        }
    }
}
