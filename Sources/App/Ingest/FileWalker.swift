import Domain
import Foundation

/// Finds the files below directories, in the order of their names, and says of each other one why it is none of them.
struct FileWalker: Sendable {
    /// Whether names that begin with a dot count.
    var includesHidden = false
    /// Whether links lead out of the directories.
    var followsLinks = false
    /// Patterns of the shell, for names and for paths below the directory.
    var excluded: [String] = []
    /// Those that are taken, in lower case, with their dots; `nil` for all.
    var fileExtensions: Set<String>?

    struct Walk: Sendable {
        var files: [LocalFile] = []
        var skipped: [Skipped] = []
        /// What could not be read, or cannot be taken in.
        var failures: [Failure] = []
        /// Whether nothing was passed over that might hold files.
        var isComplete = true
    }

    struct Skipped: Sendable, Equatable {
        let path: String
        let reason: Reason

        enum Reason: Sendable, Hashable {
            case hidden, excluded, empty, special, notText
            /// Its extension, which may be empty.
            case type(String)
            /// Where it leads.
            case link(String)
        }
    }

    struct Failure: Sendable, Equatable {
        let path: String
        let message: String
    }

    /// May take as long as the disk does.
    func walk(_ roots: [IngestRoot]) -> Walk {
        var walker = Walker(options: self, trees: roots.filter(\.isDirectory).compactMap { RealPath.of($0.path) })
        for root in roots { walker.enter(root) }
        return walker.walk
    }
}

/// One walk.
private struct Walker {
    let options: FileWalker
    /// The directories that are walked, without links.
    let trees: [String]
    var walk = FileWalker.Walk()
    private var directories: Set<Identity> = []
    private var places: [LibraryPlace.Key: LocalFile] = [:]

    private struct Identity: Hashable {
        let device: UInt64
        let inode: UInt64

        init(_ status: stat) {
            device = UInt64(status.st_dev)
            inode = UInt64(status.st_ino)
        }
    }

    /// A directory on the way down.
    private struct Position {
        let path: String
        let relativePath: String
        /// The names of the folder that stands for it.
        let names: [String]

        func child(_ name: String) -> (path: String, relativePath: String) {
            (
                path == "." ? name : path == "/" ? "/\(name)" : "\(path)/\(name)",
                relativePath.isEmpty ? name : "\(relativePath)/\(name)"
            )
        }
    }

    init(options: FileWalker, trees: [String]) {
        self.options = options
        self.trees = trees
    }

    mutating func enter(_ root: IngestRoot) {
        var status = stat()
        guard stat(root.path, &status) == 0 else {
            walk.isComplete = false
            return fail(root.path, SystemError.text())
        }
        if root.isDirectory {
            descend(Position(path: root.path, relativePath: "", names: [root.name]), status)
        } else {
            let name = RealPath.lastName(of: root.path)
            take(root.path, name, name, in: [root.name], status)
        }
    }

    private mutating func descend(_ position: Position, _ status: stat) {
        // A directory that was named twice, or that links lead back to.
        guard directories.insert(Identity(status)).inserted else { return }
        guard let names = list(position.path) else { return }
        for name in names.sorted(by: { $0.utf8.lexicographicallyPrecedes($1.utf8) }) { look(at: name, in: position) }
    }

    /// The names in a directory that are texts.
    private mutating func list(_ path: String) -> [String]? {
        guard let directory = opendir(path) else {
            walk.isComplete = false
            fail(path, SystemError.text())
            return nil
        }
        defer { closedir(directory) }
        var names: [String] = []
        while true {
            errno = 0
            guard let entry = readdir(directory) else { break }
            let bytes = withUnsafeBytes(of: &entry.pointee.d_name) { Array($0.prefix { $0 != 0 }) }
            if bytes == [UInt8(ascii: ".")] || bytes == [UInt8(ascii: "."), UInt8(ascii: ".")] { continue }
            if let name = String(validating: bytes, as: UTF8.self) {
                names.append(name)
            } else {
                skip("\(path)/\(String(decoding: bytes, as: UTF8.self))", .notText)
            }
        }
        if errno != 0 {
            walk.isComplete = false
            fail(path, SystemError.text())
        }
        return names
    }

    private mutating func look(at name: String, in position: Position) {
        let (path, relativePath) = position.child(name)
        if name.hasPrefix("."), !options.includesHidden { return skip(path, .hidden) }
        if options.excluded.contains(where: { fnmatch($0, name, 0) == 0 || fnmatch($0, relativePath, 0) == 0 }) {
            return skip(path, .excluded)
        }
        var status = stat()
        guard lstat(path, &status) == 0 else {
            // Gone since the directory was read.
            if errno != ENOENT { fail(path, SystemError.text()) }
            return
        }
        if status.st_mode & S_IFMT == S_IFLNK {
            guard let target = RealPath.of(path), stat(path, &status) == 0 else {
                return skip(path, .link("to nothing"))
            }
            if trees.contains(where: { target == $0 || target.hasPrefix($0 == "/" ? $0 : "\($0)/") }) {
                return skip(path, .link("to \(target), which is looked at itself"))
            }
            guard options.followsLinks else { return skip(path, .link("to \(target); --follow-links takes it")) }
        }
        switch status.st_mode & S_IFMT {
        case S_IFDIR:
            descend(Position(path: path, relativePath: relativePath, names: position.names + [name]), status)
        case S_IFREG: take(path, relativePath, name, in: position.names, status)
        default: skip(path, .special)
        }
    }

    private mutating func take(
        _ path: String, _ relativePath: String, _ name: String, in directories: [String], _ status: stat
    ) {
        let fileExtension = name.lastIndex(of: ".").map { name[$0...].lowercased() } ?? ""
        if let taken = options.fileExtensions, !taken.contains(fileExtension) {
            return skip(path, .type(fileExtension))
        }
        guard status.st_size > 0 else { return skip(path, .empty) }
        guard let folder = try? FolderName.mirroring(directories) else { return fail(path, "no folder can hold it") }
        let file = LocalFile(
            path: path, relativePath: relativePath, version: LocalFile.Version(status),
            place: LibraryPlace(folder: folder, fileName: name))
        if let other = places[file.place.key] {
            guard other.version.inode != file.version.inode else { return }
            return fail(path, "in the library it would have the place of \(other.path)")
        }
        places[file.place.key] = file
        walk.files.append(file)
    }

    private mutating func skip(_ path: String, _ reason: FileWalker.Skipped.Reason) {
        walk.skipped.append(FileWalker.Skipped(path: path, reason: reason))
    }

    private mutating func fail(_ path: String, _ message: String) {
        walk.failures.append(FileWalker.Failure(path: path, message: message))
    }
}
