import AsyncHTTPClient
import Domain
import NIOCore
import NIOHTTPCompression
import NIOPosix
import NIOSSL

/// What failures of the HTTP client mean for a link.
enum LinkFailure {
    /// Whether another address of the host may do better: nothing has been received.
    static func isAboutConnecting(_ error: any Error) -> Bool {
        error is NIOConnectionError || error is ChannelError || error is IOError
            || error as? HTTPClientError == .connectTimeout
    }

    private static let timeouts: [HTTPClientError] = [
        .connectTimeout, .readTimeout, .deadlineExceeded, .tlsHandshakeTimeout, .getConnectionFromPoolTimeout,
    ]

    /// What is told of the network behind this server is no more than whether it answers.
    static func linkError(_ error: any Error, _ limits: LinkLimits) -> LinkError {
        switch error {
        case let error as LinkError: error
        case is CheckedConnection.WrongPeer: .refused(why: "connected to another address")
        case let error as HTTPClientError where timeouts.contains(error): .timedOut
        case is NIOConnectionError, is ChannelError, is IOError: .unreachable("The connection failed.")
        case is NIOSSLError, is BoringSSLError, is NIOSSLExtraError:
            .unreachable("The host's certificate is not valid for it, or TLS failed.")
        case NIOHTTPDecompression.DecompressionError.limit: .tooLarge(maximumBytes: limits.maximumBytes)
        default: .unreachable("The answer broke off, or is none of HTTP.")
        }
    }
}
