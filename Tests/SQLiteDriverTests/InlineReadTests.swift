import Foundation
import Persistence
import SQLiteDriver
import TestSupport
import Testing

/// A few rows may be read on the calling thread, but nothing may wait there.
@Suite(.timeLimit(.minutes(1))) struct InlineReadTests {
    @Test func `with a free connection an inline read stays on its thread`() async throws {
        try await withDatabase { database in
            let caller = Self.thread()
            let readers = try await database.readInline("SELECT 7 AS n") { row in
                (Self.thread(), try row.get("n", as: Int.self))
            }
            #expect(readers.map(\.0) == [caller])
            #expect(readers.map(\.1) == [7])
        }
    }

    /// As many inline reads as there are threads of tasks: if they waited on these, nothing would ever open the gate.
    @Test func `without a free connection inline reads wait and hold no thread`() async throws {
        try await withDatabase { database in
            let gate = DispatchSemaphore(value: 0)
            let begun = Observed(0)
            try await withThrowingTaskGroup(of: [Int].self) { group in
                for number in 0..<8 {
                    group.addTask {
                        try await database.read("SELECT \(Int64(number)) AS n") { row in
                            begun.change { $0 += 1 }
                            gate.wait()
                            return try row.get("n", as: Int.self)
                        }
                    }
                }
                try await begun.wait { $0 == 8 }
                let reads = ProcessInfo.processInfo.activeProcessorCount + 2
                for number in 8..<8 + reads {
                    group.addTask {
                        try await database.readInline("SELECT \(Int64(number)) AS n") { try $0.get("n", as: Int.self) }
                    }
                }
                // Gets a thread only where the inline reads have left one.
                group.addTask {
                    for _ in 0..<100 { await Task.yield() }
                    for _ in 0..<8 { gate.signal() }
                    return []
                }
                let found = try await group.reduce(into: Set<Int>()) { $0.formUnion($1) }
                #expect(found == Set(0..<8 + reads))
            }
        }
    }

    @Test func `inline reads report what the database refuses, and the connection is free again`() async throws {
        try await withDatabase { database in
            for _ in 0..<20 {
                await #expect(throws: DatabaseError.self) {
                    _ = try await database.readInline("SELECT * FROM nowhere") { _ in 0 }
                }
            }
            let caller = Self.thread()
            let reader = try await database.readInline("SELECT 1") { _ in Self.thread() }
            #expect(reader == [caller])
        }
    }

    private static func thread() -> pthread_t { pthread_self() }

    private func withDatabase(_ body: (SQLiteDatabase) async throws -> Void) async throws {
        try await withDatabaseFile { path in try await body(SQLiteDatabase.open(path: path)) }
    }
}
