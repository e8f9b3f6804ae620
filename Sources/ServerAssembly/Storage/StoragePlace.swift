import Domain
import Engine
import Foundation
import Persistence
import PostgresDriver
import SQLiteDriver

/// Where things are stored: a directory, and the database in it or on a server.
package struct StoragePlace: Sendable {
    package let directory: String
    /// `nil` stands for SQLite in the directory.
    package var databaseURL: String?
    package var maximumConnections: Int

    package init(directory: String, databaseURL: String? = nil, maximumConnections: Int = 10) {
        self.directory = directory
        self.databaseURL = databaseURL
        self.maximumConnections = maximumConnections
    }

    package var databaseFile: String { "\(directory)/lectern.db" }
    var keyFile: String { "\(directory)/\(SecretKeyFile.name)" }

    /// Why a first start could not make the storage; `nil` where it could. Tries it with a directory that it removes again.
    package func problemOfMaking() -> String? {
        var place = URL(fileURLWithPath: directory)
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

    func makeDirectory() throws(StartError) {
        umask(0o077)
        var isDirectory: ObjCBool = false
        if FileManager.default.fileExists(atPath: directory, isDirectory: &isDirectory), !isDirectory.boolValue {
            throw StartError("\(directory) is a file; --storage must name a directory.")
        }
        do {
            try FileManager.default.createDirectory(
                atPath: directory, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch {
            throw StartError("The storage directory \(directory) cannot be made. Choose another one with --storage.")
        }
        guard FileManager.default.isWritableFile(atPath: directory) else {
            throw StartError("The storage directory \(directory) cannot be written by this user.")
        }
    }

    /// The key is made behind the database, so a key without a database is no first start: the database was lost.
    func refuseLostDatabase() throws(StartError) {
        guard databaseURL == nil, FileManager.default.fileExists(atPath: keyFile) else { return }
        let attributes = try? FileManager.default.attributesOfItem(atPath: databaseFile)
        let size = (attributes?[.size] as? NSNumber)?.intValue ?? 0
        guard size == 0 else { return }
        throw StartError(
            "\(databaseFile) is \(attributes == nil ? "missing" : "empty"), but \(keyFile) is there, so this is no first "
                + "start. Put a copy of lectern.db in its place. To begin anew without what was stored, move secret.key "
                + "away.")
    }

    func openDatabase() async throws -> any Database {
        guard let databaseURL else { return try SQLiteDatabase.open(path: databaseFile) }
        guard databaseURL.hasPrefix("postgres://") || databaseURL.hasPrefix("postgresql://") else {
            throw StartError(
                "DATABASE_URL must be of the form postgres://user:password@host/database. Without it, SQLite is used.")
        }
        return try await PostgresDatabase.open(url: databaseURL, maximumConnections: maximumConnections)
    }

    /// What is wrong, and the way out.
    func startError(for error: any Error) -> any Error {
        switch error {
        case DatabaseError.full: StartError("There is no space left in \(databaseName).")
        case DatabaseError.readOnly: StartError("\(databaseName) cannot be opened or written.")
        case let error as SecretKeyFileError: StartError(error.description)
        case let error as ServiceError: StartError(error.message)
        case let error as DatabaseError where databaseURL != nil:
            StartError("The database at DATABASE_URL cannot be used: \(error).")
        case let error as DatabaseError:
            StartError(
                "The database in \(directory) cannot be used (\(error)). Put a copy of lectern.db in its place, or "
                    + "choose another place with --storage.")
        default: error
        }
    }

    private var databaseName: String {
        databaseURL == nil ? "the database in \(directory)" : "the database at DATABASE_URL"
    }
}
