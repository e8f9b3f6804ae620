import Domain
import Foundation

/// A file of this machine as it was when it was looked at.
struct LocalFile: Sendable {
    /// By which it is opened, and which people are shown.
    let path: String
    /// Below the directory that was named, with `/` between names; the name alone where the file was named itself.
    let relativePath: String
    let version: Version
    let place: LibraryPlace

    /// What changes with the content, as far as the file system tells.
    struct Version: Sendable, Equatable {
        let byteCount: Int
        /// Nanoseconds since 1970.
        let modifiedAt: Int64
        /// Another file of the same name has another one.
        let inode: UInt64

        init(_ status: stat) {
            #if canImport(Darwin)
                let time = status.st_mtimespec
            #else
                let time = status.st_mtim
            #endif
            byteCount = Int(status.st_size)
            modifiedAt = Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
            inode = UInt64(status.st_ino)
        }

        init(byteCount: Int, modifiedAt: Int64, inode: UInt64) {
            self.byteCount = byteCount
            self.modifiedAt = modifiedAt
            self.inode = inode
        }

        /// Of the file that is at the path now; `nil` where there is none.
        init?(at path: String) {
            var status = stat()
            guard stat(path, &status) == 0 else { return nil }
            self.init(status)
        }
    }

    /// Whether the file is another one than it was.
    var hasChanged: Bool { Version(at: path) != version }

    /// The same file as it is now; `nil` where it is gone.
    var now: LocalFile? {
        Version(at: path).map { LocalFile(path: path, relativePath: relativePath, version: $0, place: place) }
    }
}

/// A file or a directory that was named to be taken in.
struct IngestRoot: Sendable {
    /// As it was named, without slashes at the end.
    let path: String
    let isDirectory: Bool
    /// What the folder of the files directly in it is called.
    let name: String
    private let device: UInt64

    /// - Parameter name: `nil` for that of the directory, or of the one that the file lies in.
    /// - Throws: where there is no such file, or it cannot be read.
    init(_ path: String, name: String? = nil) throws(Problem) {
        var trimmed = path
        while trimmed.count > 1, trimmed.last == "/" { trimmed.removeLast() }
        var status = stat()
        guard !path.isEmpty, stat(trimmed, &status) == 0 else {
            throw Problem(description: "\(path): \(path.isEmpty ? "no path" : SystemError.text())")
        }
        self.path = trimmed
        device = UInt64(status.st_dev)
        isDirectory = status.st_mode & S_IFMT == S_IFDIR
        guard isDirectory || status.st_mode & S_IFMT == S_IFREG else {
            throw Problem(description: "\(path): it is neither a file nor a directory")
        }
        let real = RealPath.of(trimmed) ?? trimmed
        let directory = isDirectory ? real : RealPath.parent(of: real)
        // A link that was named counts as what it is called.
        let own = RealPath.lastName(of: trimmed)
        let isNamed = isDirectory && ![".", "..", ""].contains(own)
        let found = isNamed ? own : RealPath.lastName(of: directory)
        self.name = name ?? (found.isEmpty ? "files" : found)
    }

    /// For people: the path, and what is wrong with it.
    struct Problem: Error, CustomStringConvertible {
        let description: String
    }

    /// Whether what is there now lies on another disk than at first, or nothing is there.
    var isOnOtherDisk: Bool {
        var status = stat()
        return stat(path, &status) != 0 || UInt64(status.st_dev) != device
    }
}

/// A path without links and dots.
enum RealPath {
    static func of(_ path: String) -> String? {
        guard let real = realpath(path, nil) else { return nil }
        defer { free(real) }
        return String(validatingCString: real)
    }

    /// Empty for `/`.
    static func lastName(of path: String) -> String { path.split(separator: "/").last.map(String.init) ?? "" }

    static func parent(of path: String) -> String { "/" + path.split(separator: "/").dropLast().joined(separator: "/") }
}

enum SystemError {
    /// What the operating system says of the call that has just failed.
    static func text(_ code: CInt = errno) -> String { String(cString: strerror(code)) }
}
