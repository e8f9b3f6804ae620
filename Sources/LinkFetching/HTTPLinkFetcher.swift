import AsyncHTTPClient
package import Domain
import NIOCore
import NIOHTTP1
package import NIOSSL

/// Fetches links over HTTP. Every hop is resolved, checked and connected to here: see `CheckedConnection`.
package struct HTTPLinkFetcher: LinkFetcher {
    let access: LinkAccess
    let limits: LinkLimits
    let resolver: HostResolver
    private let tls: TLSConfiguration

    /// - Parameter tls: certificates are verified unless it says otherwise.
    package init(
        access: LinkAccess, limits: LinkLimits = LinkLimits(), resolver: HostResolver = .system,
        tls: TLSConfiguration = .makeClientConfiguration()
    ) {
        self.access = access
        self.limits = limits
        self.resolver = resolver
        self.tls = tls
    }

    package func fetch(_ request: LinkRequest, _ receive: (LinkEvent) async throws -> Void) async throws {
        let deadline = ContinuousClock.now + limits.total
        var hop = Hop(address: request.address, headers: request.headers, known: request.known)
        for _ in 0...LinkLimits.redirects {
            guard let next = try await follow(hop, until: deadline, receive) else { return }
            // What a client sends along is for the origin that it named.
            hop.headers = next.origin == request.address.origin ? hop.headers : []
            hop.address = next
        }
        throw LinkError.tooManyRedirects
    }

    private struct Hop {
        var address: LinkAddress
        var headers: [LinkHeader]
        let known: LinkValidators?

        /// What the server at this address may compare its version with.
        var comparable: LinkValidators? { known.flatMap { $0.address.requested == address.requested ? $0 : nil } }
    }

    /// - Returns: where a redirect leads; `nil` once a body has been received.
    private func follow(
        _ hop: Hop, until deadline: ContinuousClock.Instant, _ receive: (LinkEvent) async throws -> Void
    ) async throws -> LinkAddress? {
        let addresses = try await access.addresses(of: hop.address.host, port: hop.address.port, resolver)
        var failure: (any Error)?
        for address in addresses.prefix(LinkLimits.addresses) {
            guard ContinuousClock.now < deadline else { throw LinkError.timedOut }
            do {
                let connection = CheckedConnection(to: address, for: hop.address, limits: limits, tls: tls)
                return try await connection.withClient { client in
                    try await exchange(hop, over: client, until: deadline, receive)
                }
            } catch let error where LinkFailure.isAboutConnecting(error) {
                failure = error
            }
        }
        throw failure.map { LinkFailure.linkError($0, limits) } ?? LinkError.unreachable("The host has no address.")
    }

    private func exchange(
        _ hop: Hop, over client: HTTPClient, until deadline: ContinuousClock.Instant,
        _ receive: (LinkEvent) async throws -> Void
    ) async throws -> LinkAddress? {
        let response: HTTPClientResponse
        do {
            response = try await client.execute(Self.request(hop), deadline: .now() + TimeAmount(limits.silence))
        } catch {
            try Task.checkCancellation()
            if LinkFailure.isAboutConnecting(error) { throw error }
            throw LinkFailure.linkError(error, limits)
        }
        let status = Int(response.status.code)
        if [301, 302, 303, 307, 308].contains(status), let location = response.headers.first(name: "location") {
            guard let next = hop.address.resolving(location) else { throw LinkError.refused(why: "a redirect") }
            return next
        }
        if status == 304, hop.comparable != nil {
            try await receive(.notModified)
            return nil
        }
        guard (200..<300).contains(status) else {
            throw LinkError.status(status, reason: HTTPResponseStatus(statusCode: status).reasonPhrase)
        }
        try await receive(.head(Self.head(response, hop.address)))
        try await pass(response.body, until: deadline, to: receive)
        return nil
    }

    private func pass(
        _ body: HTTPClientResponse.Body, until deadline: ContinuousClock.Instant,
        to receive: (LinkEvent) async throws -> Void
    ) async throws {
        var pieces = body.makeAsyncIterator()
        var count = 0
        while true {
            let piece: ByteBuffer?
            do { piece = try await pieces.next() } catch {
                try Task.checkCancellation()
                throw LinkFailure.linkError(error, limits)
            }
            guard let piece else { return }
            count += piece.readableBytes
            guard count <= limits.maximumBytes else { throw LinkError.tooLarge(maximumBytes: limits.maximumBytes) }
            // Whoever sends a byte a second is never silent.
            guard ContinuousClock.now < deadline else { throw LinkError.timedOut }
            try await receive(.bytes(Array(piece.readableBytesView)))
        }
    }

    // MARK: Messages

    private static func request(_ hop: Hop) -> HTTPClientRequest {
        var request = HTTPClientRequest(url: hop.address.requested)
        request.headers = [
            "User-Agent": LinkRobots.userAgent, "Accept": "text/html,application/xhtml+xml,*/*;q=0.8",
            "Accept-Encoding": "gzip, deflate",
        ]
        if let tag = hop.comparable?.entityTag { request.headers.add(name: "If-None-Match", value: tag) }
        if let date = hop.comparable?.lastModified { request.headers.add(name: "If-Modified-Since", value: date) }
        for header in hop.headers { request.headers.replaceOrAdd(name: header.name, value: header.value) }
        return request
    }

    private static func head(_ response: HTTPClientResponse, _ address: LinkAddress) -> LinkHead {
        let type = FieldParameters((response.headers.first(name: "content-type") ?? "").utf8)
        let charset = type["charset"].map { FieldParameters.text($0).filter { !"\"' ".contains($0) }.lowercased() }
        let disposition = FieldParameters((response.headers.first(name: "content-disposition") ?? "").utf8)
        return LinkHead(
            address: address, mediaType: type.value, charset: charset.flatMap { $0.isEmpty ? nil : $0 },
            fileName: disposition.extended("filename") ?? disposition["filename"].map { FieldParameters.text($0) },
            validators: LinkValidators(
                address: address, entityTag: response.headers.first(name: "etag"),
                lastModified: response.headers.first(name: "last-modified")))
    }
}
