import AsyncHTTPClient
import Glibc
import NIOCore
import NIOPosix

/// What stops a request below HTTP, in words for people.
enum ConnectionReason {
    /// ` (connection refused)`, to go behind a sentence; empty where nothing is known.
    static func text(of error: any Error) -> String {
        switch error {
        case let error as NIOConnectionError: error.connectionErrors.first.map { text(of: $0.error) } ?? ""
        case let error as IOError where error.errnoCode == ECONNREFUSED: " (connection refused)"
        case let error as IOError: " (error \(error.errnoCode))"
        case let error as HTTPClientError: " (\(error.shortDescription))"
        default: ""
        }
    }
}
