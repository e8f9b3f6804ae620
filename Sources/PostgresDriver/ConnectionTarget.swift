import CPostgreSQL
import Glibc
import Persistence

/// Where the server is, and as whom to speak to it.
struct ConnectionTarget: Sendable {
    private let url: String

    init(url: String) { self.url = url }

    private static let timeoutSeconds = "10"

    /// Opens a connection, which the caller closes with `PQfinish`. Blocks.
    ///
    /// - Throws: `DatabaseError.unreachable`, in the server's or libpq's words, which never hold the password.
    func connect() throws -> OpaquePointer {
        try ClientLibrary.load()
        let password = try password()
        // What stands behind `dbname` wins over the URL, what stands before it does not.
        let settings = [
            ("connect_timeout", Self.timeoutSeconds), ("fallback_application_name", "lectern"), ("dbname", url),
            ("client_encoding", "UTF8"),
        ]
        let connection = withCStrings(settings.map(\.0)) { keywords in
            withCStrings(settings.map(\.1)) { values in libpq.PQconnectdbParams(keywords, values, 1) }
        }
        guard let connection else { throw PostgresFailure(.outOfMemory).databaseError }
        guard libpq.PQstatus(connection) == CONNECTION_OK else {
            defer { libpq.PQfinish(connection) }
            throw PostgresFailure(
                unreachable: libpq.PQerrorMessage(connection).map { String(cString: $0) } ?? "", secret: password
            )
            .databaseError
        }
        // Notices go to stderr otherwise.
        _ = libpq.PQsetNoticeReceiver(connection, { _, _ in }, nil)
        return connection
    }

    /// The password in the URL, for taking it out of messages.
    private func password() throws -> String? {
        guard let options = libpq.PQconninfoParse(url, nil) else {
            // libpq would quote what it cannot read.
            throw DatabaseError.unreachable("this is no address such as postgres://user:password@host/database")
        }
        defer { libpq.PQconninfoFree(options) }
        var option = options
        while let keyword = option.pointee.keyword {
            if String(cString: keyword) == "password" { return option.pointee.val.map { String(cString: $0) } }
            option += 1
        }
        return nil
    }
}

/// A list of C strings that ends with NULL, valid inside `body`.
private func withCStrings<Result>(
    _ strings: [String], _ body: (UnsafePointer<UnsafePointer<CChar>?>) -> Result
) -> Result {
    let copies = strings.map { strdup($0) }
    defer { copies.forEach { free($0) } }
    return body(copies.map { UnsafePointer($0) } + [nil])
}
