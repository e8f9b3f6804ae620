/// One row while it is read; valid only inside the closure that receives it.
package protocol SQLRow {
    /// Throws where there is no such column.
    func value(_ column: String) throws -> SQL.Value
    /// Calls `body` with the bytes of a blob, not copied; `nil` stands for NULL.
    func withBlob<Result>(_ column: Int, _ body: (UnsafeRawBufferPointer?) throws -> Result) throws -> Result
    func integer(_ column: Int) throws -> Int64
}

extension SQLRow {
    package func get<Column: SQLConvertible>(_ column: String, as type: Column.Type = Column.self) throws -> Column {
        guard let result = try Column(sqlValue: value(column)) else {
            throw DatabaseError.other("column \(column) does not hold a \(type)")
        }
        return result
    }
}
