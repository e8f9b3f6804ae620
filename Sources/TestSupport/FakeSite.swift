import HTTPTypes
import Hummingbird
import NIOCore

/// A stand-in for somebody's web site, over a real loopback socket.
///
///     try await FakeSite.run(["/": .html("<p>Hello</p>"), "/old": .redirect("/")]) { site in
///         … \(site.address)/old is fetched …
///         #expect(site.paths == ["/old", "/"])
///     }
package final class FakeSite: Sendable {
    package struct Page: Sendable {
        package var status: Int
        package var headers: [String: String]
        package var body: [UInt8]
        /// How often the body is sent; `nil` for without an end.
        package var repetitions: Int?
        /// Between two of these.
        package var pause: Duration?

        package init(
            status: Int = 200, headers: [String: String] = [:], body: [UInt8] = [], repetitions: Int? = 1,
            pause: Duration? = nil
        ) {
            self.status = status
            self.headers = headers
            self.body = body
            self.repetitions = repetitions
            self.pause = pause
        }

        package static func html(_ text: String) -> Page { typed("text/html; charset=utf-8", text) }

        package static func typed(_ type: String, _ text: String) -> Page { bytes(type, Array(text.utf8)) }

        package static func bytes(_ type: String, _ bytes: [UInt8], headers: [String: String] = [:]) -> Page {
            Page(headers: headers.merging(["Content-Type": type]) { $1 }, body: bytes)
        }

        package static func redirect(_ location: String, status: Int = 302) -> Page {
            Page(status: status, headers: ["Location": location])
        }

        package static func status(_ status: Int) -> Page { Page(status: status) }

        /// The same with an entity tag and a date: who asks with one of them is told that nothing has changed.
        package func tagged(_ tag: String, modified date: String? = nil) -> Page {
            var page = self
            page.headers["ETag"] = "\"\(tag)\""
            page.headers["Last-Modified"] = date
            return page
        }

        fileprivate func isKnown(to headers: [String: String]) -> Bool {
            let pairs = [("ETag", "if-none-match"), ("Last-Modified", "if-modified-since")]
            return pairs.contains { own, asked in self.headers[own].map { headers[asked] == $0 } ?? false }
        }
    }

    package struct Visit: Sendable {
        package let path: String
        /// Names in lower case.
        package let headers: [String: String]
    }

    package let port: Int
    private let pages: Observed<[String: Page]>
    private let visited = Observed<[Visit]>([])

    private init(_ pages: [String: Page], port: Int) {
        self.pages = Observed(pages)
        self.port = port
    }

    package var address: String { "http://127.0.0.1:\(port)" }
    package var visits: [Visit] { visited.value }
    package var paths: [String] { visits.map(\.path) }

    package func change(_ path: String, to page: Page) { pages.change { $0[path] = page } }

    package static func run<Result>(
        _ pages: [String: Page], _ body: (FakeSite) async throws -> Result
    ) async throws -> Result {
        let running = Observed<FakeSite?>(nil)
        return try await LoopbackServer.run { request in
            guard let site = running.value else { throw HTTPError(.serviceUnavailable) }
            return site.respond(to: request)
        } _: { port in
            let site = FakeSite(pages, port: port)
            running.change { $0 = site }
            return try await body(site)
        }
    }

    private func respond(to request: Request) -> Response {
        var headers: [String: String] = [:]
        for field in request.headers { headers[field.name.canonicalName] = field.value }
        let visit = Visit(path: request.uri.string, headers: headers)
        visited.change { $0.append(visit) }
        let found = pages.value[request.uri.string] ?? .status(404)
        let page = found.isKnown(to: headers) ? .status(304) : found
        var fields = HTTPFields()
        for (name, value) in page.headers { if let name = HTTPField.Name(name) { fields[name] = value } }
        let bytes = ByteBuffer(bytes: page.body)
        let body =
            page.repetitions == 1
            ? ResponseBody(byteBuffer: bytes)
            : ResponseBody { writer in
                var count = 0
                while page.repetitions.map({ count < $0 }) ?? true {
                    try await writer.write(bytes)
                    count += 1
                    if let pause = page.pause { try await Task.sleep(for: pause) }
                }
                try await writer.finish(nil)
            }
        return Response(status: .init(code: page.status), headers: fields, body: body)
    }
}
