import CPostgreSQL
import Persistence

/// The functions of `libpq-fe.h`, under their own names. Who has a connection has them: `ClientLibrary.load` comes first.
var libpq: lectern_pq_functions {
    guard case .success(let functions) = ClientLibrary.functions else { preconditionFailure("libpq is not loaded") }
    return functions
}

/// PostgreSQL's client library, which is loaded when it is first needed.
enum ClientLibrary {
    /// - Throws: `DatabaseError` where it is not on this machine.
    static func load() throws { _ = try functions.get() }

    fileprivate static let functions: Result<lectern_pq_functions, DatabaseError> = {
        let functions = UnsafeMutablePointer<lectern_pq_functions>.allocate(capacity: 1)
        defer { functions.deallocate() }
        guard let problem = lectern_pq_load(functions) else { return .success(functions.pointee) }
        return .failure(.other("PostgreSQL's client library is missing (Debian: libpq5): \(String(cString: problem))"))
    }()
}
