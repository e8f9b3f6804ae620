import Domain
import NIOCore
import NIOPosix
import Synchronization
import TestSupport
import Testing

@testable import LinkFetching

/// The way out of a browser, over real sockets.
@Suite(.timeLimit(.minutes(1))) struct CheckedProxyTests {
    private static let local = HostResolver { host in
        [IPAddress(host == "inside.test" ? "10.0.0.1" : "127.0.0.1")].compactMap(\.self)
    }

    /// What a proxy answers to these bytes, up to the end of the connection.
    private func exchange(
        _ sent: String, _ access: LinkAccess, resolver: HostResolver = local, limits: LinkLimits = LinkLimits()
    ) async throws -> String {
        let asked = AskedHosts()
        for host in ["site.test", "inside.test", "127.0.0.1", "[::1]", "rebinding.test"] {
            asked.insert(url: "http://\(host)/")
        }
        let proxy = CheckedProxy(access: access, resolver: resolver, limits: limits, asked: asked)
        return try await proxy.run { port in
            let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                .connect(host: "127.0.0.1", port: port) { channel in
                    channel.eventLoop.makeCompletedFuture {
                        try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
                    }
                }
            return try await channel.executeThenClose { inbound, outbound in
                try await outbound.write(ByteBuffer(string: sent))
                var answer = ByteBuffer()
                for try await piece in inbound { answer.writeImmutableBuffer(piece) }
                return String(buffer: answer)
            }
        }
    }

    @Test func `a request goes to the host that it names, and no other with it`() async throws {
        try await FakeSite.run(["/a": .html("hello"), "/b": .html("more")]) { site in
            let access = LinkAccess(allowlist: "site.test:\(site.port)")
            let request = "GET http://site.test:\(site.port)/a HTTP/1.1\r\nHost: evil\r\nX-A: b\r\n\r\n"
            // What comes behind a request would have to be looked at as well.
            let answer = try await exchange(
                request + "GET http://inside.test/b HTTP/1.1\r\nHost: inside.test\r\n\r\n", access)
            #expect(answer.hasPrefix("HTTP/1.1 200 OK\r\n") && answer.hasSuffix("\r\n\r\nhello"))
            #expect(answer.lowercased().contains("connection: close"))
            #expect(site.paths == ["/a"])
            #expect(site.visits[0].headers["x-a"] == "b")
        }
    }

    @Test func `a connection that comes while the proxy stops is closed, and ends nothing else`() async throws {
        for _ in 0..<100 {
            let proxy = CheckedProxy(
                access: LinkAccess(), resolver: Self.local, limits: LinkLimits(), asked: AskedHosts())
            let connecting = try await proxy.run { port in
                (0..<4).map { _ in
                    ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton).connect(host: "127.0.0.1", port: port)
                }
            }
            for connection in connecting {
                // Some come too late for the socket.
                if let channel = try? await connection.get() { try await channel.closeFuture.get() }
            }
        }
    }

    @Test func `a tunnel goes where a link may lead`() async throws {
        try await FakeSite.run(["/a": .html("hello")]) { site in
            let access = LinkAccess(allowlist: "site.test:\(site.port)")
            let answer = try await exchange(
                "CONNECT site.test:\(site.port) HTTP/1.1\r\n\r\nGET /a HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
                access)
            #expect(answer.hasPrefix("HTTP/1.1 200 Connection established\r\n\r\nHTTP/1.1 200 OK\r\n"))
            #expect(answer.hasSuffix("hello"))
        }
    }

    @Test func `A9: what a link may not lead to is refused, whatever its name resolves to the second time`()
        async throws
    {
        try await FakeSite.run(["/": .html("inside")]) { site in
            let access = LinkAccess(allowlist: "site.test:\(site.port)")
            for target in ["127.0.0.1:\(site.port)", "inside.test:80", "127.0.0.1:80", "[::1]:80", "site.test:22"] {
                for request in ["CONNECT \(target) HTTP/1.1", "GET http://\(target)/ HTTP/1.1"] {
                    let answer = try await exchange(request + "\r\n\r\n", access)
                    #expect(answer.hasPrefix("HTTP/1.1 403 "), "\(request)")
                }
            }
            let asked = Mutex(0)
            let rebinding = HostResolver { _ in
                asked.withLock { $0 += 1 }
                return [IPAddress(asked.withLock { $0 } == 1 ? "10.0.0.1" : "127.0.0.1")].compactMap(\.self)
            }
            let answer = try await exchange(
                "GET http://rebinding.test:8080/ HTTP/1.1\r\n\r\n", LinkAccess(), resolver: rebinding)
            #expect(answer.hasPrefix("HTTP/1.1 403 ") && asked.withLock { $0 } == 1)
            #expect(site.visits.isEmpty)
        }
    }

    @Test func `a browser reaches nobody whom its page has not asked for`() async throws {
        try await FakeSite.run(["/": .html("x")]) { site in
            let access = LinkAccess(allowsAnything: true)
            let answer = try await exchange("GET http://updates.test:\(site.port)/ HTTP/1.1\r\n\r\n", access)
            #expect(answer.hasPrefix("HTTP/1.1 403 ") && site.visits.isEmpty)
            let asked = AskedHosts()
            for url in ["ws://A.test/x", "wss://b.test:8443", "https://c.test/", "data:text/html,x", "about:blank", ""]
            {
                asked.insert(url: url)
            }
            #expect(["a.test", "b.test", "c.test"].allSatisfy(asked.contains) && !asked.contains("text"))
        }
    }

    @Test func `nobody who answers, and nonsense`() async throws {
        let access = LinkAccess(allowsAnything: true)
        #expect(try await exchange("CONNECT 127.0.0.1:1 HTTP/1.1\r\n\r\n", access).hasPrefix("HTTP/1.1 502 "))
        #expect(try await exchange("GET / HTTP/1.1\r\n\r\n", access).hasPrefix("HTTP/1.1 400 "))
    }

    @Test func `A10: all that a page brings together is bounded`() async throws {
        try await FakeSite.run([
            "/": FakeSite.Page(body: [UInt8](repeating: 0x61, count: 100_000), repetitions: nil)
        ]) { site in
            var limits = LinkLimits()
            limits.maximumBytes = 1 << 20
            let answer = try await exchange(
                "GET http://127.0.0.1:\(site.port)/ HTTP/1.1\r\n\r\n", LinkAccess(allowsAnything: true), limits: limits)
            #expect((900_000...1 << 20).contains(answer.utf8.count))
        }
    }
}
