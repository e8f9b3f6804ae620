import Domain
import Engine
import Foundation
import HTTPAPI
import HTTPTypes
import OrderedJSON
import Persistence
import TestSupport
import Testing

/// Links, from the request to the documents, over real sockets.
@Suite struct LinkRoutesTests {
    private static let open = ["COLLECTOR_ALLOW_ANY_IP": "true"]
    private static let page = """
        <html><head><title>About harbours</title><meta name="author" content="Ada"></head>
        <body><nav>menu</nav><h1>Harbours</h1><p>The harbour of Porto lies at the mouth of the Douro.</p></body></html>
        """

    @Test func `a page becomes a document that is found, and says where it is from`() async throws {
        try await FakeSite.run(["/docs/porto": .html(Self.page)]) { site in
            try await TestServer.run(environment: Self.open) { client in
                try await client.makeWorkspaces("w")
                let answer = try await client.json(
                    .post, "/v1/document/upload-link",
                    [
                        "link": .string(site.address + "/docs/porto"), "addToWorkspaces": "w",
                        "scraperHeaders": ["X-Key": "s3cret", "Host": "evil", "X-Empty": ""],
                    ])
                #expect(answer["success"] == true && answer["error"] == .null)
                let document = try #require(answer["documents"]?.arrayValue?.first)
                #expect(document["pageContent"] == "# Harbours\n\nThe harbour of Porto lies at the mouth of the Douro.")
                #expect(document["url"] == "file://127.0.0.1_docs_porto.html")
                #expect(document["title"] == "127.0.0.1_docs_porto.html")
                #expect(document["docAuthor"] == "Ada" && document["description"] == "About harbours")
                #expect(document["docSource"] == "URL link uploaded by the user.")
                #expect(document["chunkSource"] == .string("link://\(site.address)/docs/porto"))
                #expect(
                    document["location"]?.stringValue?.hasPrefix("custom-documents/url-127.0.0.1_docs_porto-") == true)
                #expect(answer["embedding"]?.arrayValue?.first?["embedded"] == true)
                #expect(site.visits.map { $0.headers["x-key"] } == ["s3cret"])
                #expect(site.visits[0].headers["x-empty"] == nil && site.visits[0].headers["host"] != "evil")
                let events = try await client.server.database.read("SELECT name, metadata FROM event") { row in
                    try "\(row.get("name", as: String.self)) \(row.get("metadata", as: String.self))"
                }
                #expect(events.contains(#"api_link_uploaded {"link":"\#(site.address)/docs/porto"}"#))
                let payloads = try await client.server.database.read("SELECT payload FROM job") { row in
                    try row.get("payload", as: String.self)
                }
                #expect(payloads.count == 1 && !payloads[0].contains("s3cret"))
            }
        }
    }

    @Test func `a file keeps its kind, its origin and what the client says of it`() async throws {
        try await FakeSite.run(["/data/Prices": .bytes("application/json", Array(#"{"apple": 3}"#.utf8))]) { site in
            try await TestServer.run(environment: Self.open) { client in
                let answer = try await client.json(
                    .post, "/v1/document/upload-link",
                    [
                        "link": .string(site.address + "/data/Prices"),
                        "metadata": ["docAuthor": "Bo", "title": "Prices"],
                    ])
                let document = try #require(answer["documents"]?.arrayValue?.first)
                #expect(document["title"] == "Prices" && document["docAuthor"] == "Bo")
                #expect(document["url"] == "file://127.0.0.1-data-prices.json")
                #expect(document["docSource"] == .string(site.address + "/data/Prices"))
                #expect(document["chunkSource"] == .string("link://\(site.address)/data/Prices"))
                #expect(document["pageContent"]?.stringValue?.contains("apple") == true)
            }
        }
    }

    @Test func `links of a page start from where it was in the end, and pages with the same bytes share none`()
        async throws
    {
        let page = FakeSite.Page.html("<p>See <a href='next'>on</a>")
        let pages = ["/a/": page, "/b/": page, "/b/?q": page, "/old": FakeSite.Page.redirect("/b/")]
        try await FakeSite.run(pages) { site in
            try await TestServer.run(environment: Self.open) { client in
                var texts: [JSON?] = []
                for path in ["/a/", "/old", "/b/?q"] {
                    let answer = try await client.json(
                        .post, "/v1/document/upload-link", ["link": .string(site.address + path)])
                    texts.append(answer["documents"]?.arrayValue?.first?["pageContent"])
                }
                let text = { (folder: String) in JSON.string("See [on](\(site.address)/\(folder)/next)") }
                #expect(texts == [text("a"), text("b"), text("b")])
                #expect(try await client.server.database.count("SELECT COUNT(*) FROM content") == 2)
            }
        }
    }

    @Test func `a page that sends its readers on is followed, as far as every hop may be`() async throws {
        let sending = { (target: String) in
            FakeSite.Page.html("<head><meta http-equiv=Refresh content=\"0; URL='\(target)'\"></head>Wait")
        }
        let pages = [
            "/": sending("docs/"), "/docs/": sending("/docs/porto"), "/docs/porto": .html(Self.page),
            "/loop": sending("/pool"), "/pool": sending("/loop"), "/inside": sending("http://10.0.0.1/"),
            "/file": sending("/data"),
            "/data": .bytes(
                "application/octet-stream", Array("name,price\npear,3\n".utf8),
                headers: ["Content-Disposition": "attachment; filename*=UTF-8''Preis%20%E2%82%AC.CSV"]),
        ]
        try await FakeSite.run(pages) { site in
            try await TestServer.run(environment: ["LECTERN_LINK_ALLOWLIST": "127.0.0.1:\(site.port)"]) { client in
                let upload = { @Sendable (path: String) in
                    try await client.json(
                        .post, "/v1/document/upload-link",
                        ["link": .string(site.address + path), "scraperHeaders": ["X-Key": "s3cret"]])
                }
                let document = try await upload("/")["documents"]?.arrayValue?.first
                #expect(document?["description"] == "About harbours")
                #expect(document?["chunkSource"] == .string("link://\(site.address)"))
                #expect(site.visits.map { $0.headers["x-key"] } == ["s3cret", "s3cret", "s3cret"])
                #expect(try await upload("/loop")["documents"]?.arrayValue?.first?["pageContent"] == "Wait")
                #expect(try await upload("/inside")["success"] == false)
                let table = try await upload("/file")["documents"]?.arrayValue?.first
                #expect(table?["title"] == "127.0.0.1-data.csv")
                #expect(table?["pageContent"]?.stringValue?.contains("pear") == true)
            }
        }
    }

    @Test func `the server's word on the character set counts before the page's`() async throws {
        let latin = Array("<meta charset=\"koi8-r\"><p>".utf8) + [0xE9, 0xE8] + Array("</p>".utf8)
        try await FakeSite.run(["/": .bytes("text/html; charset=ISO-8859-1", latin)]) { site in
            try await TestServer.run(environment: Self.open) { client in
                let answer = try await client.json(
                    .post, "/v1/document/upload-link", ["link": .string(site.address)])
                #expect(answer["documents"]?.arrayValue?.first?["pageContent"] == "éè")
            }
        }
    }

    @Test func `what is wrong with a link is said in the words of the wire`() async throws {
        let pages: [String: FakeSite.Page] = [
            "/empty": .html(""), "/gone": .status(410), "/font": .bytes("font/woff", Array("wOFF".utf8) + [0, 1]),
        ]
        try await FakeSite.run(pages) { site in
            try await TestServer.run(environment: Self.open) { client in
                let expected: [(JSON?, String)] = [
                    (nil, "Not a valid URL."), ("", "Not a valid URL."), (.null, "Not a valid URL."),
                    (5, "Not a valid URL."),
                    ("file:///etc/passwd", "Not a valid URL."), ("http://", "Not a valid URL."),
                    (.string(site.address + "/gone"), "HTTP 410: Gone"),
                    (.string(site.address + "/empty"), "No URL content found at \(site.address)/empty."),
                    (
                        .string(site.address + "/font"),
                        "\(site.address)/font leads to a file of a kind that cannot be read."
                    ),
                    (
                        "http://127.0.0.1:1/x",
                        "No URL content found at http://127.0.0.1:1/x. The connection failed."
                    ),
                ]
                for (link, message) in expected {
                    var body: JSONObject = [:]
                    body["link"] = link
                    let (status, text) = try await client.send(.post, "/v1/document/upload-link", .object(body))
                    #expect(status == 500)
                    #expect(try JSON(parsing: text) == ["success": false, "error": .string(message), "documents": []])
                }
                let (status, text) = try await client.send(
                    .post, "/v1/document/upload-link", ["addToWorkspaces": ["w"]])
                #expect(status == 422 && text.contains("Got object"))
                let spool = try FileManager.default.contentsOfDirectory(
                    atPath: client.server.services.library.ingestion.spool.path)
                #expect(spool == [])
            }
        }
    }

    @Test func `A8: without the setting nothing of this machine is fetched, and nothing tells whether it is there`()
        async throws
    {
        try await FakeSite.run(["/": .html(Self.page)]) { site in
            try await TestServer.run { client in
                for link in [site.address, "http://127.0.0.1:1", "http://localhost/", "http://[::1]/"] {
                    let answer = try await client.json(.post, "/v1/document/upload-link", ["link": .string(link)])
                    #expect(answer["error"] == "Not a valid URL.", "\(link)")
                }
                #expect(site.visits.isEmpty)
            }
            let allowlist = ["LECTERN_LINK_ALLOWLIST": "127.0.0.1:\(site.port)"]
            try await TestServer.run(environment: allowlist) { client in
                let answer = try await client.json(.post, "/v1/document/upload-link", ["link": .string(site.address)])
                #expect(answer["success"] == true)
            }
        }
    }

    @Test func `A9: a password in an address goes to its host, and is seen nowhere else`() async throws {
        try await FakeSite.run(["/": .html(Self.page)]) { site in
            try await TestServer.run(environment: Self.open) { client in
                let (_, text) = try await client.send(
                    .post, "/v1/document/upload-link", ["link": .string("http://ada:hunter2@127.0.0.1:\(site.port)/")])
                #expect(try JSON(parsing: text)["success"] == true)
                #expect(site.visits.map { $0.headers["authorization"] } == ["Basic YWRhOmh1bnRlcjI="])
                let stored = try await client.server.database.read(
                    """
                    SELECT payload || COALESCE(result, '') AS text FROM job UNION ALL SELECT metadata FROM event
                    UNION ALL SELECT chunk_source || url || source FROM document
                    """
                ) { try $0.get("text", as: String.self) }
                #expect(([text] + stored).allSatisfy { !$0.contains("hunter2") && !$0.contains("YWRhOmh1bnRlcjI=") })
            }
        }
    }

    @Test func `a link is a job that a crash does not lose, and that makes one document`() async throws {
        try await FakeSite.run(["/": .html(Self.page)]) { site in
            try await TestServer.withDirectory { directory in
                let server = try await TestServer(directory: directory, environment: Self.open)
                let wishes = IngestionService.Wishes(metadata: DocumentMetadata(), workspaces: [], isAwaited: true)
                let links = server.services.library.links
                let job = try await links.submit(site.address, LinkService.Wishes(), wishes, by: .system)
                // Nothing has run yet, as after a crash. Then it runs, and once more.
                #expect(try await JobStore(server.database).find(id: job.id)?.work == job.work)
                try await withThrowingTaskGroup(of: Void.self) { group in
                    group.addTask { try await server.services.administration.jobs.run() }
                    let result = try await server.services.library.ingestion.result(of: job)
                    #expect(result.documents.count == 1)
                    let again = Job(job.work, by: .system)
                    try await server.services.administration.jobs.submit(again)
                    let second = try await server.services.library.ingestion.result(of: again)
                    #expect(second.documents.map(\.document.id) == result.documents.map(\.document.id))
                    group.cancelAll()
                }
                #expect(site.visits.count == 1)
            }
        }
    }

    @Test func `nobody need wait`() async throws {
        try await FakeSite.run(["/": .html(Self.page)]) { site in
            try await TestServer.run(environment: Self.open) { client in
                for path in ["upload-link", "upload-links"] {
                    let (status, text) = try await client.send(
                        .post, "/v1/document/\(path)?async=true", ["link": .string(site.address)])
                    #expect(status == 202)
                    let id = try #require(try JSON(parsing: text)["jobId"]?.stringValue)
                    _ = try await client.server.services.administration.jobs.outcome(of: id)
                    let job = try await client.json(.get, "/v1/jobs/\(id)")["job"]
                    #expect(job?["state"] == "succeeded")
                    let documents =
                        job?["result"]?["documents"] ?? job?["result"]?["links"]?.arrayValue?.first?["documents"]
                    #expect(documents?.arrayValue?.count == 1)
                }
            }
        }
    }
}
