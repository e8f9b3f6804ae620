import AsyncHTTPClient
import Domain
import NIOCore
import NIOHTTPCompression
import NIOSSL

/// A connection to an address that has been checked, over which a host of that address is spoken to: TLS asks for the host's
/// certificate, and nobody resolves the name once more.
struct CheckedConnection {
    let address: IPAddress
    let configuration: HTTPClient.Configuration

    /// - Parameters:
    ///   - address: what is connected to.
    ///   - link: what is asked for there.
    init(to address: IPAddress, for link: LinkAddress, limits: LinkLimits, tls: TLSConfiguration) {
        self.address = address
        var configuration = HTTPClient.Configuration(
            tlsConfiguration: tls, redirectConfiguration: .disallow,
            timeout: .init(connect: TimeAmount(limits.connect), read: TimeAmount(limits.silence)),
            // Without one of the environment's, which would resolve names itself.
            proxy: nil, decompression: .enabled(limit: .size(limits.maximumBytes)))
        configuration.httpVersion = .http1Only
        configuration.connectionPool.retryConnectionEstablishment = false
        configuration.dnsOverride = [link.host: address.text]
        // The client reads addresses with a parser of its own: what it has connected to is looked at before anything is sent.
        configuration.http1_1ConnectionDebugInitializer = { channel in
            channel.eventLoop.submit {
                guard Self.peer(of: channel) == address else { throw WrongPeer() }
                let pipeline = channel.pipeline.syncOperations
                let decompressor = try pipeline.handler(type: NIOHTTPResponseDecompressor.self)
                try pipeline.addHandler(CompressedFileHandler(path: link.path), position: .before(decompressor))
            }
        }
        self.configuration = configuration
    }

    func withClient<Result>(_ body: (HTTPClient) async throws -> Result) async throws -> Result {
        try await HTTPClient.withHTTPClient(configuration: configuration, isolation: nil, body)
    }

    /// The client has connected to something else than it was told to.
    struct WrongPeer: Error {}

    static func peer(of channel: any Channel) -> IPAddress? {
        channel.remoteAddress?.ipAddress.flatMap { text in IPAddress(String(text.prefix { $0 != "%" })) }
    }
}
