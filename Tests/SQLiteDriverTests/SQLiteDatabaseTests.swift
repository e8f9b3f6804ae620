import Foundation
import Persistence
import SQLiteDriver
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(2))) struct SQLiteDatabaseTests {
    @Test(arguments: DatabaseContract.rules)
    func `a database in memory keeps the contract`(rule: DatabaseContract.Rule) async throws {
        try await rule.check(SQLiteDatabase.inMemory())
    }

    @Test(arguments: DatabaseContract.rules)
    func `a database on disk keeps the contract`(rule: DatabaseContract.Rule) async throws {
        try await withDatabaseFile { path in try await rule.check(SQLiteDatabase.open(path: path)) }
    }
}

func withDatabaseFile(_ body: (String) async throws -> Void) async throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("sqlite-\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try await body(folder.appendingPathComponent("lectern.db").path)
}
