import Domain
import Engine
import Foundation
import HTTPAPI
import HTTPTypes
import OrderedJSON
import TestSupport
import Testing

/// Links whose pages a browser renders; the browser is a stand-in.
@Suite struct RenderedLinkTests {
    private static let open = ["COLLECTOR_ALLOW_ANY_IP": "true"]

    @Test func `a page is what the browser makes of it, and a file is none of its business`() async throws {
        try await FakeSite.run([
            "/": .html("<div id=app></div>"), "/data": .bytes("application/json", Array(#"{"a": 1}"#.utf8)),
        ]) { site in
            let browser = StandInBrowser { request in
                RenderedPage(
                    address: request.address,
                    markup: "<html><head><title>Ü</title></head><body><p>Größe</p></body></html>")
            }
            try await TestServer.run(environment: Self.open, pageRenderer: browser) { client in
                let answer = try await client.json(
                    .post, "/v1/document/upload-link",
                    ["link": .string(site.address), "scraperHeaders": ["X-Key": "s3cret"]])
                let document = try #require(answer["documents"]?.arrayValue?.first)
                #expect(document["pageContent"] == "Größe" && document["description"] == "Ü")
                #expect(document["chunkSource"] == .string("link://\(site.address)"))
                #expect(answer["warnings"] == nil)
                _ = try await client.json(.post, "/v1/document/upload-link", ["link": .string(site.address + "/data")])
                #expect(browser.requests.value.map(\.address.text) == [site.address])
                #expect(browser.requests.value.first?.headers.map(\.value) == ["s3cret"])
                #expect(try client.spooled == [])
            }
        }
    }

    @Test func `where the browser fails, the page is read as it was fetched, and the answer says so`() async throws {
        try await FakeSite.run(["/": .html("<p>plain</p>"), "/gone": .status(404)]) { site in
            let browser = StandInBrowser { _ in throw RenderingError("it takes longer than 90 seconds") }
            try await TestServer.run(environment: Self.open, pageRenderer: browser) { client in
                let warning = "\(site.address) was read without its scripts: it takes longer than 90 seconds."
                let answer = try await client.json(.post, "/v1/document/upload-link", ["link": .string(site.address)])
                #expect(answer["documents"]?.arrayValue?.first?["pageContent"] == "plain")
                #expect(answer["warnings"] == [.string(warning)])
                let list = try await client.json(.post, "/v1/document/upload-links", ["links": [.string(site.address)]])
                #expect(list["links"]?.arrayValue?.first?["warnings"] == [.string(warning)])
                let gone = try await client.json(
                    .post, "/v1/document/upload-link", ["link": .string(site.address + "/gone")])
                #expect(gone["error"] == "HTTP 404: Not Found")
                #expect(browser.requests.value.count == 2)
                #expect(try client.spooled == [])
            }
        }
    }

    @Test func `a crawl follows the links that scripts have made`() async throws {
        try await FakeSite.run([
            "/": .html("<script></script>"), "/next": .html("<p>next</p>"), "/robots.txt": .status(404),
        ]) { site in
            let browser = StandInBrowser { request in
                let isFirst = request.address.path == "/"
                return RenderedPage(
                    address: request.address, markup: isFirst ? "<p>first</p><a href='/next'>on</a>" : "<p>next</p>")
            }
            try await TestServer.run(environment: Self.open, pageRenderer: browser) { client in
                let answer = try await client.json(
                    .post, "/v1/document/upload-links", ["link": .string(site.address), "depth": 1])
                let texts = answer["documents"]?.arrayValue?.compactMap { $0["pageContent"]?.stringValue } ?? []
                #expect(texts.contains("next") && texts.contains { $0.hasPrefix("first") })
            }
        }
    }
}

/// Makes of pages what it is told.
private struct StandInBrowser: PageRenderer {
    let requests = Observed<[LinkRequest]>([])
    private let page: @Sendable (LinkRequest) throws -> RenderedPage

    init(_ page: @escaping @Sendable (LinkRequest) throws -> RenderedPage) { self.page = page }

    func render(_ request: LinkRequest) async throws -> RenderedPage {
        requests.change { $0.append(request) }
        return try page(request)
    }
}

extension TestClient {
    /// Files that wait in the spool.
    var spooled: [String] {
        get throws {
            try FileManager.default.contentsOfDirectory(atPath: server.services.library.ingestion.spool.path)
        }
    }
}
