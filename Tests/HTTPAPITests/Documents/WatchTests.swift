import Domain
import Engine
import Foundation
import HTTPAPI
import HTTPTypes
import OrderedJSON
import Persistence
import Synchronization
import TestSupport
import Testing

/// Documents of links that are to be what is behind their addresses now, over real sockets.
@Suite(.timeLimit(.minutes(2))) struct WatchTests {
    private static let open = ["COLLECTOR_ALLOW_ANY_IP": "true"]

    private func page(_ paragraphs: String...) -> FakeSite.Page {
        .html("<html><body>" + paragraphs.map { "<p>\($0)</p>" }.joined() + "</body></html>")
    }

    /// Adds what is at a path of the site to the workspace `w`; gives its location.
    private func add(
        _ path: String, of site: FakeSite, with more: JSONObject = [:], _ client: TestClient
    ) async throws -> JSON {
        let body: JSONObject = ["link": .string(site.address + path), "addToWorkspaces": "w"]
        let answer = try await client.json(.post, "/v1/document/upload-link", .object(body.merging(more)))
        #expect(answer["embedding"]?.arrayValue?.allSatisfy { $0["embedded"] == true } == true)
        return try #require(answer["documents"]?.arrayValue?.first?["location"])
    }

    private func refresh(_ locations: JSON..., by client: TestClient) async throws -> JSON {
        try await client.json(.post, "/v1/document/refresh", ["documents": .array(locations)])
    }

    private func document(_ location: JSON, _ client: TestClient) async throws -> JSON {
        let path = location.stringValue?.replacing("/", with: "%2F") ?? ""
        return try await client.json(.get, "/v1/document/\(path)")["document"] ?? .null
    }

    private func texts(_ query: String, in workspace: String = "w", _ client: TestClient) async throws -> [String] {
        let found = try await client.json(
            .post, "/v1/workspace/\(workspace)/vector-search",
            ["query": .string(query), "topN": 20, "scoreThreshold": 0])
        return found["results"]?.arrayValue?.compactMap { $0["chunk"]?.stringValue } ?? []
    }

    private func makeWorkspaces(_ client: TestClient, _ names: String...) async throws {
        for name in names {
            _ = try await client.json(.post, "/v1/workspace/new", ["name": .string(name), "similarityThreshold": 0])
        }
    }

    // MARK: Refreshing

    @Test func `a page that has changed is found by its new text, in all its workspaces`() async throws {
        try await FakeSite.run(["/a": page("The pump is red.")]) { site in
            try await TestServer.run(environment: Self.open) { client in
                try await makeWorkspaces(client, "w", "v")
                let location = try await add("/a", of: site, with: ["addToWorkspaces": "w,v"], client)
                let before = try await document(location, client)
                #expect(before["canWatch"] == true && before["watched"] == false)
                #expect(before["refresh"]?["lastChecked"] == .null && before["refresh"]?["failures"] == 0)
                let same = try await refresh(location, by: client)
                #expect(same["success"] == true && same["documents"]?.arrayValue?.first?["changed"] == false)

                site.change("/a", to: page("The pump is green.", "It was painted on Monday."))
                let answer = try await refresh(location, by: client)
                #expect(
                    answer["documents"] == [
                        [
                            "location": location, "link": .string(site.address + "/a"), "changed": true, "error": nil,
                        ]
                    ])
                for workspace in ["w", "v"] {
                    let found = try await texts("pump", in: workspace, client)
                    #expect(found.count == 1 && found.first?.contains("green") == true)
                }
                let after = try await document(location, client)
                #expect(after["wordCount"] == 9 && before["wordCount"] == 4)
                #expect(after["id"] == before["id"] && after["title"] == before["title"] && after["docId"] == nil)
                for key in ["lastChecked", "lastChanged"] {
                    #expect(after["refresh"]?[key]?.stringValue?.hasSuffix("Z") == true)
                }
                let database = client.server.database
                #expect(try await database.count("SELECT COUNT(*) FROM content") == 1)
                #expect(try await database.count("SELECT COUNT(*) FROM chunk_set") == 1)
                let events = try await client.events().filter { $0.hasPrefix("document_refreshed") }
                #expect(events.count == 1 && events[0].contains("\(site.address)/a"))
                // A job tells it, too.
                let jobs = try await client.json(.get, "/v1/jobs?limit=1")["jobs"]?.arrayValue?.first
                #expect(jobs?["kind"] == "refresh")
                #expect(jobs?["result"]?["documents"]?.arrayValue?.first?["changed"] == true)
            }
        }
    }

    @Test func `what has not changed is not parsed and not embedded, and where it can be not fetched`() async throws {
        let embedder = CountingEmbedder()
        try await FakeSite.run(["/tagged": page("One text.").tagged("v1"), "/plain": page("Another text.")]) { site in
            try await TestServer.run(environment: Self.open, makeEmbedder: { _ in embedder }) { client in
                try await makeWorkspaces(client, "w")
                let tagged = try await add("/tagged", of: site, client)
                let plain = try await add("/plain", of: site, client)
                let embedded = embedder.passages.count
                let contents = try await client.server.database.count("SELECT COUNT(*) FROM content")
                let answer = try await refresh(tagged, plain, by: client)
                #expect(answer["documents"]?.arrayValue?.map { $0["changed"] } == [false, false])
                // Both are checked at once.
                let tags = site.visits.suffix(2).map { ($0.path, $0.headers["if-none-match"]) }
                #expect(Dictionary(tags) { first, _ in first } == ["/tagged": "\"v1\"", "/plain": nil])
                // The bytes are others, the text is the same.
                site.change("/plain", to: .html("<html><!-- 4711 --><body><p>Another text.</p></body></html>"))
                site.change("/tagged", to: page("One text.").tagged("v2"))
                let again = try await refresh(tagged, plain, by: client)
                #expect(again["documents"]?.arrayValue?.map { $0["changed"] } == [false, false])
                #expect(embedder.passages.count == embedded)
                #expect(try await client.server.database.count("SELECT COUNT(*) FROM content") == contents)
                #expect(try await document(plain, client)["refresh"]?["lastChanged"] == .null)
                _ = try await refresh(tagged, by: client)
                #expect(site.visits.last?.headers["if-none-match"] == "\"v2\"")
            }
        }
    }

    @Test func `chunks whose text has not changed keep their embeddings`() async throws {
        let embedder = CountingEmbedder()
        let texts = (0..<12).map { "Harbour and light of place \($0)" }
        var changed = texts
        changed[5] = "Something else"
        try await FakeSite.run(["/book": book(texts)]) { [changed] site in
            try await TestServer.run(environment: Self.open, makeEmbedder: { _ in embedder }) { client in
                try await makeWorkspaces(client, "w")
                let location = try await add("/book", of: site, client)
                let all = embedder.passages.count
                #expect(all > 12)
                site.change("/book", to: book(changed))
                let answer = try await refresh(location, by: client)
                #expect(answer["documents"]?.arrayValue?.first?["changed"] == true)
                let new = embedder.passages.dropFirst(all)
                #expect((1...4).contains(new.count) && new.contains { $0.contains("Something else") })
                let found = try await self.texts("Something else", client)
                #expect(found.first?.contains("Something else") == true)
                #expect(try await client.server.database.count("SELECT COUNT(*) FROM chunk_embedding") > 12)
            }
        }
    }

    private func book(_ texts: [String]) -> FakeSite.Page {
        let chapters = texts.enumerated().map { number, text in
            "<h1>Chapter \(number)</h1><p>" + String(repeating: "\(text) \(number). ", count: 40) + "</p>"
        }
        return .html("<html><body>\(chapters.joined())</body></html>")
    }

    @Test func `whoever searches while a page changes finds it`() async throws {
        try await FakeSite.run(["/a": page("Version 0")]) { site in
            try await TestServer.run(environment: Self.open) { client in
                try await makeWorkspaces(client, "w")
                let location = try await add("/a", of: site, client)
                try await withThrowingTaskGroup(of: Void.self) { group in
                    group.addTask {
                        for number in 1...12 {
                            site.change("/a", to: page("Version \(number)"))
                            _ = try await refresh(location, by: client)
                        }
                    }
                    group.addTask {
                        for _ in 0..<40 {
                            let found = try await texts("version", client)
                            #expect(found.count == 1)
                        }
                    }
                    try await group.waitForAll()
                }
                #expect(try await texts("version", client) == ["Version 12"])
            }
        }
    }

    @Test func `a document that has been moved, renamed and pinned is refreshed where it is`() async throws {
        try await FakeSite.run(["/a": page("The pump is red.")]) { site in
            try await TestServer.run(environment: Self.open) { client in
                try await makeWorkspaces(client, "w")
                let location = try await add("/a", of: site, with: ["metadata": ["title": "Pump", "shelf": 4]], client)
                _ = try await client.json(
                    .post, "/v1/workspace/w/update-pin", ["docPath": location, "pinStatus": true])
                let place: JSON = "plant/pump.json"
                let move: JSON = ["files": [["from": location, "to": place]]]
                #expect(try await client.json(.post, "/v1/document/move-files", move)["success"] == true)
                site.change("/a", to: page("The pump is green."))
                #expect(try await refresh(location, by: client)["success"] == false)
                #expect(try await refresh(place, by: client)["success"] == true)
                let found = try await document(place, client)
                #expect(found["title"] == "Pump" && found["wordCount"] == 4)
                #expect(
                    try await client.server.memberships.pinned(in: 1).map(\.document.path.text) == ["plant/pump.json"])
                #expect(try await texts("pump", client) == ["The pump is green."])
                let shelf = try await client.server.database.count(
                    "SELECT COUNT(*) FROM document_attribute WHERE name = 'shelf' AND number_value = 4")
                #expect(shelf == 1)
            }
        }
    }

    @Test func `of a file with several parts those that changed are replaced, others come and go`() async throws {
        try await FakeSite.run(["/box.mbox": mailbox(["one", "two"])]) { site in
            try await TestServer.run(environment: Self.open) { client in
                try await makeWorkspaces(client, "w")
                let location = try await add("/box.mbox", of: site, client)
                site.change("/box.mbox", to: mailbox(["one", "deux", "trois"]))
                let answer = try await refresh(location, by: client)
                #expect(answer["documents"]?.arrayValue?.map { $0["changed"] } == [false, true, true])
                #expect(
                    Set(try await texts("about", client).compactMap { $0.split(separator: " ").last }) == [
                        "one.", "deux.", "trois.",
                    ])
                site.change("/box.mbox", to: mailbox(["one"]))
                _ = try await refresh(location, by: client)
                #expect(try await texts("about", client).count == 1)
                #expect(try await client.server.database.count("SELECT COUNT(*) FROM document") == 1)
                #expect(try await client.server.database.count("SELECT COUNT(*) FROM content") == 1)
            }
        }
    }

    private func mailbox(_ subjects: [String]) -> FakeSite.Page {
        let messages = subjects.map { subject in
            "From ada@example.org Tue Mar  5 07:08:09 2024\nFrom: ada@example.org\nSubject: \(subject)\n\n"
                + "About \(subject).\n\n"
        }
        return .typed("application/mbox", messages.joined())
    }

    // MARK: Watching

    @Test func `a watched document is checked when its time has come, by one node`() async throws {
        try await FakeSite.run(["/a": page("The pump is red.")]) { site in
            try await TestServer.run(environment: Self.open) { client in
                try await makeWorkspaces(client, "w")
                let location = try await add("/a", of: site, client)
                let body: JSON = ["documents": [location, "no/such.json"], "watched": true]
                let watched = try await client.json(.post, "/v1/document/watch", body)
                #expect(watched["success"] == true)
                #expect(watched["documents"]?.arrayValue?.map { $0["watched"] } == [true, false])
                #expect(watched["documents"]?.arrayValue?.last?["error"] == "There is no document of this name.")
                #expect(try await document(location, client)["watched"] == true)
                let workspace = try await client.json(.get, "/v1/workspace/w")["workspace"]?.arrayValue?.first
                #expect(workspace?["documents"]?.arrayValue?.first?["watched"] == true)
                let listed = try await client.json(.get, "/v1/documents/folder/custom-documents")["documents"]
                #expect(listed?.arrayValue?.first?["watched"] == true && listed?.arrayValue?.first?["canWatch"] == true)

                site.change("/a", to: page("The pump is green."))
                let watch = client.server.services.library.watch
                try await watch.beginDueChecks(at: .now + .seconds(6 * 86_400))
                #expect(try await client.json(.get, "/v1/jobs?state=unfinished")["totalCount"] == 0)
                // Several nodes look at the same time.
                let later = Timestamp.now + .seconds(8 * 86_400)
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for _ in 0..<8 { group.addTask { try await watch.beginDueChecks(at: later) } }
                    try await group.waitForAll()
                }
                try await client.finishJobs()
                let jobs = try await client.json(.get, "/v1/jobs")["jobs"]?.arrayValue ?? []
                #expect(jobs.count { $0["kind"] == "refresh" } == 1)
                #expect(try await texts("pump", client) == ["The pump is green."])

                let unwatch: JSON = ["documents": [location], "watched": false]
                #expect(try await client.json(.post, "/v1/document/watch", unwatch)["success"] == true)
                #expect(try await document(location, client)["refresh"]?["nextCheck"] == .null)
                try await watch.beginDueChecks(at: later + .seconds(90 * 86_400))
                #expect(try await client.json(.get, "/v1/jobs?state=unfinished")["totalCount"] == 0)
                let events = try await client.events()
                #expect(events.contains { $0.hasPrefix("documents_watched") })
                #expect(events.contains { $0.hasPrefix("documents_unwatched") })
            }
        }
    }

    @Test func `after five failures in a row a document is not watched any more, and says why`() async throws {
        try await FakeSite.run(["/a": page("The pump is red.")]) { site in
            try await TestServer.run(environment: Self.open) { client in
                try await makeWorkspaces(client, "w")
                let location = try await add("/a", of: site, with: ["watch": true], client)
                #expect(try await document(location, client)["watched"] == true)
                site.change("/a", to: .status(410))
                var time = Timestamp.now
                for count in 1...5 {
                    #expect(try await document(location, client)["watched"] == true)
                    time = time + .seconds(30 * 86_400)
                    try await client.server.services.library.watch.beginDueChecks(at: time)
                    try await client.finishJobs()
                    #expect(try await document(location, client)["refresh"]?["failures"] == JSON(count))
                }
                let after = try await document(location, client)
                #expect(after["watched"] == false && after["refresh"]?["lastError"] == "HTTP 410: Gone")
                #expect(try await texts("pump", client) == ["The pump is red."])
                let events = try await client.events()
                #expect(events.contains { $0.hasPrefix("link_unwatched") && $0.contains("HTTP 410") })
                // It comes back.
                site.change("/a", to: page("The pump is blue."))
                _ = try await client.json(.post, "/v1/document/watch", ["documents": [location]])
                #expect(try await refresh(location, by: client)["success"] == true)
                let again = try await document(location, client)
                #expect(again["watched"] == true && again["refresh"]?["failures"] == 0)
                #expect(again["refresh"]?["lastError"] == .null)
            }
        }
    }

    @Test func `a model that is out of order leaves the old text in force, and is no failure of the page`() async throws
    {
        let embedder = CountingEmbedder()
        try await FakeSite.run(["/a": page("The pump is red.").tagged("v1")]) { site in
            try await TestServer.run(environment: Self.open, makeEmbedder: { _ in embedder }) { client in
                try await makeWorkspaces(client, "w")
                let location = try await add("/a", of: site, with: ["watch": true], client)
                site.change("/a", to: page("The pump is green.").tagged("v2"))
                embedder.fails(true)
                let answer = try await refresh(location, by: client)
                #expect(answer["success"] == false && answer["error"] == .string(CountingEmbedder.outage))
                embedder.fails(false)
                #expect(try await texts("pump", client) == ["The pump is red."])
                let refused = try await document(location, client)
                #expect(refused["refresh"]?["failures"] == 0 && refused["watched"] == true)
                #expect(refused["refresh"]?["lastError"] == .string(CountingEmbedder.outage))
                // The version that did not get in is asked for once more.
                #expect(try await refresh(location, by: client)["success"] == true)
                #expect(try await texts("pump", client) == ["The pump is green."])
                try await client.server.documents.deleteAbandonedContents()
                #expect(try await client.server.database.count("SELECT COUNT(*) FROM content") == 1)
            }
        }
    }

    @Test func `headers are sent again only where somebody has chosen to keep them, and are kept encrypted`()
        async throws
    {
        try await FakeSite.run(["/a": page("a"), "/b": page("b"), "/c": page("c")]) { site in
            try await TestServer.run(environment: Self.open) { client in
                try await makeWorkspaces(client, "w")
                let secret: JSON = ["X-Key": "s3cret"]
                let forgotten = try await add("/a", of: site, with: ["scraperHeaders": secret], client)
                let kept = try await add("/b", of: site, with: ["scraperHeaders": secret, "keepHeaders": true], client)
                let given = try await add("/c", of: site, client)
                _ = try await client.json(
                    .post, "/v1/document/watch", ["documents": [given], "scraperHeaders": secret])
                let seen = site.visits.count
                _ = try await refresh(forgotten, kept, given, by: client)
                let sent = site.visits.dropFirst(seen).map { ($0.path, $0.headers["x-key"]) }
                #expect(Dictionary(sent) { first, _ in first } == ["/a": nil, "/b": "s3cret", "/c": "s3cret"])
                #expect(try await document(forgotten, client)["refresh"]?["keepsHeaders"] == false)
                #expect(try await document(kept, client)["refresh"]?["keepsHeaders"] == true)
                let stored = try await client.server.database.read(
                    "SELECT COALESCE(sealed_headers, '') AS text FROM link UNION ALL SELECT payload FROM job"
                ) { try $0.get("text", as: String.self) }
                #expect(stored.allSatisfy { !$0.contains("s3cret") })
                // And are forgotten when nobody wants them any more.
                _ = try await client.json(.post, "/v1/document/watch", ["documents": [kept], "scraperHeaders": [:]])
                _ = try await refresh(kept, by: client)
                #expect(site.visits.last?.path == "/b" && site.visits.last?.headers["x-key"] == nil)
            }
        }
    }

    @Test func `what was found by a crawl is checked as far as robots may`() async throws {
        try await FakeSite.run([
            "/": .html("<html><p>start</p><a href='/a'>x</a>"), "/a": page("found"),
        ]) { site in
            try await TestServer.run(environment: Self.open) { client in
                let crawl = try await client.json(
                    .post, "/v1/document/upload-links",
                    ["link": .string(site.address + "/"), "depth": 1, "watch": true])
                let locations = crawl["documents"]?.arrayValue?.compactMap { $0["location"] } ?? []
                #expect(locations.count == 2)
                for location in locations { #expect(try await document(location, client)["watched"] == true) }
                site.change("/robots.txt", to: .typed("text/plain", "User-agent: *\nDisallow: /a"))
                let answer = try await refresh(locations[0], locations[1], by: client)
                #expect(answer["documents"]?.arrayValue?.map { $0["error"] == .null } == [true, false])
                #expect(answer["error"]?.stringValue?.contains("robots.txt") == true)
            }
        }
    }

    @Test func `what cannot be watched or is somebody else's is refused, each for itself`() async throws {
        try await FakeSite.run(["/a": page("a text")]) { site in
            try await TestServer.run(environment: Self.open) { client in
                try await makeWorkspaces(client, "w", "v")
                let location = try await add("/a", of: site, client)
                let sent = try await client.upload("text", named: "a.txt")["documents"]?.arrayValue?.first?["location"]
                let upload = try #require(sent)
                let answer = try await refresh(location, upload, by: client)
                #expect(answer["documents"]?.arrayValue?.map { $0["error"] } == [.null, "It was not made of a link."])
                #expect(answer["success"] == true)
                #expect(try await document(upload, client)["canWatch"] == false)
                #expect(try await document(upload, client)["refresh"] == nil)
                let confined = try await client.withKey(workspaces: .only([1]))
                let theirs = try await refresh(location, by: confined)
                #expect(theirs["success"] == false && theirs["error"] == "It was brought in by somebody else.")
                let other = try await client.withKey(workspaces: .only([2]))
                let unseen = try await refresh(location, by: other)
                #expect(unseen["error"] == "There is no document of this name.")
                for (path, body) in [
                    ("watch", ["documents": "x"]), ("watch", [:]), ("refresh", ["documents": [1]]),
                    ("watch", ["documents": [], "watched": "maybe"]),
                ] as [(String, JSON)] {
                    #expect(try await client.send(.post, "/v1/document/\(path)", body).status == 400)
                }
                let many = JSON.array((0...1000).map { .string("f/\($0).json") })
                #expect(try await client.send(.post, "/v1/document/refresh", ["documents": many]).status == 413)
                // Nobody need wait.
                let (status, text) = try await client.send(
                    .post, "/v1/document/refresh?async=true", ["documents": [location, "f/no.json"]])
                #expect(status == 202)
                #expect(try JSON(parsing: text)["documents"]?.arrayValue?.count == 1)
                try await client.finishJobs()
            }
        }
    }

    @Test(arguments: ["link", "youtube"])
    func `what a client says of where a text is from has nothing fetched`(scheme: String) async throws {
        try await FakeSite.run(["/a": page("inside")]) { site in
            try await TestServer.run(environment: Self.open) { client in
                try await makeWorkspaces(client, "w")
                let source = JSON.string("\(scheme)://\(site.address)/a")
                let metadata: JSON = ["title": "a.html", "chunkSource": source]
                let texts: JSON = ["textContent": "outside", "metadata": metadata, "addToWorkspaces": "w"]
                let text = try await client.json(.post, "/v1/document/raw-text", texts)
                let form =
                    "--b\r\nContent-Disposition: form-data; name=\"metadata\"\r\n\r\n\(metadata.text)\r\n"
                    + client.form("outside", named: "a.html", to: "w")
                let file = try JSON(
                    parsing: try await client.send(
                        .post, "/v1/document/upload", raw: form, type: "multipart/form-data; boundary=b"
                    ).text)
                for answer in [text, file] {
                    let made = try #require(answer["documents"]?.arrayValue?.first)
                    #expect(made["chunkSource"] == source)
                    let location = try #require(made["location"])
                    #expect(try await document(location, client)["canWatch"] == false)
                    let refused = try await refresh(location, by: client)
                    #expect(refused["success"] == false && refused["error"] == "It was not made of a link.")
                    let watched = try await client.json(.post, "/v1/document/watch", ["documents": [location]])
                    #expect(watched["success"] == false)
                }
                try await client.server.services.library.watch.beginDueChecks(at: .now + .seconds(99 * 86_400))
                try await client.finishJobs()
                #expect(site.visits.isEmpty)
            }
        }
    }

    @Test func `where live file sync is disabled nothing is checked by itself`() async throws {
        try await FakeSite.run(["/a": page("The pump is red.")]) { site in
            try await TestServer.run(environment: Self.open) { client in
                try await makeWorkspaces(client, "w")
                let location = try await add("/a", of: site, with: ["watch": true], client)
                let changed = try await client.json(
                    .post, "/v1/admin/preferences", ["experimental_live_file_sync": "disabled"])
                #expect(changed["success"] == true)
                #expect(try await document(location, client)["canWatch"] == false)
                try await client.server.services.library.watch.beginDueChecks(at: .now + .seconds(8 * 86_400))
                #expect(try await client.json(.get, "/v1/jobs?state=unfinished")["totalCount"] == 0)
                let body: JSON = ["documents": [location]]
                #expect(try await client.send(.post, "/v1/document/watch", body).status == 409)
                let link: JSON = ["link": .string(site.address + "/a"), "watch": true]
                #expect(try await client.send(.post, "/v1/document/upload-link", link).status == 409)
                // At once is something else, and so is to stop it.
                #expect(try await refresh(location, by: client)["success"] == true)
                let stop: JSON = ["documents": [location], "watched": false]
                #expect(try await client.send(.post, "/v1/document/watch", stop).status == 200)
            }
        }
    }

    @Test func `a link is forgotten with its documents`() async throws {
        try await FakeSite.run(["/a": page("a text"), "/empty": page("")]) { site in
            try await TestServer.run(environment: Self.open) { client in
                try await makeWorkspaces(client, "w")
                let location = try await add("/a", of: site, with: ["watch": true], client)
                _ = try await client.json(.post, "/v1/document/upload-link", ["link": .string(site.address + "/empty")])
                let database = client.server.database
                #expect(try await database.count("SELECT COUNT(*) FROM link") == 1)
                _ = try await client.json(.delete, "/v1/system/remove-documents", ["names": [location]])
                try await client.server.services.library.watch.beginDueChecks(at: .now + .seconds(8 * 86_400))
                try await client.finishJobs()
                #expect(try await database.count("SELECT COUNT(*) FROM link") == 0)
            }
        }
    }
}

/// Remembers the passages that it embeds; can be out of order.
private final class CountingEmbedder: Embedder {
    static let outage = "The embedding model does not answer."
    let model = WordEmbedder().model
    private let state = Mutex<(passages: [String], fails: Bool)>(([], false))

    var passages: [String] { state.withLock { $0.passages } }

    func fails(_ fails: Bool) { state.withLock { $0.fails = fails } }

    func embed(_ texts: [String], as role: EmbeddingRole) async throws -> [Embedding] {
        try state.withLock { state in
            if state.fails { throw ServiceError(.upstream, Self.outage) }
            if role == .passage { state.passages += texts }
        }
        return try await WordEmbedder().embed(texts, as: role)
    }

    func tokenCount(_ text: String) -> Int? { nil }
}
