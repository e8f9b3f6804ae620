import Domain
import Foundation
import Synchronization
import TestSupport
import Testing

@testable import LinkFetching

/// Pages in the real browser, where there is one; `script/test` installs it.
@Suite(.enabled(if: ChromiumRenderer.isInstalled), .timeLimit(.minutes(10)), .serialized)
struct ChromiumRendererTests {
    /// `site.test` and `other.test` are this machine; everything else is nowhere. Notes who is asked for.
    private final class Names: Sendable {
        private let asked = Mutex<Set<String>>([])
        var hosts: Set<String> { asked.withLock { $0 } }
        var resolver: HostResolver {
            HostResolver { host in
                self.asked.withLock { _ = $0.insert(host) }
                guard host.hasSuffix(".test") else { throw CancellationError() }
                return [IPAddress("127.0.0.1")].compactMap(\.self)
            }
        }
    }

    private static func renderer(
        allowlist: String, limits: RenderingLimits = limits(), names: Names = Names(), arguments: [String] = []
    ) throws -> ChromiumRenderer {
        ChromiumRenderer(
            access: LinkAccess(allowlist: allowlist), limits: limits, resolver: names.resolver,
            launcher: [try ServerBinary.path(), "run-browser"], arguments: arguments)
    }

    private static func limits(settling: Int = 60, total: Int = 120) -> RenderingLimits {
        var limits = RenderingLimits()
        // Machines that run tests are busy.
        limits.nearlyQuiet = .seconds(30)
        limits.settling = .seconds(settling)
        limits.total = .seconds(total)
        return limits
    }

    private func render(
        _ path: String, on site: FakeSite, headers: [LinkHeader] = [], limits: RenderingLimits = limits(),
        names: Names = Names()
    ) async throws -> RenderedPage {
        let renderer = try Self.renderer(allowlist: "site.test:\(site.port)", limits: limits, names: names)
        let address = try #require(LinkAddress("http://site.test:\(site.port)\(path)"))
        return try await renderer.render(LinkRequest(address, headers: headers))
    }

    private func reason(_ path: String, on site: FakeSite, limits: RenderingLimits = limits()) async throws -> String {
        let error = await #expect(throws: RenderingError.self) { try await render(path, on: site, limits: limits) }
        return error?.reason ?? ""
    }

    private static func page(_ script: String, body: String = "<p id=p>loading</p>") -> FakeSite.Page {
        .html("<!DOCTYPE html><html><head><title>T</title></head><body>\(body)<script>\(script)</script></body></html>")
    }

    @Test func `words that scripts fetch are there, and nobody is asked but whom the page names`() async throws {
        let script = "fetch('/words').then(r => r.text()).then(t => document.getElementById('p').textContent = t)"
        try await FakeSite.run([
            "/": Self.page(script), "/words": .typed("text/plain", "Words from elsewhere. Überall."),
        ]) {
            site in
            let names = Names()
            let page = try await render("/", on: site, names: names)
            #expect(page.markup.contains("<p id=\"p\">Words from elsewhere. Überall.</p>"))
            #expect(page.address.text == "http://site.test:\(site.port)")
            #expect(site.paths.contains("/") && site.paths.contains("/words"))
            let agent = site.visits.first?.headers["user-agent"] ?? ""
            #expect(agent.contains("Chrome/") && agent.contains("(compatible; Lectern;") && !agent.contains("Headless"))
            #expect(names.hosts == ["site.test"])
        }
    }

