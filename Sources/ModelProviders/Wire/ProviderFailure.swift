import AsyncHTTPClient
import Domain
import NIOCore
import NIOHTTP1
import NIOPosix

/// Why a provider gave no answer.
struct ProviderFailure: Error {
    /// For people, scrubbed.
    var message: String
    /// `nil` where no answer came at all.
    var status: Int?
    /// Whether another attempt may do better.
    var isTransient: Bool
    /// The pause that the provider asks for before another attempt.
    var retryAfter: Duration?
    var cause: (any Error)?

    init(
        _ message: String, status: Int? = nil, isTransient: Bool = false, retryAfter: Duration? = nil,
        cause: (any Error)? = nil
    ) {
        self.message = message
        self.status = status
        self.isTransient = isTransient
        self.retryAfter = retryAfter
        self.cause = cause
    }

    var serviceError: ServiceError {
        ServiceError(
            .upstream, message, retryAfter: retryAfter?.wholeSeconds, providerStatus: status, cause: cause ?? self)
    }
}

extension ProviderFailure {
    /// What stopped a request or the reading of its answer, below HTTP.
    /// - Parameters:
    ///   - provider: its name for people.
    ///   - address: host and port.
    ///   - hasBegun: whether the head of the answer had come.
    static func transport(
        _ error: any Error, provider: String, address: String, timeouts: ProviderTimeouts, hasBegun: Bool
    ) -> ProviderFailure {
        switch error as? HTTPClientError {
        case .invalidURL?, .emptyHost?, .emptyScheme?, .missingSocketPath?:
            return ProviderFailure("The base path of \(provider) is not a URL that can be reached.", cause: error)
        case .connectTimeout?, .getConnectionFromPoolTimeout?, .tlsHandshakeTimeout?:
            return ProviderFailure(
                "\(provider) could not be reached at \(address) within \(timeouts.connect.inSeconds).",
                isTransient: true, cause: error)
        case .deadlineExceeded?:
            return ProviderFailure(
                "\(provider) did not begin to answer within \(timeouts.firstByte.inSeconds).", cause: error)
        case .readTimeout?:
            return ProviderFailure("\(provider) sent nothing for \(timeouts.idle.inSeconds).", cause: error)
        case let other? where other.shortDescription == "Unsupported scheme":
            return ProviderFailure("The base path of \(provider) is not a URL that can be reached.", cause: error)
        default: break
        }
        if hasBegun {
            return ProviderFailure(
                "\(provider) closed the connection before its answer was complete.", cause: error)
        }
        if error is NIOConnectionError || error is IOError || error as? HTTPClientError == .remoteConnectionClosed
            || error is ChannelError || error is HTTPParserError
        {
            return ProviderFailure(
                "\(provider) could not be reached at \(address)\(ConnectionFailure.reason(for: error)).",
                isTransient: true, cause: error)
        }
        // An unknown scheme, a header that HTTP does not allow, a certificate that is not trusted.
        return ProviderFailure(
            "\(provider) could not be asked at \(address)\(ConnectionFailure.reason(for: error)).", cause: error)
    }
}

extension Duration {
    /// Rounded up, as `Retry-After` counts.
    fileprivate var wholeSeconds: Int { Int(components.seconds) + (components.attoseconds > 0 ? 1 : 0) }

    /// For people: `600 s`, `0.2 s`.
    var inSeconds: String {
        let tenths = components.attoseconds / 100_000_000_000_000_000
        return tenths == 0 ? "\(components.seconds) s" : "\(components.seconds).\(tenths) s"
    }
}
