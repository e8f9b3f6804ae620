import AsyncHTTPClient
import Concurrency
import Domain
import NIOCore
import NIOHTTP1
import OrderedJSON

/// Asks one provider over HTTP: its address, its credentials, its limits.
struct ProviderConnection: Sendable {
    /// Where a request carries its key.
    enum KeyHeader {
        /// `Authorization: Bearer …`
        case bearer
        case named(String)
    }

    /// For what servers say of their models, which is asked before a chat.
    private static let patienceForFacts = Duration.seconds(5)
    /// In bytes.
    private static let maximumFactsLength = 16 * 1024 * 1024

    /// For people, `GenericOpenAI` say.
    let name: String
    let timeouts: ProviderTimeouts
    private let client: HTTPClient
    private let baseURL: String
    private let headers: HTTPHeaders
    private let retries: RetryPolicy
    private let scrubber: SecretScrubber

    /// - Parameters:
    ///   - apiKey: without one, or with an empty one, none is sent.
    ///   - customHeaders: replace headers of the same name.
    ///   - client: made with `HTTPClient.Configuration.modelProviders`.
    init(
        name: String, baseURL: String, apiKey: String?, keyHeader: KeyHeader = .bearer, customHeaders: CustomHeaders,
        timeouts: ProviderTimeouts, retries: RetryPolicy, client: HTTPClient
    ) {
        self.name = name
        self.baseURL = baseURL
        self.timeouts = timeouts
        self.retries = retries
        self.client = client
        var headers: HTTPHeaders = ["User-Agent": "Lectern", "Content-Type": "application/json"]
        if let apiKey, !apiKey.isEmpty {
            switch keyHeader {
            case .bearer: headers.add(name: "Authorization", value: "Bearer \(apiKey)")
            case .named(let name): headers.add(name: name, value: apiKey)
            }
        }
        for field in customHeaders.fields { headers.replaceOrAdd(name: field.name, value: field.value) }
        self.headers = headers
        scrubber = SecretScrubber(secrets: [apiKey].compactMap(\.self) + customHeaders.fields.map(\.value))
    }

    /// Sends `body` to `path` below the base URL, again where `retries` says so, until a provider accepts it.
    /// Throws `ServiceError` where none does, `CancellationError` where the task is cancelled.
    func post(_ body: JSON, to path: String) async throws -> ProviderResponse {
        try await post(Self.bytes(of: body), contentType: "application/json", to: path)
    }

    /// The same with a body that has pictures in it, megabytes which are written where nobody waits for the thread.
    func post(large body: @escaping @Sendable () -> JSON, to path: String) async throws -> ProviderResponse {
        let bytes = try await ComputePool.shared.run { Self.bytes(of: body()) }
        return try await post(bytes, contentType: "application/json", to: path)
    }

    private static func bytes(of body: JSON) -> ByteBuffer {
        var bytes: [UInt8] = []
        body.write(to: &bytes)
        return ByteBuffer(bytes: bytes)
    }

    /// The same with a body of another type.
    func post(_ body: ByteBuffer, contentType: String, to path: String) async throws -> ProviderResponse {
        var request = HTTPClientRequest(url: url(of: path))
        request.method = .POST
        request.headers = headers
        request.headers.replaceOrAdd(name: "Content-Type", value: contentType)
        request.body = .bytes(body)
        return try await sendUntilAccepted(request)
    }

    /// The same with a file.
    func post(_ form: FileForm, to path: String) async throws -> ProviderResponse {
        var request = HTTPClientRequest(url: url(of: path))
        request.method = .POST
        request.headers = headers
        request.headers.replaceOrAdd(name: "Content-Type", value: form.contentType)
        request.body = form.body()
        return try await sendUntilAccepted(request)
    }

    /// What the server says at `path`, asked once and without much patience.
    func getJSON(_ path: String) async throws -> JSON {
        try json(try await get(path, within: Self.patienceForFacts).readableBytesView)
    }

