package import Domain

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Where bytes wait until they are ingested: a directory of files that the server names itself. Only files of these names
/// are ever made, opened or removed in it.
package struct SpoolDirectory: Sendable {
    package let path: String

    /// Makes the directory, readable by this user only, where it does not exist. Its parent must exist.
    package init(path: String) throws(ServiceError) {
        self.path = path
        guard mkdir(path, 0o700) == 0 || errno == EEXIST else { throw SpoolFile.failure(errno, doing: "mkdir") }
    }

    /// Where a file lies, for what reads files by their paths.
    func path(of file: SpoolFileName) -> String { "\(path)/\(file.text)" }

    /// Begins a new file of at most `maximumBytes`.
    package func makeWriter(maximumBytes: Int) async throws -> SpoolWriter {
        try await SpoolWriter(spool: self, maximumBytes: maximumBytes)
    }

    /// Opens a new, empty file.
    func makeFile() throws(ServiceError) -> SpoolFile {
        let name = SpoolFileName.random()
        let descriptor = open(path(of: name), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw SpoolFile.failure(errno, doing: "open") }
        return SpoolFile(name: name, descriptor: descriptor)
    }

    /// The whole content of a file.
    ///
    /// - Throws: `ServiceError` of the code `notFound` where it is gone.
    func content(of file: SpoolFileName) async throws -> [UInt8] {
        let path = path(of: file)
        return try await SpoolFile.onThread {
            let descriptor = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC)
            guard descriptor >= 0 else {
                if errno == ENOENT { throw ServiceError.notFound("What was sent is gone; send it again.") }
                throw SpoolFile.failure(errno, doing: "open")
            }
            defer { close(descriptor) }
            return try SpoolFile.readAll(descriptor)
        }
    }

    /// Deletes a file; that it is gone already is no error.
    package func remove(_ file: SpoolFileName) async {
        try? await SpoolFile.onThread { removeHere(file) }
    }

    /// The same on this thread, which may wait for the disk.
    func removeHere(_ file: SpoolFileName) { _ = unlink(path(of: file)) }

    /// Makes the names of new files survive a crash.
    func synchronize() throws(ServiceError) {
        let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw SpoolFile.failure(errno, doing: "open") }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw SpoolFile.failure(errno, doing: "fsync") }
    }

    /// Deletes what a crash left behind, before the server takes requests: every file whose name is not in `kept`.
    /// What the spool did not make stays. Returns how many were deleted.
    @discardableResult package func removeLeftovers(keeping kept: Set<SpoolFileName> = []) -> Int {
        guard let directory = opendir(path) else { return 0 }
        defer { closedir(directory) }
        var leftovers: [SpoolFileName] = []
        while let entry = readdir(directory) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { tuple in
                tuple.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if let file = SpoolFileName(name), !kept.contains(file) { leftovers.append(file) }
        }
        return leftovers.count { unlink(path(of: $0)) == 0 }
    }
}
