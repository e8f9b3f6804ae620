import Domain
import Foundation
import HTTPTypes
import OrderedJSON
import Persistence
import Testing

/// What comes again: the same bytes, and newer versions of a file.
@Suite struct DuplicateTests {
    private func upload(
        _ text: String, named name: String = "a.txt", to workspace: String = "", _ policy: String, folder: String = "",
        _ client: TestClient
    ) async throws -> JSON {
        let place = folder.isEmpty ? "" : "/\(folder)"
        let answer = try await client.send(
            .post, "/v1/document/upload\(place)?onDuplicate=\(policy)",
            raw: client.form(text, named: name, to: workspace),
            type: "multipart/form-data; boundary=b")
        #expect(answer.status == 200)
        return try JSON(parsing: answer.text)
    }

    private func locations(_ answer: JSON) -> [String] {
        answer["documents"]?.arrayValue?.compactMap { $0["location"]?.stringValue } ?? []
    }

    private func count(_ client: TestClient) async throws -> Int {
        try await client.server.database.count("SELECT COUNT(*) FROM document")
    }

    @Test func `kept, each upload is a document of its own`() async throws {
        try await TestServer.run { client in
            let first = try await upload("text", "keep", client)
            let second = try await upload("text", "keep", client)
            #expect(first["duplicates"] == nil && locations(first) != locations(second))
            #expect(try await count(client) == 2)
            #expect(try await client.server.database.count("SELECT COUNT(*) FROM content") == 1)
        }
    }

