import Domain
import Engine
import HTTPAPI
import HTTPTypes
import OrderedJSON
import Persistence
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

    @Test func `what of a list is no link has an error of its own, and the others become documents`() async throws {
        try await FakeSite.run(["/a": Self.page("one"), "/b": Self.page("two")]) { site in
            try await TestServer.run(environment: Self.open) { client in
                let sent: [JSON] = [
                    5, .string("\(site.address)/a"), "file:///etc/passwd", .null, "ftp://ada:hunter2@host/x", " ",
                    .string("http://ada:hunter2@127.0.0.1:\(site.port)/c"), .string("\(site.address)/b"),
                ]
                let links = JSON.array(sent)
                let answer = try await add(["links": links], client)
                let rows = answer["links"]?.arrayValue ?? []
                let shown: [String] = [
                    "5", "\(site.address)/a", "file:///etc/passwd", "null", "ftp://host/x", " ", "\(site.address)/c",
                    "\(site.address)/b",
                ]
                #expect(rows.map { $0["link"]?.stringValue ?? "" } == shown)
                let wrong = "Not a valid URL."
                let alone = "A link with a user name and a password must be sent alone."
                let errors: [String] = [wrong, "", wrong, wrong, wrong, wrong, alone, ""]
                #expect(rows.map { $0["error"]?.stringValue ?? "" } == errors)
                #expect(answer["success"] == true && answer["error"] == "6 of 8 links could not be fetched or read.")
                #expect(answer["documents"]?.arrayValue?.map { $0["pageContent"] } == ["one", "two"])
                #expect(Set(site.paths) == ["/a", "/b"])
                // A job remembers them, too, and no password.
                let (status, text) = try await client.send(
                    .post, "/v1/document/upload-links?async=true", ["links": links])
                #expect(status == 202)
                let id = try #require(try JSON(parsing: text)["jobId"]?.stringValue)
                let outcome = try await client.server.services.administration.jobs.outcome(of: id)
                guard case .crawl(let crawl) = outcome else {
                    Issue.record("It was no crawl")
                    return
                }
                #expect(crawl.links.count == 8 && crawl.links[0].error == "Not a valid URL.")
                let stored = try await client.server.database.read("SELECT payload FROM job") {
                    try $0.get("payload", as: String.self)
                }
                #expect(stored.allSatisfy { !$0.contains("hunter2") })
                // Where nothing is left, there is nothing to wait for.
                for path in ["", "?async=yes"] {
                    let (status, text) = try await client.send(
                        .post, "/v1/document/upload-links" + path, ["links": [1, "file:///x"]])
                    let answer = try JSON(parsing: text)
                    #expect(status == 200 && answer["success"] == false)
                    let errors = (answer["links"]?.arrayValue ?? []).map { $0["error"]?.stringValue }
                    #expect(errors == [wrong, wrong])
                }
            }
        }
    }

    @Test func `what cannot be a list is refused`() async throws {
        try await TestServer.run(environment: ["LECTERN_LINK_MAX_PAGES": "2"]) { client in
            for (body, status) in [
                ([:], 422), (["links": []], 422), (["links": 1], 422), (["link": " "], 422),
                (["links": ["http://a", "http://b", "http://c"]], 500),
            ] as [(JSON, Int)] {
                let answer = try await client.send(.post, "/v1/document/upload-links", body)
                #expect(answer.status == status, "\(body.text)")
            }
        }
    }

    @Test func `depth and maxLinks are whole numbers within their limits`() async throws {
        try await FakeSite.run(["/a": Self.page("one")]) { site in
            let environment = Self.open.merging(["LECTERN_LINK_MAX_PAGES": "20"]) { $1 }
            try await TestServer.run(environment: environment) { client in
                let wrong: [(String, [JSON], String)] = [
                    ("depth", [-1, 6, 1.5, "two", true, [], "1e1"], "depth must be a whole number from 0 to 5."),
                    (
                        "maxLinks", [0, -3, 21, 2.5, "many", [:], 9e99],
                        "maxLinks must be a whole number from 1 to 20."
                    ),
                ]
                for (name, values, message) in wrong {
                    for value in values {
                        var body: JSONObject = ["link": .string(site.address + "/a")]
                        body[name] = value
                        let (status, text) = try await client.send(
                            .post, "/v1/document/upload-links", .object(body))
                        #expect(status == 400, "\(name) \(value.text)")
                        #expect(try JSON(parsing: text)["error"] == .string(message))
                    }
                }
                #expect(site.visits.isEmpty)
                let right: [(JSON, JSON)] = [(0, 1), (.null, .null), ("1", "20"), (1.0, 3)]
                for (depth, maximum) in right {
                    let body: JSON = ["link": .string(site.address + "/a"), "depth": depth, "maxLinks": maximum]
                    #expect(try await add(body, client)["success"] == true)
                }
            }
        }
    }

    @Test(arguments: [
        "document/upload", "document/upload/f", "document/raw-text", "document/upload-link", "document/upload-links",
        "document/refresh", "workspace/w/update-embeddings",
    ])
    func `whether anybody waits is said clearly, or it is refused`(path: String) async throws {
        try await TestServer.run { client in
            try await client.makeWorkspaces("w")
            for value in ["maybe", "2", "tru", "%20"] {
                let (status, text) = try await client.send(.post, "/v1/\(path)?async=\(value)", [:])
                #expect(status == 400)
                #expect(try JSON(parsing: text)["error"] == "async must be true or false.")
            }
        }
    }
}
