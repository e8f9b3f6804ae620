import AsyncHTTPClient
import Domain
import NIOCore
import NIOHTTP1

/// What went wrong.
extension ProviderConnection {
    func failure(for error: any Error, hasBegun: Bool) -> ProviderFailure {
        .transport(error, provider: name, address: address, timeouts: timeouts, hasBegun: hasBegun)
    }

    /// The provider answered with success, but not with what was asked for.
    /// - Parameter problem: continues the sentence "The answer of <provider>".
    func unusable(_ problem: String) -> ServiceError {
        ServiceError(.upstream, "The answer of \(name) \(problem).")
    }

    /// The provider reports an error inside an answer that began with success.
    /// - Parameter status: the HTTP status that the answer would have had, if it names one.
    func reported(_ message: String?, status: Int? = nil) -> ServiceError {
        var reason = message.map(scrubber.scrub) ?? "it does not say why"
        if reason.last == "." { reason.removeLast() }
        return ServiceError(.upstream, "\(name) failed: \(reason).", providerStatus: status)
    }

    func refusal(_ response: HTTPClientResponse, saying body: ByteBuffer) -> ProviderFailure {
        let status = Int(response.status.code)
        var message = "\(name) answered \(status) \(response.status.reasonPhrase)"
        if (300..<400).contains(status) {
            message += ". Redirects are not followed; set its base path to the final address"
        } else if let said = ProviderMessage.extract(from: body.readableBytesView) {
            message += ": \(scrubber.scrub(said))"
        }
        if !message.hasSuffix(".") { message += "." }
        return ProviderFailure(
            message, status: status, isTransient: RetryPolicy.isTransient(status: status),
            retryAfter: response.headers.retryAfter())
    }
}
