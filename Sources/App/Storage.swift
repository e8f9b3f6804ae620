import Domain
import Engine
import Foundation
import HTTPAPI
import Persistence
import SQLiteDriver

/// The storage directory: one database, one key, and the files of uploads that are under way.
struct Storage {
    let path: String
    let database: SQLiteDatabase
    let keyFile: SecretKeyFile
    let spool: SpoolDirectory

    /// Whether anything was stored there yet.
    static func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: "\(path)/lectern.db") }

    /// Why a first start could not make the storage; `nil` where it could. Tries it with a directory that it removes again.
    static func problemOfMaking(_ path: String) -> String? {
        var place = URL(fileURLWithPath: path)
        var isDirectory: ObjCBool = false
        while !FileManager.default.fileExists(atPath: place.path, isDirectory: &isDirectory), place.path.count > 1 {
            place.deleteLastPathComponent()
        }
        guard isDirectory.boolValue else { return "\(place.path) is a file; --storage must name a directory" }
        let trial = place.appendingPathComponent(".lectern-\(UUID().uuidString)")
        do {
            try FileManager.default.createDirectory(at: trial, withIntermediateDirectories: false)
            try FileManager.default.removeItem(at: trial)
            return nil
        } catch {
            return "nothing can be made in \(place.path); choose another place with --storage"
        }
    }

    /// Opens the storage, making what is missing, and brings the database to the newest schema. Everything in it is
    /// readable by this user alone.
    static func open(_ path: String) async throws -> Storage {
        umask(0o077)
        var isDirectory: ObjCBool = false
        if FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory), !isDirectory.boolValue {
            throw StartError("\(path) is a file; --storage must name a directory.")
        }
        do {
            try FileManager.default.createDirectory(
                atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch {
            throw StartError("The storage directory \(path) cannot be made. Choose another one with --storage.")
        }
        guard FileManager.default.isWritableFile(atPath: path) else {
            throw StartError("The storage directory \(path) cannot be written by this user.")
        }
        do {
            let database = try SQLiteDatabase.open(path: "\(path)/lectern.db")
            try await Migrator(database).migrate()
            return Storage(
                path: path, database: database, keyFile: try SecretKeyFile(inDirectory: path),
                spool: try SpoolDirectory(path: "\(path)/spool"))
        } catch DatabaseError.full {
            throw StartError("There is no space left in the storage directory \(path).")
        } catch DatabaseError.readOnly {
            throw StartError("The database in \(path) cannot be opened or written.")
        } catch let error as SecretKeyFileError {
            throw StartError(error.description)
        } catch let error as ServiceError {
            throw StartError(error.message)
        } catch let error as DatabaseError {
            throw StartError(
                "The database in \(path) cannot be used (\(error)). Put a copy of lectern.db in its place, or choose "
                    + "another place with --storage.")
        }
    }
}

/// Held by the server that works on a storage directory; the operating system frees it however the server ends.
///
/// Two servers on one storage would not see each other's vectors and would run each other's jobs.
final class StorageLock {
    private let descriptor: Int32

    init(_ path: String) throws(StartError) {
        descriptor = Glibc.open("\(path)/lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw StartError("The storage directory \(path) cannot be written.") }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            close(descriptor)
            throw StartError(
                "Another Lectern works on \(path) already. Stop it, or choose another place with --storage.")
        }
    }

    deinit { close(descriptor) }
}

/// Why the server cannot start, in words that say how to mend it.
struct StartError: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}