    /// The same for what has to be posted.
    func postJSON(_ body: JSON, to path: String, within patience: Duration = Self.patienceForFacts) async throws -> JSON
    {
        var request = HTTPClientRequest(url: url(of: path))
        request.method = .POST
        request.headers = headers
        request.body = .bytes(Self.bytes(of: body))
        return try json(try await facts(request, within: patience).readableBytesView)
    }

    /// The same for an answer that may be anything.
    func get(_ path: String, within patience: Duration) async throws -> ByteBuffer {
        var request = HTTPClientRequest(url: url(of: path))
        request.headers = headers
        return try await facts(request, within: patience)
    }

    private func facts(_ request: HTTPClientRequest, within patience: Duration) async throws -> ByteBuffer {
        let response = try await send(request, within: min(patience, timeouts.firstByte))
        return try await response.body.collect(upTo: Self.maximumFactsLength)
    }

    /// Fetches what the provider says is kept at `address`, without the credentials. Only over TLS or from the provider's
    /// own host, so that an answer cannot point at whatever else this machine reaches.
    func get(_ address: String) async throws -> ProviderResponse {
        let isOwnHost = Self.authority(of: address) != nil && Self.authority(of: address) == Self.authority(of: baseURL)
        guard address.hasPrefix("https://") || address.hasPrefix("http://") && isOwnHost else {
            throw unusable("points at an address that is not fetched")
        }
        var request = HTTPClientRequest(url: address)
        request.headers = ["User-Agent": "Lectern"]
        return try await sendUntilAccepted(request)
    }

    private func sendUntilAccepted(_ request: HTTPClientRequest) async throws -> ProviderResponse {
        var retry = 0
        while true {
            do {
                return try await ProviderMetrics.measure(name) { try await send(request, within: timeouts.firstByte) }
            } catch let failure as ProviderFailure {
                let delay = retries.delay(beforeRetry: retry, retryAfter: failure.retryAfter)
                guard failure.isTransient, let delay else { throw failure.serviceError }
                try await Task.sleep(for: delay)
                retry += 1
            }
        }
    }

    /// - Parameter patience: until the head of the answer comes.
    private func send(_ request: HTTPClientRequest, within patience: Duration) async throws -> ProviderResponse {
        let response: HTTPClientResponse
        do {
            response = try await client.execute(request, deadline: .now() + TimeAmount(patience))
        } catch {
            try Task.checkCancellation()
            throw failure(for: error, hasBegun: false)
        }
        let body = ProviderBody(response.body, of: self)
        guard (200..<300).contains(response.status.code) else {
            throw try await refusal(response, saying: body.prefix(upTo: ProviderMessage.maximumBodyLength))
        }
        return ProviderResponse(
            contentType: response.headers.first(name: "content-type")?.lowercased() ?? "", body: body)
    }

    /// A base path may end in a slash, and may carry a query (`?api-version=…`) which every request then has.
    private func url(of path: String) -> String {
        let parts = baseURL.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        var base = parts[0]
        while base.last == "/" { base.removeLast() }
        return "\(base)/\(path)" + (parts.count > 1 ? "?\(parts[1])" : "")
    }

    /// Host and port of the base URL, without the credentials that may stand before them.
    private var address: String {
        Self.authority(of: baseURL) ?? "its base path"
    }

    private static func authority(of url: String) -> String? {
        WebAddress(url)?.hostAndPort
    }
}

/// An answer that was begun with success.
struct ProviderResponse: Sendable {
    /// Lower case; empty where the provider does not say.
    let contentType: String
    let body: ProviderBody
}

// MARK: - What went wrong

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
        ServiceError(
            .upstream, "\(name) failed: \(message.map(scrubber.scrub) ?? "it does not say why").",
            providerStatus: status)
    }

    private func refusal(_ response: HTTPClientResponse, saying body: ByteBuffer) -> ProviderFailure {
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
