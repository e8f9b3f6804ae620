import Domain
import LinkFetching
import Synchronization
import TestSupport
import Testing

@Suite struct HTTPLinkFetcherTests {
    private static let open = HTTPLinkFetcher(access: LinkAccess(allowsAnything: true))

    private func fetch(
        _ address: String, with fetcher: HTTPLinkFetcher = open, headers: [LinkHeader] = []
    ) async throws -> (head: LinkHead, body: String) {
        var head: LinkHead?
        var body: [UInt8] = []
        let request = LinkRequest(try #require(LinkAddress(address)), headers: headers)
        try await fetcher.fetch(request) { event in
            switch event {
            case .head(let received): head = received
            case .bytes(let piece): body += piece
            case .notModified: break
            }
        }
        return (try #require(head), String(decoding: body, as: UTF8.self))
    }

    private func failure(
        _ address: String, with fetcher: HTTPLinkFetcher = open, headers: [LinkHeader] = []
    ) async throws -> LinkError? {
        do {
            _ = try await fetch(address, with: fetcher, headers: headers)
            return nil
        } catch let error as LinkError { return error }
    }

    @Test func `a page comes with its type, behind as many redirects as are usual`() async throws {
        try await FakeSite.run([
            "/a?b": .redirect("c/d", status: 308), "/c/d": .redirect("../e#f", status: 301),
            "/e": .bytes("Text/HTML; Charset=\"ISO-8859-1\"", Array("<p>hello".utf8)),
            "/loop": .redirect("/loop"),
        ]) { site in
            let (head, body) = try await fetch(site.address + "/a?b")
            #expect(body == "<p>hello")
            #expect(head.mediaType == "text/html" && head.charset == "iso-8859-1")
            #expect(head.address.requested == site.address + "/e")
            #expect(site.paths == ["/a?b", "/c/d", "/e"])
            #expect(try await failure(site.address + "/loop") == .tooManyRedirects)
            #expect(site.visits.count == 3 + 6)
            #expect(try await failure(site.address + "/missing") == .status(404, reason: "Not Found"))
        }
    }

    @Test func `headers go to the origin of the link, and no further`() async throws {
        let secret = try #require(LinkHeader(name: "Authorization", value: "Bearer secret"))
        try await FakeSite.run(["/": .html("x")]) { other in
            try await FakeSite.run([
                "/same": .redirect("/end"), "/end": .html("x"), "/other": .redirect(other.address + "/"),
            ]) { site in
                _ = try await fetch(site.address + "/same", headers: [secret])
                _ = try await fetch(site.address + "/other", headers: [secret])
                #expect(site.visits.allSatisfy { $0.headers["authorization"] == "Bearer secret" })
                #expect(other.visits.map { $0.headers["authorization"] } == [nil])
                #expect(other.visits[0].headers["user-agent"]?.contains("Lectern") == true)
            }
        }
    }

    /// Whether the server says that the known version is the current one.
    private func isNotModified(_ address: String, _ known: LinkValidators) async throws -> Bool {
        var isNotModified = false
        let request = LinkRequest(try #require(LinkAddress(address)), known: known)
        try await Self.open.fetch(request) { event in if case .notModified = event { isNotModified = true } }
        return isNotModified
    }

    @Test func `a version is asked for once more only where it is another one, and only of its own address`()
        async throws
    {
        let date = "Tue, 05 Mar 2024 07:08:09 GMT"
        try await FakeSite.run([
            "/a": .redirect("/b"), "/b": .html("x").tagged("one", modified: date), "/c": .html("y").tagged("one"),
            "/plain": .html("z"), "/rude": .status(304),
        ]) { site in
            let head = try await fetch(site.address + "/a").head
            let known = try #require(head.validators)
            #expect(known.entityTag == "\"one\"" && known.lastModified == date)
            #expect(try await isNotModified(site.address + "/a", known))
            #expect(site.visits.suffix(2).map { $0.headers["if-none-match"] } == [nil, "\"one\""])
            #expect(site.visits.last?.headers["if-modified-since"] == date)
            site.change("/b", to: .html("x2").tagged("two", modified: date + " "))
            #expect(try await !isNotModified(site.address + "/a", known))
            // The same tag elsewhere means something else.
            #expect(try await !isNotModified(site.address + "/c", known))
            #expect(try await fetch(site.address + "/plain").head.validators == nil)
            #expect(try await failure(site.address + "/rude") == .status(304, reason: "Not Modified"))
        }
    }

    @Test(arguments: [
        "http://127.0.0.1/", "http://[::1]/", "http://[::ffff:7f00:1]/", "http://0/", "http://2130706433/",
        "http://127.1/",
        "http://0177.0.0.1/", "http://169.254.169.254/latest/meta-data", "http://192.168.0.1/", "http://172.16.0.1/",
        "http://10.0.0.1/", "http://100.64.0.1/", "http://localhost/", "https://example.com:22/",
        "https://example.com:6379/",
    ])
    func `A8: addresses inside are refused, however they are written`(address: String) async throws {
        guard case .refused? = try await failure(address, with: HTTPLinkFetcher(access: LinkAccess())) else {
            Issue.record("\(address) was not refused")
            return
        }
    }

    @Test func `A9: every hop is checked, and what is checked is connected to`() async throws {
        try await FakeSite.run(["/": .html("inside"), "/away": .redirect("http://inside.test/")]) { site in
            // The first answer is public, the second one is not: whoever asks twice is lost.
            let asked = Mutex(0)
            let rebinding = HostResolver { _ in
                asked.withLock { $0 += 1 }
                return [IPAddress(asked.withLock { $0 } == 1 ? "192.0.2.1" : "127.0.0.1")!]
            }
            var limits = LinkLimits()
            limits.connect = .milliseconds(300)
            let access = LinkAccess(allowlist: "192.0.2.0/24:\(site.port)")
            let fetcher = HTTPLinkFetcher(access: access, limits: limits, resolver: rebinding)
            let rebound = try await failure("http://rebinding.test:\(site.port)/", with: fetcher)
            #expect(rebound != nil && rebound != .refused(why: ""))
            #expect(asked.withLock { $0 } == 1)

            let names = HostResolver { host in [IPAddress(host == "inside.test" ? "10.0.0.1" : "127.0.0.1")!] }
            let guarded = HTTPLinkFetcher(
                access: LinkAccess(allowlist: "outside.test:\(site.port)"), limits: limits, resolver: names)
            #expect(try await fetch("http://outside.test:\(site.port)/", with: guarded).body == "inside")
            guard case .refused? = try await failure("http://outside.test:\(site.port)/away", with: guarded) else {
                Issue.record("The redirect was followed")
                return
            }
            #expect(site.paths == ["/", "/away"])
        }
    }

    @Test func `A10: what is too large, unpacks too far or never ends is cut`() async throws {
        let bomb = try gzip(ofZeros: 64 << 20)
        try await FakeSite.run([
            "/large": .bytes("text/html", [UInt8](repeating: 0x61, count: 2 << 20)),
            "/bomb": .bytes("text/html", bomb, headers: ["Content-Encoding": "gzip"]),
            "/bomb.gz": .bytes("application/gzip", bomb),
            "/endless": FakeSite.Page(
                headers: ["Content-Type": "text/html"], body: [UInt8](repeating: 0x61, count: 1000), repetitions: nil),
        ]) { site in
            var limits = LinkLimits()
            limits.maximumBytes = 1 << 20
            let fetcher = HTTPLinkFetcher(access: LinkAccess(allowsAnything: true), limits: limits)
            for path in ["/large", "/bomb", "/bomb.gz", "/endless"] {
                let failure = try await failure(site.address + path, with: fetcher)
                #expect(failure == .tooLarge(maximumBytes: 1 << 20), "\(path)")
            }
        }
    }

    @Test func `files that are compressed are unpacked, whatever their server calls them`() async throws {
        let file = try run("sh", ["-c", "printf '<urlset/>' | gzip"])
        try await FakeSite.run([
            "/a.xml.gz": .bytes("application/x-gzip", file), "/b.xml.gz": .bytes("application/octet-stream", file),
            "/c.xml.gz": .bytes("text/xml", file, headers: ["Content-Encoding": "gzip"]),
            "/d": .bytes("application/octet-stream", file),
        ]) { site in
            for (path, type) in [("/a.xml.gz", ""), ("/b.xml.gz", ""), ("/c.xml.gz", "text/xml")] {
                let (head, body) = try await fetch(site.address + path)
                #expect(body == "<urlset/>" && head.mediaType == type, "\(path)")
            }
            #expect(try await fetch(site.address + "/d").body.hasPrefix("\u{1F}"))
        }
    }

    @Test func `A10: what is silent, or says little for long, runs out of time`() async throws {
        try await FakeSite.run([
            "/slow": FakeSite.Page(body: [0x61], repetitions: nil, pause: .milliseconds(20)),
            "/silent": FakeSite.Page(body: [0x61], repetitions: nil, pause: .seconds(60)),
        ]) { site in
            var limits = LinkLimits()
            (limits.total, limits.silence) = (.milliseconds(500), .milliseconds(500))
            let fetcher = HTTPLinkFetcher(access: LinkAccess(allowsAnything: true), limits: limits)
            let slow = try await failure(site.address + "/slow", with: fetcher)
            let silent = try await failure(site.address + "/silent", with: fetcher)
            #expect(slow == .timedOut && silent == .timedOut)
        }
    }

    @Test func `a fetch that is cancelled ends`() async throws {
        try await FakeSite.run(["/": FakeSite.Page(body: [0x61], repetitions: nil, pause: .seconds(60))]) { site in
            let fetching = Task { try await self.fetch(site.address) }
            while site.visits.isEmpty { try await Task.sleep(for: .milliseconds(5)) }
            fetching.cancel()
            await #expect(throws: CancellationError.self) { try await fetching.value }
        }
    }
}