    @Test func `A9: a page reaches nothing by its scripts that a link may not lead to`() async throws {
        try await FakeSite.run(["/": .html("secret"), "/s.js": .typed("text/javascript", "leak()")]) { inside in
            let ways = """
                const inside = ['127.0.0.1', 'localhost', '[::1]', '[::ffff:127.0.0.1]', 'other.test', '0.0.0.0'];
                const done = inside.flatMap(host => {
                    const address = '//' + host + ':\(inside.port)/';
                    for (const name of ['iframe', 'script', 'img', 'embed', 'object', 'video']) {
                        const element = document.createElement(name);
                        element.src = element.data = 'http:' + address;
                        document.body.append(element);
                    }
                    try { new WebSocket('ws:' + address); new EventSource('http:' + address); } catch {}
                    navigator.sendBeacon('http:' + address, 'x');
                    return [fetch('http:' + address, {mode: 'no-cors'}), fetch('/away'), fetch('https:' + address)];
                });
                Promise.allSettled(done).then(all => document.getElementById('p').textContent =
                    all.map(one => one.status).join(' '));
                try {
                    const peer = new RTCPeerConnection({iceServers: [{urls: 'stun:127.0.0.1:\(inside.port)'}]});
                    peer.createDataChannel('x');
                    peer.onicecandidate = event => { if (event.candidate) document.body.append('CANDIDATE'); };
                    peer.createOffer().then(offer => peer.setLocalDescription(offer));
                } catch {}
                """
            let pages = ["/": Self.page(ways), "/away": FakeSite.Page.redirect("http://127.0.0.1:\(inside.port)/")]
            try await FakeSite.run(pages) { site in
                let page = try await render("/", on: site)
                // That the proxy refuses is an answer as well, of which a script learns nothing but that it came.
                #expect(
                    page.markup.contains(/<p id="p">((fulfilled|rejected) ?){18}<\/p>/), "\(page.markup.prefix(600))")
                #expect(!page.markup.contains("CANDIDATE") || !page.markup.contains("secret"))
                #expect(inside.visits.isEmpty)
                #expect(site.paths.contains("/away"))
            }
            // Nor is it a way to lead the browser itself there.
            let away = [
                "/redirect": FakeSite.Page.redirect("http://127.0.0.1:\(inside.port)/"),
                "/script": Self.page("location.href = 'http://127.0.0.1:\(inside.port)/'"),
                "/refresh": .html("<meta http-equiv=refresh content='0;url=http://127.0.0.1:\(inside.port)/'>"),
            ]
            try await FakeSite.run(away) { site in
                for path in away.keys {
                    let page = try? await render(path, on: site, limits: Self.limits(settling: 12))
                    #expect(page?.markup.contains("secret") != true)
                }
                #expect(inside.visits.isEmpty)
            }
        }
    }

    @Test func `a page is printed with its words and pictures; it asks nobody and runs nothing`() async throws {
        try await FakeSite.run(["/": .html("secret"), "/a.png": .typed("image/png", "")]) { site in
            let picture =
                "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
            let page = """
                <!doctype html><meta charset=utf-8><title>Überfahrten</title><h1>Überfahrten</h1><p>Morgens um sieben.</p>
                <img width=90 height=90 src="data:image/png;base64,\(picture)"><img src="http://site.test:\(site.port)/a.png">
                <iframe src="http://127.0.0.1:\(site.port)/"></iframe><p id=p></p>
                <script>document.getElementById('p').textContent = 'RAN'; fetch('http://site.test:\(site.port)/')</script>
                """
            let file = try await Self.renderer(allowlist: "site.test:\(site.port)").pdf(of: page)
            let path = FileManager.default.temporaryDirectory.appending(path: "\(UUID()).pdf").path
            defer { try? FileManager.default.removeItem(atPath: path) }
            try Data(file).write(to: URL(fileURLWithPath: path))
            let text = String(decoding: try run("pdftotext", [path, "-"]), as: UTF8.self)
            #expect(text.contains("Überfahrten") && text.contains("Morgens um sieben."))
            #expect(!text.contains("RAN") && !text.contains("secret") && site.visits.isEmpty)
            // Under two lines of headings.
            let pictures = String(decoding: try run("pdfimages", ["-list", path]), as: UTF8.self)
            #expect(pictures.split(separator: "\n").count > 2)
        }
    }

    @Test func `a page may lead to another, whose address is told`() async throws {
        try await FakeSite.run([
            "/a": .redirect("/b?c", status: 301), "/b?c": Self.page("location.replace('/end#there')"),
            "/end": .html("<p>arrived</p>"),
        ]) { site in
            let page = try await render("/a", on: site)
            #expect(page.markup.contains("arrived"))
            #expect(page.address.whole == "http://site.test:\(site.port)/end#there")
        }
    }

    @Test func `a page that never becomes quiet is taken as it is`() async throws {
        let script = """
            let count = 0;
            setInterval(() => { fetch('/poll?' + count++).catch(() => {}); document.getElementById('p').textContent = 'alive'; }, 50);
            """
        try await FakeSite.run(["/": Self.page(script)]) { site in
            let page = try await render("/", on: site, limits: Self.limits(settling: 12))
            #expect(page.markup.contains("<p id=\"p\">alive</p>"))
        }
    }

    @Test func `headers go to the link's own origin, from its own page`() async throws {
        let secret = try #require(LinkHeader(name: "Authorization", value: "Bearer secret"))
        let key = try #require(LinkHeader(name: "X-Key", value: "k"))
        try await FakeSite.run(["/x": .typed("text/plain", "x"), "/back": .html("<p>elsewhere</p>")]) { other in
            let script = """
                Promise.allSettled([fetch('/own'), fetch('http://site.test:\(other.port)/x', {mode: 'no-cors'}), fetch('/hop', {mode: 'no-cors'})])
                    .then(() => document.getElementById('p').textContent = 'done')
                """
            try await FakeSite.run([
                "/": Self.page(script), "/own": .typed("text/plain", "own"),
                "/hop": .redirect("http://site.test:\(other.port)/x"),
                "/leave": .redirect("http://site.test:\(other.port)/back"), "/again": .html("<p>again</p>"),
            ]) { site in
                let allowlist = "site.test:\(site.port),site.test:\(other.port)"
                let renderer = try Self.renderer(allowlist: allowlist)
                let address = try #require(LinkAddress("http://site.test:\(site.port)/"))
                let page = try await renderer.render(LinkRequest(address, headers: [secret, key]))
                #expect(page.markup.contains("done"))
                for visit in site.visits where ["/", "/own", "/hop"].contains(visit.path) {
                    #expect(visit.headers["authorization"] == "Bearer secret", "\(visit.path)")
                    #expect(visit.headers["x-key"] == "k")
                }
                #expect(other.visits.count == 2)
                #expect(other.visits.allSatisfy { $0.headers["authorization"] == nil && $0.headers["x-key"] == nil })

                // A page elsewhere asks for something of the link's origin: it is none of the link's.
                let back =
                    "<p>elsewhere</p><script>fetch('http://site.test:\(site.port)/again', {mode: 'no-cors'})</script>"
                other.change("/back", to: .html(back))
                let leaving = try #require(LinkAddress("http://site.test:\(site.port)/leave"))
                let left = try await renderer.render(LinkRequest(leaving, headers: [secret]))
                #expect(left.markup.contains("elsewhere"))
                let again = site.visits.filter { $0.path == "/again" }
                #expect(again.count == 1 && again.allSatisfy { $0.headers["authorization"] == nil })
                #expect(other.visits.allSatisfy { $0.headers["authorization"] == nil })
            }
        }
    }

    @Test func `what is no page in the browser is said`() async throws {
        try await FakeSite.run([
            "/pdf": .bytes("application/pdf", Array("%PDF-1.4\n".utf8)),
            "/missing": Self.page("location.href = '/gone'"),
            "/text": .typed("text/plain", "text"), "/away": Self.page("location.href = 'http://nowhere.test/'"),
        ]) { site in
            let noPage = "it leads to something that is no page"
            let notFound = "it leads to an answer of HTTP 404"
            for (path, expected) in [("/pdf", noPage), ("/text", noPage), ("/gone", notFound), ("/missing", notFound)] {
                let reason = try await reason(path, on: site)
                #expect(reason == expected, "\(path)")
            }
        }
        let renderer = try Self.renderer(allowlist: "site.test:1")
        let error = await #expect(throws: RenderingError.self) {
            try await renderer.render(LinkRequest(try #require(LinkAddress("http://site.test:1/"))))
        }
        #expect(error?.reason.isEmpty == false)
    }

    @Test func `a page that stops the browser is given up, and its browser ends with all that it left`() async throws {
        let before = try Self.leftovers()
        try await FakeSite.run([
            "/loop": Self.page("while (true) {}"), "/alert": Self.page("alert('stop'); document.title = 'went on'"),
            "/silent": FakeSite.Page(
                headers: ["Content-Type": "text/html"], body: [0x61], repetitions: nil, pause: .seconds(60)),
        ]) { site in
            let loop = try await reason("/loop", on: site, limits: Self.limits(settling: 2, total: 8))
            #expect(loop.contains("8 seconds"))
            let alert = try await render("/alert", on: site)
            #expect(alert.markup.contains("<title>went on</title>"))
            let rendering = Task { try await self.render("/silent", on: site) }
            while !site.paths.contains("/silent") { try await Task.sleep(for: .milliseconds(20)) }
            rendering.cancel()
            await #expect(throws: CancellationError.self) { try await rendering.value }
        }
        #expect(try Self.leftovers() == before)
    }

    @Test func `memory is bounded`() async throws {
        try await FakeSite.run([
            "/": Self.page("fetch('/never')"),
            "/never": FakeSite.Page(body: [0x61], repetitions: nil, pause: .seconds(60)),
        ]) {
            site in
            var limits = Self.limits()
            limits.memory = 100 << 20
            let reason = try await reason("/", on: site, limits: limits)
            #expect(reason == "it takes more than 100 MiB of memory")
        }
    }

    @Test func `a browser that cannot be started, or is none, is said`() async throws {
        let broken = ChromiumRenderer(access: LinkAccess(), launcher: ["/bin/true"])
        let error = await #expect(throws: RenderingError.self) { _ = try await broken.probe() }
        #expect(error?.reason == "the browser ended before the page was there")
        let missing = ChromiumRenderer(access: LinkAccess(), launcher: ["/nonexistent"])
        let other = await #expect(throws: RenderingError.self) { _ = try await missing.probe() }
        #expect(other?.reason == "the browser cannot be started (error 2)")
        let version = try await Self.renderer(allowlist: "").probe()
        #expect(version.hasPrefix("Chrome/"))
    }

    /// Profiles that are there.
    private static func leftovers() throws -> [String] {
        let folder = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
        return try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.hasPrefix("lectern-browser-") }
            .sorted()
    }
}
