import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import NIOPosix

/// What stops a request below HTTP, in words for people.
package enum ConnectionFailure {
    /// Whether another attempt may do better.
    package static func mayPass(_ error: any Error) -> Bool {
        switch error as? HTTPClientError {
        case .connectTimeout?, .getConnectionFromPoolTimeout?, .tlsHandshakeTimeout?, .deadlineExceeded?,
            .readTimeout?, .writeTimeout?, .remoteConnectionClosed?, .requestStreamCancelled?:
            true
        default:
            error is NIOConnectionError || error is IOError || error is ChannelError || error is HTTPParserError
        }
    }

    /// ` (Connection refused)`, to go behind a sentence; empty where nothing is known.
    package static func reason(for error: any Error) -> String {
        switch error {
        case let error as NIOConnectionError:
            // One attempt for each address of the host; they nearly always fail alike.
            if let attempt = error.connectionErrors.first { return reason(for: attempt.error) }
            return error.dnsAError == nil && error.dnsAAAAError == nil ? "" : " (its name is not known)"
        case let error as IOError: return " (\(error.text))"
        case is HTTPParserError: return " (what it sends is not HTTP)"
        case let error as HTTPClientError where error == .remoteConnectionClosed:
            return " (it closed the connection without an answer)"
        case let error as HTTPClientError: return " (\(error.shortDescription))"
        default: return ""
        }
    }
}

extension IOError {
    /// What the operating system calls the error, `Connection refused` say.
    fileprivate var text: String {
        // NIO writes `doing this: Connection refused) (errno: 111)`.
        let description = String(describing: self)
        guard let end = description.firstRange(of: " (errno")?.lowerBound,
            let start = description[..<end].ranges(of: ": ").last?.upperBound
        else { return "error \(errnoCode)" }
        return description[start..<end].filter { $0 != ")" }
    }
}
