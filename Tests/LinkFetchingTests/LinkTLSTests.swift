import Domain
import Foundation
import LinkFetching
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL
import NIOTLS
import TestSupport
import Testing

/// The connection goes to the address that was checked; the certificate is asked of the host that was named.
@Suite struct LinkTLSTests {
    @Test func `a host is known by its own certificate alone`() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "lectern-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let (certificate, key) = (
            folder.appending(path: "certificate.pem").path, folder.appending(path: "key.pem").path
        )
        _ = try run(
            "openssl",
            [
                "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=right.test", "-addext",
                "subjectAltName=DNS:right.test", "-keyout", key, "-out", certificate,
            ])
        try await TLSSite.run(certificate: certificate, key: key) { site in
            var tls = TLSConfiguration.makeClientConfiguration()
            tls.trustRoots = .file(certificate)
            let fetcher = { (tls: TLSConfiguration) in
                HTTPLinkFetcher(
                    access: LinkAccess(allowsAnything: true),
                    resolver: HostResolver { _ in [IPAddress("127.0.0.1")!] }, tls: tls)
            }
            let body = try await site.fetch("right.test", fetcher(tls))
            #expect(body == "hello")
            #expect(site.names.value == [.hostname("right.test")])
            await #expect(throws: LinkError.self) { try await site.fetch("wrong.test", fetcher(tls)) }
            // Nobody vouches for it.
            await #expect(throws: LinkError.self) {
                try await site.fetch("right.test", fetcher(.makeClientConfiguration()))
            }
        }
    }
}

/// Says `hello` over TLS, and notes the names of its visitors' handshakes.
private struct TLSSite {
    let port: Int
    let names: Observed<[SNIResult]>

    static func run(certificate: String, key: String, _ body: (TLSSite) async throws -> Void) async throws {
        let context = try NIOSSLContext(
            configuration: .makeServerConfiguration(
                certificateChain: NIOSSLCertificate.fromPEMFile(certificate).map { .certificate($0) },
                privateKey: .privateKey(NIOSSLPrivateKey(file: key, format: .pem))))
        let names = Observed<[SNIResult]>([])
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let hello = SNIHandler { result in
                        names.change { $0.append(result) }
                        return channel.eventLoop.makeCompletedFuture {
                            let pipeline = channel.pipeline.syncOperations
                            try pipeline.addHandler(NIOSSLServerHandler(context: context))
                            try pipeline.configureHTTPServerPipeline()
                            try pipeline.addHandler(Greeting())
                        }
                    }
                    try channel.pipeline.syncOperations.addHandler(ByteToMessageHandler(hello))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        let site = TLSSite(port: channel.localAddress?.port ?? 0, names: names)
        do { try await body(site) } catch {
            try await channel.close()
            throw error
        }
        try await channel.close()
    }

    func fetch(_ host: String, _ fetcher: HTTPLinkFetcher) async throws -> String {
        var body: [UInt8] = []
        let address = try #require(LinkAddress("https://\(host):\(port)/"))
        try await fetcher.fetch(LinkRequest(address)) { event in if case .bytes(let piece) = event { body += piece } }
        return String(decoding: body, as: UTF8.self)
    }
}

private final class Greeting: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard case .end = unwrapInboundIn(data) else { return }
        let head = HTTPResponseHead(version: .http1_1, status: .ok, headers: ["Content-Length": "5"])
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(string: "hello")))), promise: nil)
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
    }
}
