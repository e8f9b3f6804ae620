import CPostgreSQL
import Persistence

/// Why the server did not do what it was asked, and whether to ask again.
struct PostgresFailure: Error {
    enum Kind: Equatable {
        /// Serialization failure or deadlock: the transaction may be run again.
        case collision
        /// A prepared statement that the server does not know, or whose tables have changed.
        case stalePlan
        /// The connection broke while nothing was being committed.
        case connectionLost
        /// The connection broke during a commit: nobody knows whether it took place.
        case commitUnknown
        case cancelled
        case outOfMemory
        case refused
    }

    let kind: Kind
    /// What the seam's callers get.
    let databaseError: any Error

    init(_ kind: Kind) {
        self.kind = kind
        databaseError =
            switch kind {
            case .cancelled: CancellationError()
            case .commitUnknown:
                DatabaseError.unreachable(
                    "the connection broke while a change was being stored; it may have been stored")
            case .outOfMemory: DatabaseError.other("libpq has no memory")
            default: DatabaseError.unreachable("the connection to PostgreSQL was lost")
            }
    }

    /// - Parameter secret: what the message must not hold.
    init(unreachable message: String, secret: String?) {
        kind = .refused
        var message = message
        if let secret, !secret.isEmpty { message = message.replacing(secret, with: "…") }
        let words = message.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        databaseError = DatabaseError.unreachable(words)
    }

    /// By the SQLSTATE of the server's answer.
    init(_ result: OpaquePointer?, on connection: OpaquePointer) {
        let state = field(lectern_pq_sqlstate, of: result)
        switch state {
        case "": self.init(libpq.PQstatus(connection) == CONNECTION_OK ? .outOfMemory : .connectionLost)
        // Administrator's shutdown, crash of a sibling, start-up.
        case "57P01", "57P02", "57P03": self.init(.connectionLost)
        case "40001", "40P01": self.init(kind: .collision, error: .other("PostgreSQL \(state)"))
        case "0A000" where field(lectern_pq_primary_message, of: result).contains("cached plan"), "26000":
            self.init(kind: .stalePlan, error: .other("PostgreSQL \(state)"))
        case "23505": self.init(kind: .refused, error: .uniqueViolation)
        case "23503": self.init(kind: .refused, error: .foreignKeyViolation)
        case "53100": self.init(kind: .refused, error: .full)
        case "25006": self.init(kind: .refused, error: .readOnly)
        default:
            // The statement's text and values may hold a person's words: neither goes into a message. Those of class 22
            // quote values.
            let words = state.hasPrefix("22") ? "" : ": " + field(lectern_pq_primary_message, of: result)
            self.init(kind: .refused, error: .other("PostgreSQL \(state)\(words)"))
        }
    }

    private init(kind: Kind, error: DatabaseError) {
        self.kind = kind
        databaseError = error
    }
}

private func field(_ code: Int32, of result: OpaquePointer?) -> String {
    libpq.PQresultErrorField(result, code).map { String(cString: $0) } ?? ""
}
