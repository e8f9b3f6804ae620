import HTTPTypes
import OrderedJSON
import TestSupport
import Testing

/// Several links at once, and what they lead to.
@Suite struct LinkCrawlTests {
    private static let open = ["COLLECTOR_ALLOW_ANY_IP": "true"]

    private static func page(_ text: String, _ links: String...) -> FakeSite.Page {
        .html("<html><p>\(text)</p>" + links.map { "<a href='\($0)'>x</a>" }.joined())
    }

    private func add(_ body: JSON, _ client: TestClient) async throws -> JSON {
        try await client.json(.post, "/v1/document/upload-links", body)
    }

    private func paths(_ answer: JSON, _ site: FakeSite) -> [String] {
        (answer["links"]?.arrayValue ?? []).map { link in
            (link["link"]?.stringValue ?? "").replacing(site.address, with: "") + (link["success"] == true ? "" : "!")
        }
    }

    @Test func `each link of a list has an answer of its own`() async throws {
        try await FakeSite.run(["/a": Self.page("one"), "/b": Self.page("two")]) { site in
            try await TestServer.run(environment: Self.open) { client in
                try await client.makeWorkspaces("w")
                let links = ["/a", "/missing", "/b"].map { JSON.string(site.address + $0) }
                let answer = try await add(["links": .array(links), "addToWorkspaces": "w"], client)
                #expect(paths(answer, site) == ["/a", "/missing!", "/b"])
                #expect(answer["success"] == true)
                #expect(answer["error"] == "1 of 3 links could not be fetched or read.")
                #expect(answer["links"]?.arrayValue?[1]["error"] == "HTTP 404: Not Found")
                #expect(answer["documents"]?.arrayValue?.map { $0["pageContent"] } == ["one", "two"])
                #expect(answer["embedding"]?.arrayValue?.count == 2)
                let listed = answer["links"]?.arrayValue?.first?["documents"]?.arrayValue?.first
                #expect(listed == answer["documents"]?.arrayValue?.first?["location"])
                // A list asks nobody's robots.txt.
                #expect(Set(site.paths) == ["/a", "/missing", "/b"])
            }
        }
    }

    @Test func `pages are followed as deep as was asked for, on their site, as far as robots may`() async throws {
        try await FakeSite.run([:]) { elsewhere in
            let pages: [String: FakeSite.Page] = [
                "/": Self.page("start", "/a", "/secret", "\(elsewhere.address)/x", "/#top"),
                "/a": Self.page("a", "b", "/"), "/b": Self.page("b", "c"), "/c": Self.page("c"),
                "/robots.txt": .typed("text/plain", "User-agent: *\nDisallow: /secret"),
            ]
            try await FakeSite.run(pages) { site in
                try await TestServer.run(environment: Self.open) { client in
                    let link = JSON.string(site.address + "/")
                    let one = try await add(["link": link, "depth": 1], client)
                    #expect(paths(one, site) == ["", "/a", "/secret!"])
                    #expect(one["links"]?.arrayValue?.last?["error"]?.stringValue?.contains("robots.txt") == true)
                    let two = try await add(["link": link, "depth": 2, "maxLinks": 3], client)
                    #expect(two["links"]?.arrayValue?.count == 3)
                    #expect(!site.paths.contains("/secret") && elsewhere.visits.isEmpty)
                    #expect(site.paths.count { $0 == "/robots.txt" } == 2)
                }
            }
        }
    }

    @Test func `sitemaps and feeds are read for what they list`() async throws {
        try await FakeSite.run(["/a": Self.page("a"), "/b": Self.page("b")]) { site in
            let entry = { (path: String) in "<url><loc>\(site.address)\(path)</loc></url>" }
            site.change("/sitemap.xml", to: .typed("application/xml", "<urlset>\(entry("/a"))\(entry("/b"))</urlset>"))
            site.change(
                "/index.xml",
                to: .typed(
                    "text/xml",
                    "<sitemapindex><sitemap><loc>\(site.address)/sitemap.xml</loc></sitemap></sitemapindex>"))
            site.change(
                "/feed", to: .typed("application/rss+xml", "<rss><item><link>\(site.address)/b</link></item></rss>"))
            try await TestServer.run(environment: Self.open) { client in
                let whole = try await add(["link": .string(site.address + "/index.xml")], client)
                #expect(paths(whole, site) == ["/a", "/b"])
                let feed = try await add(["link": .string(site.address + "/feed")], client)
                #expect(paths(feed, site) == ["/b"])
            }
        }
    }

    @Test func `a crawl carries headers to the named origin alone`() async throws {
        try await FakeSite.run(["/x": Self.page("x")]) { elsewhere in
            let list = "<urlset><url><loc>\(elsewhere.address)/x</loc></url></urlset>"
            try await FakeSite.run(["/sitemap.xml": .typed("text/xml", list)]) { site in
                try await TestServer.run(environment: Self.open) { client in
                    let answer = try await add(
                        ["link": .string(site.address + "/sitemap.xml"), "scraperHeaders": ["Cookie": "s3cret"]], client
                    )
                    #expect(answer["success"] == true)
                    #expect(site.visits.map { $0.headers["cookie"] } == ["s3cret"])
                    #expect(elsewhere.visits.allSatisfy { $0.headers["cookie"] == nil })
                }
            }
        }
    }

    @Test func `what cannot be a list is refused`() async throws {
        try await TestServer.run(environment: ["LECTERN_LINK_MAX_PAGES": "2"]) { client in
            for (body, status) in [
                ([:], 422), (["links": []], 422), (["links": [1]], 422), (["links": ["file:///x"]], 500),
                (["links": ["http://a", "http://b", "http://c"]], 500), (["links": ["http://u:p@a", "http://b"]], 500),
            ] as [(JSON, Int)] {
                let answer = try await client.send(.post, "/v1/document/upload-links", body)
                #expect(answer.status == status, "\(body.text)")
            }
        }
    }
}
