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

    /// Opens the storage, making what is missing, and brings the database to the newest schema.
    static func open(_ path: String) async throws -> Storage {
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
            try await Migrator(database, dialect: .sqlite).migrate()
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
            throw StartError("The database in \(path) cannot be used: \(error).")
        }
    }
}

/// Why the server cannot start, in words that say how to mend it.
struct StartError: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}
