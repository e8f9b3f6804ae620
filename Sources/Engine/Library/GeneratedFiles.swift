package import Domain

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Files that answers have made and that clients fetch by their names: a directory in which nothing but files of such names
/// is ever opened or removed, and no link is followed.
package struct GeneratedFiles: Sendable {
    private let path: String
    private let isMentioned: @Sendable (String) async throws -> Bool

    /// How long a file stays that no chat mentions.
    package static let lifetime = Duration.seconds(3600)

    /// - Parameters:
    ///   - path: the directory, which need not exist.
    ///   - isMentioned: whether a chat that people still see names the file.
    package init(path: String, isMentioned: @escaping @Sendable (String) async throws -> Bool) {
        self.path = path
        self.isMentioned = isMentioned
    }

    /// The name of a generated file, `pdf-e9e14f28-d6b6-4f49-91a0-dd331517f567.pdf`.
    package struct Name: Sendable, Hashable {
        package let text: String

        /// Letters, a dash, 36 hexadecimal digits or dashes, a dot, and letters, digits or `_`; `nil` for anything else.
        package init?(_ text: String) {
            let bytes = Array(text.utf8)
            guard bytes.count <= 255, let dash = bytes.firstIndex(of: UInt8(ascii: "-")), dash > 0,
                bytes.count > dash + 38, bytes[dash + 37] == UInt8(ascii: "."),
                bytes[..<dash].allSatisfy(\.isLetter),
                bytes[(dash + 1)...(dash + 36)].allSatisfy({
                    $0 == UInt8(ascii: "-") || $0.hexadecimalValue != nil
                }),
                bytes[(dash + 38)...].allSatisfy({ $0.isLetter || $0.isDigit || $0 == UInt8(ascii: "_") })
            else { return nil }
            self.text = text
        }

        /// In lower case.
        package var fileExtension: String { DocumentDefaults.fileExtension(of: text) }
    }

    /// Opens a file; `nil` where there is none for the caller. Whose chat has made a file is not known, so that a caller
    /// who is confined to some workspaces gets none.
    package func open(_ name: Name, for caller: Caller) async throws -> GeneratedFile? {
        guard caller.workspaces == .all else { return nil }
        return try await SpoolFile.onThread { [path] in
            guard let directory = GeneratedFile.openDirectory(path) else { return nil }
            defer { close(directory) }
            return try GeneratedFile(name, in: directory)
        }
    }

    /// Removes files that are older than their lifetime and that no chat mentions.
    ///
    /// - Returns: how many were removed.
    @discardableResult package func sweep(at now: Timestamp = .now) async throws -> Int {
        let end = now - Self.lifetime
        let old = try await SpoolFile.onThread { [path] in try Self.files(in: path, before: end) }
        var removed = 0
        for name in old where try await !isMentioned(name.text) {
            let isGone = try await SpoolFile.onThread { [path] in
                guard let directory = GeneratedFile.openDirectory(path) else { return false }
                defer { close(directory) }
                return unlinkat(directory, name.text, 0) == 0
            }
            if isGone { removed += 1 }
        }
        return removed
    }

    private static func files(in path: String, before end: Timestamp) throws -> [Name] {
        guard let descriptor = GeneratedFile.openDirectory(path) else { return [] }
        guard let directory = fdopendir(descriptor) else {
            close(descriptor)
            return []
        }
        defer { closedir(directory) }
        var names: [Name] = []
        while let entry = readdir(directory) {
            let text = withUnsafePointer(to: &entry.pointee.d_name) { tuple in
                tuple.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if let name = Name(text), let file = try GeneratedFile(name, in: descriptor), file.modifiedAt < end {
                names.append(name)
            }
        }
        return names
    }
}

extension UInt8 {
    fileprivate var isLetter: Bool { (0x41...0x5A).contains(self) || (0x61...0x7A).contains(self) }
    fileprivate var isDigit: Bool { (0x30...0x39).contains(self) }
}
