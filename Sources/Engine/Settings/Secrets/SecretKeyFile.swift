import Crypto
import FoundationEssentials

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// The key of ``SecretBox``: `secret.key` in the storage directory, 32 random bytes that only their owner can read.
package struct SecretKeyFile: Sendable {
    package static let name = "secret.key"
    private static let size = 32

    let key: [UInt8]
    /// What was done to the file, worth a line in the log.
    package let event: Event

    package enum Event: Sendable, Equatable {
        case found
        case created
        /// Others could read the file; its mode is 0600 again. The key may be known to them.
        case closedToOthers
    }

    /// Reads the key file in `directory`, or makes one. Of several processes that start at once, all get the same key.
    package init(inDirectory directory: String) throws(SecretKeyFileError) {
        let path = directory + "/" + Self.name
        var event = Event.found
        if access(path, F_OK) != 0, errno == ENOENT {
            event = try Self.create(path, in: directory) ? .created : .found
        }
        let descriptor = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC)
        guard descriptor >= 0 else { throw .unreadable(errno) }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw .unreadable(errno) }
        guard status.st_mode & S_IFMT == S_IFREG else { throw .notAFile }
        guard status.st_size == Self.size else { throw .wrongSize(Int(status.st_size)) }
        if status.st_mode & 0o077 != 0 {
            guard fchmod(descriptor, 0o600) == 0 else { throw .openToOthers }
            event = .closedToOthers
        }
        key = try Self.readKey(descriptor)
        self.event = event
    }

    private static func readKey(_ descriptor: Int32) throws(SecretKeyFileError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: size)
        var count = 0
        while count < size {
            let length = bytes[count...].withUnsafeMutableBytes { read(descriptor, $0.baseAddress, $0.count) }
            if length < 0, errno == EINTR { continue }
            guard length >= 0 else { throw .unreadable(errno) }
            guard length > 0 else { throw .wrongSize(count) }
            count += length
        }
        return bytes
    }

    /// Writes a new key under another name and links it into place, so that a crash leaves either no key file or a
    /// whole one. False when another process was first.
    static func create(_ path: String, in directory: String) throws(SecretKeyFileError) -> Bool {
        let draft = "\(path).\(UInt64.random(in: 0...UInt64.max))"
        let descriptor = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw .notWritable(errno) }
        defer {
            close(descriptor)
            unlink(draft)
        }
        let key = SymmetricKey(size: .bits256).withUnsafeBytes { Array($0) }
        guard write(descriptor, key, size) == size, fsync(descriptor) == 0 else { throw .notWritable(errno) }
        if link(draft, path) != 0 {
            if errno == EEXIST { return false }
            throw .notWritable(errno)
        }
        let folder = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard folder >= 0 else { throw .notWritable(errno) }
        defer { close(folder) }
        guard fsync(folder) == 0 else { throw .notWritable(errno) }
        return true
    }
}

/// Why there is no key to encrypt secrets with. The server should not start then: making another key would lose
/// every secret that is stored.
package enum SecretKeyFileError: Error, Equatable, CustomStringConvertible {
    case unreadable(Int32)
    case notWritable(Int32)
    case notAFile
    case wrongSize(Int)
    /// Others can read it, and its mode cannot be changed.
    case openToOthers

    package var description: String {
        let name = SecretKeyFile.name
        return switch self {
        case .unreadable(let code): "Cannot read \(name) in the storage directory: \(String(cString: strerror(code)))."
        case .notWritable(let code):
            "Cannot write \(name) in the storage directory: \(String(cString: strerror(code)))."
        case .notAFile: "\(name) in the storage directory is not a regular file."
        case .wrongSize(let size):
            "\(name) in the storage directory is damaged: it has \(size) bytes instead of 32. Put the copy from your "
                + "backup in its place. Or remove it to have a new one made; secrets set through the API must then be "
                + "set again."
        case .openToOthers:
            "\(name) in the storage directory can be read by others, and its mode cannot be changed to 0600."
        }
    }
}

extension SecretKeyFile: CustomStringConvertible, CustomReflectable {
    package var description: String { "SecretKeyFile(\(event))" }
    package var customMirror: Mirror { Mirror(self, children: []) }
}
