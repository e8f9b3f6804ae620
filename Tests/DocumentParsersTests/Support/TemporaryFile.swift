import Domain
import Glibc

@testable import DocumentParsers

/// A private file that holds the given bytes until it is removed.
struct TemporaryFile {
    let path: String

    init(_ bytes: [UInt8]) throws(ParseError) {
        let directory = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
        var template = Array("\(directory)/lectern-XXXXXX".utf8CString)
        let descriptor = mkstemp(&template)
        guard descriptor >= 0 else { throw .corrupt("there is no room to unpack it") }
        path = template.withUnsafeBufferPointer { String(decoding: $0.dropLast().map(UInt8.init), as: UTF8.self) }
        defer { close(descriptor) }
        var written = 0
        while written < bytes.count {
            let count = bytes[written...].withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else {
                unlink(path)
                throw .corrupt("there is no room to unpack it")
            }
            written += count
        }
    }

    func remove() { unlink(path) }
}
