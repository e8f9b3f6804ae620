package import Domain

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Where uploads wait until they are ingested: a directory of files that the server names itself.
package struct SpoolDirectory: Sendable {
    package let path: String

    /// Makes the directory, readable by this user only, where it does not exist. Its parent must exist.
    package init(path: String) throws(ServiceError) {
        self.path = path
        guard mkdir(path, 0o700) == 0 || errno == EEXIST else { throw SpoolFile.failure(errno, doing: "mkdir") }
    }

    /// Opens a new, empty file under a name that nobody can guess (128 random bits).
    func makeFile() throws(ServiceError) -> SpoolFile {
        let name = SpoolFileName.random()
        let file = "\(path)/\(name.text)"
        let descriptor = open(file, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw SpoolFile.failure(errno, doing: "open") }
        return SpoolFile(path: file, name: name, descriptor: descriptor)
    }

    /// Makes the names of new files survive a crash.
    func synchronize() throws(ServiceError) {
        let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw SpoolFile.failure(errno, doing: "open") }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw SpoolFile.failure(errno, doing: "fsync") }
    }

    /// Deletes what a crash left behind, before the server takes requests: every upload whose name is not in `kept`.
    /// Files that are not uploads stay. Returns how many were deleted.
    @discardableResult package func removeLeftovers(keeping kept: Set<SpoolFileName> = []) -> Int {
        guard let directory = opendir(path) else { return 0 }
        defer { closedir(directory) }
        var leftovers: [String] = []
        while let entry = readdir(directory) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { tuple in
                tuple.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if let file = SpoolFileName(name), !kept.contains(file) { leftovers.append("\(path)/\(name)") }
        }
        return leftovers.count { unlink($0) == 0 }
    }
}
