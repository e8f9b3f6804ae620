package import AsyncHTTPClient
import NIOCore

/// How long a provider may take. A proxy in front of it commonly gives up after one or two minutes of silence, so waiting
/// longer than that is left to operators who know that their model thinks for so long.
package struct ProviderTimeouts: Sendable {
    /// To open a connection.
    package var connect: Duration
    /// From sending a request to the head of its answer, for each attempt.
    package var firstByte: Duration
    /// Between two pieces of an answer, and before the first one. Comments and empty events are no pieces.
    package var idle: Duration
    /// For a whole answer, counted from its head.
    package var total: Duration

    package init(
        connect: Duration = .seconds(10), firstByte: Duration = .seconds(110), idle: Duration = .seconds(110),
        total: Duration = .seconds(3600)
    ) {
        self.connect = connect
        self.firstByte = firstByte
        self.idle = idle
        self.total = total
    }

    /// As `ANYTHINGLLM_FETCH_TIMEOUT` sets them: one limit for the first byte and for each pause.
    package init(fetchTimeout: Duration) {
        self.init(firstByte: fetchTimeout, idle: fetchTimeout, total: max(.seconds(3600), fetchTimeout * 2))
    }
}

extension HTTPClient.Configuration {
    /// What a client that speaks to model providers needs. Both the idle limit and the refusal of redirects are properties
    /// of an AsyncHTTPClient, not of a request, so every model and embedder must be given a client made with this.
    package static func modelProviders(timeouts: ProviderTimeouts = ProviderTimeouts()) -> HTTPClient.Configuration {
        var configuration = HTTPClient.Configuration(
            // A redirect would send prompts, and perhaps the key, to a place which nobody configured.
            redirectConfiguration: .disallow,
            timeout: Timeout(connect: TimeAmount(timeouts.connect), read: TimeAmount(timeouts.idle)))
        // Cancelling an HTTP/1 request closes its connection, which every server notices.
        configuration.httpVersion = .http1Only
        // A failed attempt to connect is told at once; `RetryPolicy` decides what happens then.
        configuration.connectionPool.retryConnectionEstablishment = false
        // Each stream occupies a connection for as long as it runs; the default of 8 would make the ninth chat wait.
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = 512
        configuration.http1_1ConnectionDebugInitializer = { ReceiveGate.install(in: $0) }
        return configuration
    }
}