    @Test func `a hundred uploads that are skipped leave one document`() async throws {
        try await TestServer.run { client in
            try await client.makeWorkspaces("w")
            let first = try await upload("some text", to: "w", "skip", client)
            #expect(first["duplicates"] == nil)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<100 {
                    group.addTask {
                        let again = try await upload("some text", named: "\(number).txt", to: "w", "skip", client)
                        #expect(again["duplicates"] == "skipped" && locations(again) == locations(first))
                    }
                }
                try await group.waitForAll()
            }
            #expect(try await count(client) == 1)
            #expect(try await client.server.memberships.count() == 1)
            // Other bytes, or another folder, are something else.
            _ = try await upload("other text", "skip", client)
            _ = try await upload("some text", "skip", folder: "other", client)
            #expect(try await count(client) == 3)
        }
    }

    @Test func `uploads at once that are skipped leave one document`() async throws {
        try await TestServer.run { client in
            try await withThrowingTaskGroup(of: [String].self) { group in
                for _ in 0..<20 { group.addTask { locations(try await upload("text", "skip", client)) } }
                var places: Set<[String]> = []
                for try await place in group { places.insert(place) }
                #expect(places.count == 1 && places.first?.count == 1)
            }
            #expect(try await count(client) == 1)
        }
    }

    @Test func `what one may not see is no duplicate`() async throws {
        try await TestServer.run { client in
            try await client.makeWorkspaces("one", "two")
            let first = try await client.withKey(workspaces: .only([1]))
            let second = try await client.withKey(workspaces: .only([2]))
            _ = try await upload("text", to: "one", "skip", first)
            #expect(try await upload("text", to: "two", "skip", second)["duplicates"] == nil)
            #expect(try await upload("text", "replace", second)["duplicates"] == "replaced")
            #expect(try await count(client) == 2)
        }
    }

    @Test func `a newer version takes the place of the old one in all its workspaces`() async throws {
        try await TestServer.run { client in
            for name in ["one", "two"] {
                _ = try await client.json(
                    .post, "/v1/workspace/new", ["name": .string(name), "similarityThreshold": 0.1])
            }
            let first = try await upload("the pump is red", to: "one,two", "replace", client)
            #expect(first["duplicates"] == nil)
            let place = try #require(locations(first).first)
            _ = try await client.json(
                .post, "/v1/workspace/one/update-pin", ["docPath": .string(place), "pinStatus": true])
            let second = try await upload("the pump is green", "replace", client)
            #expect(second["duplicates"] == "replaced" && locations(second) == [place])
            #expect(second["documents"]?.arrayValue?.first?["pageContent"] == "the pump is green")
            for name in ["one", "two"] {
                let found = try await client.json(
                    .post, "/v1/workspace/\(name)/vector-search", ["query": "pump", "topN": 9])
                let texts = found["results"]?.arrayValue?.compactMap { $0["text"]?.stringValue } ?? []
                #expect(texts.count == 1 && texts.first?.hasSuffix("green") == true)
            }
            #expect(try await client.server.memberships.pinned(in: 1).map(\.document.path.text) == [place])
            #expect(try await client.server.database.count("SELECT COUNT(*) FROM content") == 1)
            #expect(try await client.server.database.count("SELECT COUNT(*) FROM chunk") == 1)
            #expect(try await client.events().contains { $0.hasPrefix("api_document_replaced") })
            // The same once more changes nothing.
            #expect(locations(try await upload("the pump is green", "replace", client)) == [place])
            #expect(try await count(client) == 1)
        }
    }

    @Test func `a newer version takes the place of all copies of the file`() async throws {
        try await TestServer.run { client in
            _ = try await client.json(.post, "/v1/workspace/new", ["name": "w", "similarityThreshold": 0.1])
            _ = try await upload("the limit is thirty", to: "w", "keep", client)
            _ = try await upload("the limit is forty", "keep", client)
            _ = try await upload("the limit is fifty", "replace", client)
            let found = try await client.json(.post, "/v1/workspace/w/vector-search", ["query": "limit", "topN": 9])
            let texts = found["results"]?.arrayValue?.compactMap { $0["text"]?.stringValue } ?? []
            #expect(texts.count == 1 && texts.first?.hasSuffix("fifty") == true)
            #expect(try await client.server.database.count("SELECT COUNT(*) FROM content") == 1)
        }
    }

    @Test func `further sheets of a newer workbook lie beside those that there were`() async throws {
        let workbook = { @Sendable (sheets: [String]) in
            let spaces = ["office", "text", "table"].map {
                "xmlns:\($0)=\"urn:oasis:names:tc:opendocument:xmlns:\($0):1.0\""
            }.joined(separator: " ")
            let tables = sheets.map { name in
                "<table:table table:name=\"\(name)\"><table:table-row><table:table-cell><text:p>words of \(name)</text:p>"
                    + "</table:table-cell></table:table-row></table:table>"
            }.joined()
            return
                "<?xml version=\"1.0\"?><office:document \(spaces) office:mimetype=\"application/vnd.oasis.opendocument.spreadsheet\">"
                + "<office:body><office:spreadsheet>\(tables)</office:spreadsheet></office:body></office:document>"
        }
        try await TestServer.run { client in
            let first = locations(try await upload(workbook(["A", "B"]), named: "trips.fods", "replace", client))
            let second = locations(try await upload(workbook(["A", "C"]), named: "trips.fods", "replace", client))
            let folder = { (place: String) in place.prefix { $0 != "/" } }
            #expect(first.count == 2 && second.count == 2 && second[0] == first[0] && second[1] != first[1])
            #expect(Set((first + second).map(folder)).count == 1)
            #expect(try await count(client) == 2)
        }
    }

    @Test func `whoever searches while versions follow one another finds one of them`() async throws {
        try await TestServer.run { client in
            _ = try await client.json(.post, "/v1/workspace/new", ["name": "w", "similarityThreshold": 0.1])
            _ = try await upload("version 0", to: "w", "replace", client)
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    for number in 1...20 { _ = try await upload("version \(number)", "replace", client) }
                }
                group.addTask {
                    for _ in 0..<60 {
                        let found = try await client.json(
                            .post, "/v1/workspace/w/vector-search", ["query": "version", "topN": 9])
                        #expect(found["results"]?.arrayValue?.count == 1)
                    }
                }
                try await group.waitForAll()
            }
        }
    }

    @Test func `what cannot be read leaves the old version in force`() async throws {
        try await TestServer.run { client in
            _ = try await upload("text", "replace", client)
            let empty = try await client.send(
                .post, "/v1/document/upload?onDuplicate=replace", raw: client.form("", named: "a.txt", to: ""),
                type: "multipart/form-data; boundary=b")
            #expect(empty.status == 500)
            #expect(try await count(client) == 1)
            let bad = try await client.send(
                .post, "/v1/document/upload?onDuplicate=maybe", raw: client.form("x", named: "a.txt", to: ""),
                type: "multipart/form-data; boundary=b")
            #expect(bad.status == 400)
        }
    }
}
