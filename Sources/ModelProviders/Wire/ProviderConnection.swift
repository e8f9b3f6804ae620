import AsyncHTTPClient
import Concurrency
import Domain
import FoundationEssentials
import NIOCore
import NIOHTTP1
import OrderedJSON

/// Asks one provider over HTTP: its address, its credentials, its limits.
struct ProviderConnection: Sendable {
    /// Where a request carries its key.
    enum KeyHeader {
        /// `Authorization: Bearer …`
        case bearer
        /// `Authorization:` with another word before the key.
        case scheme(String)
        case named(String)
    }

    /// For what servers say of their models, which is asked before a chat.
    private static let patienceForFacts = Duration.seconds(5)
    private static let patienceForLists = Duration.seconds(20)
    /// In bytes.
    private static let maximumFactsLength = 16 * 1024 * 1024

    /// For people, `GenericOpenAI` say.
    let name: String
    let timeouts: ProviderTimeouts
    private let client: HTTPClient
    private let baseURL: String
    private let headers: HTTPHeaders
    private let signer: AWSRequestSigner?
    private let retries: RetryPolicy
    let scrubber: SecretScrubber

    /// - Parameters:
    ///   - apiKey: without one, or with an empty one, none is sent.
    ///   - customHeaders: replace headers of the same name.
    ///   - signer: of requests whose bodies are in memory.
    ///   - client: made with `HTTPClient.Configuration.modelProviders`.
    init(
        name: String, baseURL: String, apiKey: String?, keyHeader: KeyHeader = .bearer, customHeaders: CustomHeaders,
        signer: AWSRequestSigner? = nil, timeouts: ProviderTimeouts, retries: RetryPolicy, client: HTTPClient
    ) {
        self.name = name
        self.baseURL = baseURL
        self.timeouts = timeouts
        self.retries = retries
        self.client = client
        self.signer = signer
        var headers: HTTPHeaders = ["User-Agent": "Lectern", "Content-Type": "application/json"]
        if let apiKey, !apiKey.isEmpty {
            switch keyHeader {
            case .bearer: headers.add(name: "Authorization", value: "Bearer \(apiKey)")
            case .scheme(let scheme): headers.add(name: "Authorization", value: "\(scheme) \(apiKey)")
            case .named(let name): headers.add(name: name, value: apiKey)
            }
        }
        for field in customHeaders.fields { headers.replaceOrAdd(name: field.name, value: field.value) }
        self.headers = headers
        scrubber = SecretScrubber(
            secrets: [apiKey].compactMap(\.self) + customHeaders.fields.map(\.value) + (signer?.secrets ?? []))
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
        if signer != nil {
            request.headers.add(
                name: Self.bodyDigest, value: AWSRequestSigner.digest(of: body.readableBytesView))
        }
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

    /// What the server lists at `path`, for people who wait for it.
    ///
    /// - Throws: as ``post(_:to:)``.
    func list(_ path: String) async throws -> JSON {
        var request = HTTPClientRequest(url: url(of: path))
        request.headers = headers
        let response = try await sendUntilAccepted(request, within: min(Self.patienceForLists, timeouts.firstByte))
        return try json(try await response.body.collect(upTo: Self.maximumFactsLength).readableBytesView)
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

    /// - Parameter patience: until the head of the answer comes; `nil` waits as long as one may wait for a chat.
    private func sendUntilAccepted(
        _ request: HTTPClientRequest, within patience: Duration? = nil
    ) async throws -> ProviderResponse {
        var retry = 0
        while true {
            do {
                return try await ProviderMetrics.measure(name) {
                    try await send(request, within: patience ?? timeouts.firstByte)
                }
            } catch let failure as ProviderFailure {
                let delay = retries.delay(beforeRetry: retry, retryAfter: failure.retryAfter)
                guard failure.isTransient, let delay else { throw failure.serviceError }
                try await Task.sleep(for: delay)
                retry += 1
            }
        }
    }

    private static let bodyDigest = "x-amz-content-sha256"

    /// Signed anew for each attempt, since signatures hold for minutes.
    private func signed(_ request: HTTPClientRequest) -> HTTPClientRequest {
        guard let signer, let address = WebAddress(request.url) else { return request }
        var request = request
        let digest = request.headers.first(name: Self.bodyDigest) ?? AWSRequestSigner.digest(of: [])
        let content = request.headers.first(name: "Content-Type") ?? ""
        let own = [
            (name: "host", value: address.hostAndPort), (name: "content-type", value: content),
            (name: Self.bodyDigest, value: digest),
        ]
        request.headers.replaceOrAdd(name: Self.bodyDigest, value: digest)
        let signature = signer.headers(
            for: AWSRequestSigner.Request(
                method: request.method.rawValue, path: String(address.path),
                query: String(address.queryAndFragment.dropFirst()), headers: own, bodyDigest: digest), at: Date())
        for (name, value) in signature { request.headers.replaceOrAdd(name: name, value: value) }
        return request
    }

    /// - Parameter patience: until the head of the answer comes.
    private func send(_ request: HTTPClientRequest, within patience: Duration) async throws -> ProviderResponse {
        let request = signed(request)
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

    /// A base path may end in a slash, and may carry a query (`?api-version=…`) which every request then has, beside one of
    /// its own.
    private func url(of path: String) -> String {
        let parts = baseURL.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        var base = parts[0]
        while base.last == "/" { base.removeLast() }
        return "\(base)/\(path)" + (parts.count > 1 ? "\(path.contains("?") ? "&" : "?")\(parts[1])" : "")
    }

    /// Host and port of the base URL, without the credentials that may stand before them.
    var address: String {
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
