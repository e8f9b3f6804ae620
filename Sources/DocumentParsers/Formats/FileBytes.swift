import Domain
import Glibc

/// A regular file on disk, read in whole or in part.
struct FileBytes {
    let path: String
    let count: Int

    init(path: String) throws(ParseError) {
        var status = stat()
        guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { throw Self.unreadable }
        self.path = path
        count = Int(status.st_size)
    }

    func prefix(_ length: Int) throws(ParseError) -> [UInt8] { try read(min(length, count)) }

    /// - Throws: `.tooLarge` over `limit` bytes.
    func all(limit: Int) throws(ParseError) -> [UInt8] {
        guard count <= limit else { throw .tooLarge("it has more than \(limit >> 20) MiB") }
        return try read(count)
    }

    /// `length` bytes from `offset` on; fewer at the end.
    func part(from offset: Int, count length: Int) throws(ParseError) -> [UInt8] {
        guard offset >= 0, offset < count else { return [] }
        return try read(min(length, count - offset), from: offset)
    }

    /// The whole of a file that is text.
    func text(limits: ParseLimits) throws(ParseError) -> [UInt8] {
        guard count <= limits.maximumTextBytes else { throw Self.tooMuchText(limits) }
        return try read(count)
    }

    static func tooMuchText(_ limits: ParseLimits) -> ParseError {
        .tooLarge("it has more than \(limits.maximumTextBytes >> 20) MiB of text")
    }

    private static let unreadable = ParseError.corrupt("it could not be read from the disk")

    private func read(_ length: Int, from offset: Int = 0) throws(ParseError) -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw Self.unreadable }
        defer { close(descriptor) }
        let bytes = [UInt8](unsafeUninitializedCapacity: length) { buffer, initialized in
            while initialized < length, let base = buffer.baseAddress {
                let got = pread(descriptor, base + initialized, length - initialized, off_t(offset + initialized))
                if got < 0 && errno == EINTR { continue }
                guard got > 0 else { break }
                initialized += got
            }
        }
        guard bytes.count == length else { throw Self.unreadable }
        return bytes
    }
}
