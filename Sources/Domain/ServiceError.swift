/// What went wrong, said for people; `HTTPAPI` alone turns the code into a status.
package struct ServiceError: Error, Sendable {
    package enum Code: Sendable {
        /// The thing named does not exist.
        case notFound
        /// The request cannot be understood or breaks a rule.
        case invalid
        /// The request is well formed, but what it carries cannot be worked with (a file without text, say).
        case unprocessable
        /// The state of things forbids it now.
        case conflict
        /// Nobody, or somebody unknown, asks.
        case unauthorized
        /// Whoever asks may not.
        case forbidden
        /// The request carries more than is accepted.
        case tooLarge
        /// Whoever asks has asked too often.
        case tooMany
        /// A model or store outside this process failed.
        case upstream
        /// This process cannot do it at the moment.
        case unavailable
    }

    package let code: Code
    /// One sentence for people; holds no secret, no path of this machine and no source text of a query.
    package let message: String
    /// What made it fail, for the log only.
    package let cause: (any Error)?

    /// Seconds after which the same request may do better, where that is known.
    package let retryAfter: Int?
    /// The HTTP status with which a model outside this process refused; `nil` where it gave none.
    package let providerStatus: Int?

    package init(
        _ code: Code, _ message: String, retryAfter: Int? = nil, providerStatus: Int? = nil, cause: (any Error)? = nil
    ) {
        self.code = code
        self.message = message
        self.retryAfter = retryAfter
        self.providerStatus = providerStatus
        self.cause = cause
    }

    package static func notFound(_ message: String) -> ServiceError { ServiceError(.notFound, message) }
    package static func invalid(_ message: String) -> ServiceError { ServiceError(.invalid, message) }
}
