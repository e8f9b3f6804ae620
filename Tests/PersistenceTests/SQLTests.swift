import Domain
import OrderedJSON
import Testing

@testable import Persistence

@Suite struct SQLTests {
    @Test(arguments: Dialect.allCases)
    func `a statement has one text, whatever it is asked for`(dialect: Dialect) {
        let texts = [[], [1], Array(0..<1000)].map { (ids: [Int64]) -> String in
            let statement: SQL = "SELECT 1 FROM t WHERE id \(in: ids) AND name = \("x") AND size < \(ids.first)"
            #expect(statement.parameters.count == 3)
            #expect(statement.isReusable)
            return statement.text(in: dialect)
        }
        #expect(Set(texts).count == 1)
        let list = dialect == .sqlite ? "IN (SELECT value FROM json_each($1))" : "= ANY($1)"
        #expect(texts[0] == "SELECT 1 FROM t WHERE id \(list) AND name = $2 AND size < $3")
    }

    @Test func `pieces bring their parameters along, in order`() {
        let piece: SQL = "b = \(2) AND c \(in: ["x"])"
        let statement: SQL = "SELECT 1 WHERE a = \(1) AND \(piece) AND d = \(true)"
        #expect(statement.text(in: .postgres) == "SELECT 1 WHERE a = $1 AND b = $2 AND c = ANY($3) AND d = $4")
        #expect(
            statement.parameters == [
                .value(.integer(1), .integer), .value(.integer(2), .integer), .list([.text("x")], of: .text),
                .value(.bool(true), .bool),
            ])
    }

    /// Their texts have no end: whoever searches decides on them.
    @Test func `what a client gives its shape is not kept prepared`() {
        func statement(_ filter: MetadataFilter?) -> SQL { "SELECT w.id \(membershipsIn: 1, matching: filter)" }
        let filter = MetadataFilter.compare(.text(.title), .equal, .text("x"))
        #expect(statement(nil).isReusable)
        #expect(!statement(filter).isReusable)
        let outer: SQL = "SELECT 1 WHERE EXISTS (\(statement(filter)))"
        #expect(!outer.isReusable)
        #expect(!outer.behind("EXPLAIN").isReusable)
        #expect(!SQL.once("CREATE TABLE t (id BIGINT)").isReusable)
    }

    /// SQLite finds `w` otherwise where somebody looks for `w\0x`.
    @Test func `NUL reaches no engine`() {
        let statement: SQL = "SELECT \("w\0x"), \(JSON.string("\0"))"
        #expect(statement.parameters == [.value(.text("w\u{FFFD}x"), .text), .value(.text(#""\u0000""#), .text)])
    }
}
