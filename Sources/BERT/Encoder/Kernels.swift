import BERTKernels

/// The kernels for this CPU.
///
/// `@unchecked Sendable` holds because the table is a constant of the program.
struct Kernels: @unchecked Sendable {
    let table: UnsafePointer<bk_kernels>

    /// - Parameter maximumLevel: `portable`, `avx2`, `avx512` or `avx512vnni`; `nil` for the best there is.
    init(maximumLevel: String?) throws(BERTError) {
        guard let table = bk_kernels_for(maximumLevel) else {
            throw .unsupported("there are no kernels called \(maximumLevel ?? "")")
        }
        self.table = table
    }

    var name: String { String(cString: table.pointee.name) }
    /// Output columns in a panel of packed weights.
    var panel: Int { Int(table.pointee.panel) }
    var has16Bit: Bool { table.pointee.has_s16 != 0 }
    var has8Bit: Bool { table.pointee.has_s8 != 0 }
}
