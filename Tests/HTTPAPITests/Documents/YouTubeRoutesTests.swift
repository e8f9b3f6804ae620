import Domain
import HTTPTypes
import LinkFetching
import OrderedJSON
import Persistence
import TestSupport
import Testing

/// Videos, whose captions become documents. YouTube is a stand-in over a real socket, which its names are resolved to.
@Suite struct YouTubeRoutesTests {
    private static let id = "aB3-dE_7h1k"
    private static let watch = "/watch?v=\(id)"
    private static let timedText = "/api/timedtext?v=\(id)&lang=en&fmt=json3"

    /// The page of the video as YouTube has it, as far as captions go.
    private static func page(
        captions address: String?, title: String = "Harbours & \\\"ships\\\"", details: String = "",
        status: String = "OK"
    ) -> FakeSite.Page {
        let tracks = address.map { #"{"baseUrl":"\#($0)","languageCode":"en","vssId":".en"}"# } ?? ""
        let player = """
            {"responseContext":{},"playabilityStatus":{"status":"\(status)"\(details)},
            "captions":{"playerCaptionsTracklistRenderer":{"captionTracks":[\(tracks)]}},
            "videoDetails":{"videoId":"\(id)","title":"\(title)","author":"Ada's Films","shortDescription":"About\\nharbours."}}
            """
        return .html(
            "<!DOCTYPE html><html><head><title>x - YouTube</title></head><body><script nonce=\"n\">"
                + "var ytInitialPlayerResponse = \(player);var meta = document.createElement('meta');</script></body></html>"
        )
    }

    private static func captions(_ lines: String...) -> FakeSite.Page {
        let events = lines.enumerated().map { index, line in
            #"{"tStartMs":\#(index * 4000),"dDurationMs":1500,"segs":[{"utf8":"\#(line)"}]}"#
        }
        return .typed("application/json; charset=UTF-8", #"{"events":[\#(events.joined(separator: ","))]}"#)
    }

    /// Runs a server for which every name is that of the stand-in.
    private func run(
        _ pages: [String: FakeSite.Page], _ body: @escaping @Sendable (FakeSite, TestClient) async throws -> Void
    ) async throws {
        try await FakeSite.run(pages) { site in
            let fetcher = HTTPLinkFetcher(
                access: LinkAccess(
                    allowlist: "youtu.be:\(site.port),.youtube.com:\(site.port),youtube.com:\(site.port)"),
                resolver: HostResolver { _ in [IPAddress("127.0.0.1")!] })
            try await TestServer.run(linkFetcher: fetcher) { client in
                try await client.makeWorkspaces("w")
                try await body(site, client)
                #expect(try client.spooled == [])
            }
        }
    }

    private func captionsAddress(_ site: FakeSite) -> String {
        "http:\\/\\/www.youtube.com:\(site.port)\\/api\\/timedtext?v=\(Self.id)\\u0026lang=en"
    }

    private func add(_ link: String, _ client: TestClient, _ others: JSONObject = [:]) async throws -> JSON {
        let body: JSONObject = ["link": .string(link), "addToWorkspaces": "w"]
        return try await client.json(.post, "/v1/document/upload-link", .object(body.merging(others)))
    }

    @Test func `a video becomes a document of what is said in it, with its times`() async throws {
        try await run([Self.timedText: Self.captions("The harbour of Porto", "lies at the Douro.")]) { site, client in
            site.change(Self.watch, to: Self.page(captions: captionsAddress(site)))
            let link = "http://youtu.be:\(site.port)/\(Self.id)"
            let answer = try await add(link, client, ["scraperHeaders": ["X-Key": "s3cret"]])
            #expect(answer["success"] == true && answer["error"] == .null)
            let document = try #require(answer["documents"]?.arrayValue?.first)
            #expect(document["pageContent"] == "The harbour of Porto\n\nlies at the Douro.")
            #expect(document["url"] == .string(link + ".youtube"))
            #expect(document["title"] == "Harbours & \"ships\"" && document["docAuthor"] == "Ada's Films")
            #expect(document["description"] == "About\nharbours." && document["docSource"] == .string(link))
            #expect(document["chunkSource"] == .string("youtube://" + link))
            let location = try #require(document["location"]?.stringValue)
            #expect(location.hasPrefix("ada's-films-youtube-transcripts/Harbours-and-ships-"))
            #expect(site.paths == [Self.watch, Self.timedText])
            // What a client sends is for the origin that it named, which is another one.
            #expect(site.visits.allSatisfy { $0.headers["x-key"] == nil })
            let found = try await client.json(
                .post, "/v1/workspace/w/vector-search", ["query": "Douro", "scoreThreshold": 0])
            let text = found["results"]?.arrayValue?.first?["text"]?.stringValue ?? ""
            #expect(text.contains("source: \(link)\n"))
            let events = try await client.events()
            #expect(events.contains { $0.hasPrefix("api_link_uploaded") && $0.contains(Self.id) })
        }
    }

    @Test func `what the client says of a video counts, and its headers go to the origin that it named`() async throws {
        try await run([
            Self.timedText: .typed("text/xml", #"<transcript><text start="0" dur="1">a&amp;#39;b</text></transcript>"#)
        ]) {
            site, client in
            site.change(Self.watch, to: Self.page(captions: "/api/timedtext?v=\(Self.id)&lang=en&fmt=srv3"))
            let answer = try await add(
                "http://www.youtube.com:\(site.port)/shorts/\(Self.id)", client,
                ["metadata": ["title": "Mine", "docAuthor": "Bo"], "scraperHeaders": ["Cookie": "s3cret"]])
            let document = try #require(answer["documents"]?.arrayValue?.first)
            #expect(document["pageContent"] == "a'b")
            #expect(document["title"] == "Mine" && document["docAuthor"] == "Bo")
            #expect(document["location"]?.stringValue?.hasPrefix("ada's-films-youtube-transcripts/") == true)
            #expect(site.visits.map { $0.headers["cookie"] } == ["s3cret", "s3cret"])
        }
    }

    @Test func `what is wrong with a video is said in the words of the wire`() async throws {
        try await run([Self.timedText: .typed("text/html", "")]) { site, client in
            let failed = "Failed to get YouTube video transcription: "
            let link = "http://www.youtube.com:\(site.port)\(Self.watch)"
            let cases: [(FakeSite.Page, String)] = [
                (Self.page(captions: nil), "No transcript found for that YouTube video."),
                (
                    Self.page(captions: captionsAddress(site)),
                    "No transcript could be parsed for that YouTube video."
                ),
                (
                    Self.page(captions: nil, details: #","reason":"Video unavailable""#, status: "ERROR"),
                    failed + "Video unavailable"
                ),
                (
                    Self.page(captions: "http://127.0.0.1:\(site.port)/inside"),
                    failed + "its captions are not on YouTube's own servers."
                ),
                (
                    Self.page(captions: "http://youtube.com.evil.example/x"),
                    failed + "its captions are not on YouTube's own servers."
                ),
                (Self.page(captions: "/gone"), failed + "HTTP 404: Not Found"),
                (.status(429), failed + "HTTP 429: Too Many Requests"),
                (
                    .html("<html>Before you continue to YouTube</html>"),
                    failed + "the video's page does not say where its captions are. YouTube has changed it, or asks "
                        + "whoever visits it from here for consent or a sign-in."
                ),
            ]
            for (page, message) in cases {
                site.change(Self.watch, to: page)
                let (status, text) = try await client.send(
                    .post, "/v1/document/upload-link", ["link": .string(link)])
                #expect(status == 500)
                #expect(try JSON(parsing: text) == ["success": false, "error": .string(message), "documents": []])
            }
            #expect(!site.paths.contains("/inside"))
            #expect(try await client.server.database.count("SELECT COUNT(*) FROM link") == 0)
        }
    }

    @Test func `captions that redirect away from YouTube are none`() async throws {
        try await run([Self.timedText: .redirect("/moved"), "/moved": Self.captions("x")]) { site, client in
            site.change(Self.watch, to: Self.page(captions: captionsAddress(site)))
            let link = "http://youtube.com:\(site.port)\(Self.watch)"
            #expect(try await add(link, client)["success"] == true)
            site.change(Self.timedText, to: .redirect("http://youtu.be:\(site.port)/moved"))
            let answer = try await add(link, client)
            #expect(
                answer["error"]
                    == "Failed to get YouTube video transcription: its captions are not on YouTube's own servers.")
        }
    }

    @Test func `where YouTube leads inside, nothing is fetched`() async throws {
        try await FakeSite.run([:]) { site in
            let fetcher = HTTPLinkFetcher(
                access: LinkAccess(), resolver: HostResolver { _ in [IPAddress("127.0.0.1")!] })
            try await TestServer.run(linkFetcher: fetcher) { client in
                let answer = try await client.json(
                    .post, "/v1/document/upload-link", ["link": .string("https://youtu.be/\(Self.id)")])
                #expect(answer["error"] == "Not a valid URL.")
                #expect(site.visits.isEmpty)
            }
        }
    }

    @Test func `a video can be watched, and gets the captions that it has later`() async throws {
        try await run([Self.timedText: Self.captions("The pump is red.")]) { site, client in
            site.change(Self.watch, to: Self.page(captions: captionsAddress(site)))
            let link = "http://youtu.be:\(site.port)/\(Self.id)"
            let answer = try await add(link, client, ["watch": true])
            let location = try #require(answer["documents"]?.arrayValue?.first?["location"])
            let listed = { () async throws -> JSON in
                let folder = try await client.json(
                    .get, "/v1/documents/folder/ada's-films-youtube-transcripts")
                return try #require(folder["documents"]?.arrayValue?.first)
            }
            let added = try await listed()
            #expect(added["canWatch"] == true && added["watched"] == true)
            let refresh = { try await client.json(.post, "/v1/document/refresh", ["documents": [location]]) }
            #expect(try await refresh()["documents"]?.arrayValue?.first?["changed"] == false)
            site.change(Self.timedText, to: Self.captions("The pump is green."))
            site.change(Self.watch, to: Self.page(captions: captionsAddress(site), title: "Pumps"))
            let changed = try await refresh()
            #expect(changed["documents"]?.arrayValue?.first?["changed"] == true)
            #expect(changed["documents"]?.arrayValue?.first?["location"] == location)
            let document = try await listed()
            #expect(document["title"] == "Pumps" && document["chunkSource"] == .string("youtube://" + link))
            #expect(document["refresh"]?["lastError"] == .null && document["refresh"]?["failures"] == 0)
            let found = try await client.json(
                .post, "/v1/workspace/w/vector-search", ["query": "pump", "scoreThreshold": 0])
            #expect(found["results"]?.arrayValue?.count == 1)
            #expect(found["results"]?.arrayValue?.first?["text"]?.stringValue?.contains("green") == true)
            // Later it has none, which is said, and the text stays.
            site.change(Self.watch, to: Self.page(captions: nil))
            #expect(try await refresh()["error"] == "No transcript found for that YouTube video.")
            #expect(try await listed()["refresh"]?["failures"] == 1)
        }
    }

    @Test func `a list may hold videos beside pages`() async throws {
        try await run([Self.timedText: Self.captions("spoken"), "/about": .html("<p>written")]) { site, client in
            site.change(Self.watch, to: Self.page(captions: captionsAddress(site)))
            let links = ["/about", "/embed/\(Self.id)"].map { JSON.string("http://www.youtube.com:\(site.port)\($0)") }
            let answer = try await client.json(.post, "/v1/document/upload-links", ["links": .array(links)])
            #expect(answer["documents"]?.arrayValue?.map { $0["pageContent"] } == ["written", "spoken"])
        }
    }
}
