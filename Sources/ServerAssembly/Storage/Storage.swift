import Domain
package import Engine
import Foundation
package import Persistence
import PostgresDriver
import SQLiteDriver

/// The storage directory: the key, the files of uploads that are under way, and the database, unless that is a
/// PostgreSQL server's.
package struct Storage: Sendable {
    package let path: String
    package let database: any Database
    package let keyFile: SecretKeyFile
    package let spool: SpoolDirectory
    /// Held by the one server that works on the directory.
    private let lock: StorageLock?

    /// What the storage is opened for, and so what may change in it.
    package enum Purpose: Sendable {
        /// The server: owns the directory, makes what is missing and brings the database to the newest schema.
        case serving
        /// A command beside a server that may be running. Makes a first storage; never changes the schema under a server.
        case command
        /// Changes nothing.
        case inspection
    }

    /// Whether anything was stored there yet.
    package static func exists(_ place: StoragePlace) -> Bool {
        place.databaseURL != nil || FileManager.default.fileExists(atPath: place.databaseFile)
            || FileManager.default.fileExists(atPath: place.keyFile)
    }

    /// Whether a server works on the directory at this moment.
    package static func isServed(_ place: StoragePlace) -> Bool {
        guard exists(place) else { return false }
        do {
            withExtendedLifetime(try StorageLock(place.directory)) {}
            return false
        } catch {
            return true
        }
    }

    /// Opens the storage. Everything in it is readable by this user alone.
    ///
    /// - Throws: `StartError`, which says how to mend what is wrong.
    package static func open(_ place: StoragePlace, for purpose: Purpose) async throws -> Storage {
        try place.makeDirectory()
        do {
            let lock = purpose == .serving ? try StorageLock(place.directory) : nil
            try place.refuseLostDatabase()
            let database = try await place.openDatabase()
            try await migrate(database, at: place, for: purpose)
            return Storage(
                path: place.directory, database: database, keyFile: try SecretKeyFile(inDirectory: place.directory),
                spool: try SpoolDirectory(path: "\(place.directory)/spool"), lock: lock)
        } catch {
            throw place.startError(for: error)
        }
    }

    private static func migrate(_ database: any Database, at place: StoragePlace, for purpose: Purpose) async throws {
        let migrator = Migrator(database)
        let state = try await migrator.state()
        switch purpose {
        case .inspection: return
        case .serving: return try await migrator.migrate()
        case .command:
            guard state != .current else { return }
            // Several nodes may work on a PostgreSQL database, whoever holds the lock of this directory.
            guard state == .empty || place.databaseURL == nil else { throw StartError.olderSchema }
            let lock = try StorageLock(place.directory, orElse: .olderSchema)
            try await migrator.migrate()
            withExtendedLifetime(lock) {}
        }
    }
}

extension Storage {
    /// What holds at this moment: what is stored, over the environment. Secrets that cannot be opened count as unset.
    package func settings(_ environment: [String: String]) async throws -> SettingsSnapshot {
        let stored = SecretBox(keyFile).open(try await SettingStore(database).all()).values
        return SettingsSnapshot(environment: environment, stored: stored)
    }
}

/// Held by the server that works on a storage directory; the operating system frees it however the server ends.
///
/// Two servers on one storage would not see each other's vectors and would run each other's jobs.
final class StorageLock: Sendable {
    private let descriptor: Int32

    init(_ path: String, orElse refusal: StartError? = nil) throws(StartError) {
        descriptor = Glibc.open("\(path)/lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw StartError("The storage directory \(path) cannot be written.") }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            close(descriptor)
            throw refusal
                ?? StartError(
                    "Another Lectern works on \(path) already. Stop it, or choose another place with --storage.")
        }
    }

    deinit { close(descriptor) }
}

/// Why the server cannot start, in words that say how to mend it.
package struct StartError: Error, CustomStringConvertible {
    package let description: String
    package init(_ description: String) { self.description = description }

    static let olderSchema = StartError(
        "The database was made by an older version of Lectern, which may be running. Start the server of this version "
            + "first: it brings the database up to date.")
}
