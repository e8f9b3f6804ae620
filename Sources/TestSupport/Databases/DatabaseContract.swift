package import Persistence
import Testing

/// What every `Database` must do. A suite runs each rule as a test case:
///
///     @Test(arguments: DatabaseContract.rules)
///     func `keeps the contract`(rule: DatabaseContract.Rule) async throws {
///         try await DatabaseEngine.sqlite.withDatabase(rule.check)
///     }
package enum DatabaseContract {
    package struct Rule: Sendable, CustomTestStringConvertible {
        package let testDescription: String
        /// Takes an empty database.
        package let check: @Sendable (any Database) async throws -> Void

        init(_ description: String, _ check: @escaping @Sendable (any Database) async throws -> Void) {
            testDescription = description
            self.check = check
        }
    }

    package static let rules = valueRules + listRules + transactionRules + failureRules + cancellationRules
}

extension Database {
    /// A table with a column of each type, called as the types are.
    func makeThings() async throws {
        try await write(
            .once(
                """
                CREATE TABLE thing (
                    id \(dialect.identityColumn), flag BOOLEAN, number BIGINT, ratio DOUBLE PRECISION,
                    word \(dialect.text), bytes \(dialect.blob)
                )
                """))
    }

    func words(_ query: SQL) async throws -> [String] { try await read(query) { try $0.get("word") } }

    func integers(_ query: SQL) async throws -> [Int64] { try await read(query) { try $0.integer(0) } }
}
