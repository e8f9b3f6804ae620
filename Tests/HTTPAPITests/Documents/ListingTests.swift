import Domain
import HTTPAPI
import HTTPTypes
import OrderedJSON
import Persistence
import Testing

/// Listings of the library: whole, in pages, and by words.
@Suite struct ListingTests {
    @Test func `a listing shows what existing clients look for`() async throws {
        try await TestServer.run { client in
            try await client.makeWorkspaces("w")
            let uploaded = try await client.upload("Otters live in rivers.", named: "a.txt")
            let path = try #require(uploaded["documents"]?.arrayValue?.first?["location"]?.stringValue)
            _ = try await client.json(
                .post, "/v1/workspace/w/update-pin", ["docPath": .string(path), "pinStatus": true])
            let keys = [
                "name", "type", "id", "url", "title", "docAuthor", "description", "docSource", "chunkSource",
                "published",
                "wordCount", "token_count_estimate", "cached", "canWatch", "pinnedWorkspaces", "watched",
            ]
            let listing = try await client.json(.get, "/v1/documents")
            #expect(listing.objectValue?.keys == ["localFiles"])
            #expect(listing["localFiles"]?.objectValue?.keys == ["name", "type", "items"])
            let file = listing["localFiles"]?["items"]?.arrayValue?.first?["items"]?.arrayValue?.first
            #expect(file?.objectValue?.keys == keys)
            #expect(file?["cached"] == true && file?["pinnedWorkspaces"] == [1] && file?["type"] == "file")
            let name = path.split(separator: "/").last ?? ""
            for address in ["/v1/document/\(name)", "/v1/document/custom-documents%2F\(name)"] {
                #expect(try await client.json(.get, address)["document"] == file)
            }
            let folder = try await client.json(.get, "/v1/documents/folder/custom-documents")
            #expect(folder.objectValue?.keys == ["folder", "documents", "totalCount", "hasMore", "error"])
            #expect(folder["documents"]?.arrayValue == file.map { [$0] })
            let page = try await client.json(.get, "/v1/documents?folder=custom-documents")
            #expect(page.objectValue?.keys == ["folder", "documents", "totalCount", "hasMore", "code", "error"])
            let none = try await client.send(.get, "/v1/documents?folder=none")
            #expect(none.status == 404)
            #expect(
                try JSON(parsing: none.text)
                    == [
                        "folder": "none", "documents": [], "totalCount": 0, "hasMore": false, "code": 404,
                        "error": #"Folder "none" does not exist."#,
                    ])
        }
    }

    @Test func `the schema of metadata is the wire's`() async throws {
        try await TestServer.run { client in
            let schema = try await client.json(.get, "/v1/document/metadata-schema")["schema"]
            #expect(
                schema?.objectValue?.keys == [
                    "url", "title", "docAuthor", "description", "docSource", "chunkSource", "published",
                ])
            #expect(schema?["title"] == "string" && schema?["published"] == "epoch timestamp in ms | nullable")
        }
    }

    @Test func `a listing longer than what is in memory comes whole and in order`() async throws {
        try await TestServer.run { client in
            try await client.store(documents: 1100, in: "many")
            try await client.store(documents: 500, in: "Even")
            _ = try await client.upload("A text.", named: "a.txt", to: "")
            let items = try await client.json(.get, "/v1/documents")["localFiles"]?["items"]?.arrayValue ?? []
            #expect(items.map { $0["name"] } == ["custom-documents", "Even", "many"])
            let names = items.map { $0["items"]?.arrayValue?.compactMap { $0["name"]?.stringValue } ?? [] }
            #expect(names.map(\.count) == [1, 500, 1100])
            #expect(names[2] == names[2].sorted() && Set(names[2]).count == 1100)
            let folder = try await client.json(.get, "/v1/documents/folder/many")
            #expect(folder["documents"]?.arrayValue?.compactMap { $0["name"]?.stringValue } == names[2])
            for (query, count, hasMore) in [
                ("", 100, true), ("&limit=all", 1100, false), ("&limit=ALL&offset=1099", 1, false),
                ("&limit=5000", 1000, true),
                ("&limit=-1", 100, true), ("&limit=x", 100, true), ("&limit=10&offset=1090", 10, false),
                ("&offset=-5&limit=3", 3, true), ("&offset=99999999999999999999", 0, false),
                ("&limit=600&offset=20", 600, true),
            ] {
                let page = try await client.json(.get, "/v1/documents?folder=many\(query)")
                let documents = page["documents"]?.arrayValue ?? []
                #expect(documents.count == count && page["hasMore"] == .bool(hasMore), "\(query)")
                #expect(page["totalCount"] == 1100 && page["error"] == .null && page["code"] == 200)
            }
            let defaults = try await client.json(.get, "/v1/documents/folder/many?limit=0")
            #expect(defaults["documents"]?.arrayValue?.count == 100)
        }
    }

    @Test func `a page of everything runs across folders in their order`() async throws {
        try await TestServer.run { client in
            try await client.store(documents: 3, in: "b")
            try await client.store(documents: 2, in: "custom-documents")
            try await client.store(documents: 1, in: "a")
            _ = try await client.json(.post, "/v1/document/create-folder", ["name": "empty"])
            var seen: [String] = []
            for offset in 0..<4 {
                let page = try await client.json(.get, "/v1/documents?limit=2&offset=\(offset * 2)")
                #expect(page["totalCount"] == 6 && page["hasMore"] == .bool(offset < 2))
                for folder in page["localFiles"]?["items"]?.arrayValue ?? [] {
                    for file in folder["items"]?.arrayValue ?? [] {
                        seen.append("\(folder["name"]?.stringValue ?? "")/\(file["title"]?.stringValue ?? "")")
                    }
                }
            }
            #expect(seen == ["custom-documents/0", "custom-documents/1", "a/0", "b/0", "b/1", "b/2"])
        }
    }

    @Test func `documents are found by their titles and names, in any case`() async throws {
        try await TestServer.run { client in
            try await client.store(titles: [
                "Straße der Bäume.txt", "ΑΘΗΝΑ 100%.txt", "under_score.txt", "Q1 Bericht.txt", "Q2 BERICHT.txt",
            ])
            for (words, titles) in [
                ("STRASSE", ["Straße der Bäume.txt"]), ("bA\u{308}ume", ["Straße der Bäume.txt"]),
                ("αθηνα", ["ΑΘΗΝΑ 100%.txt"]), ("100%", ["ΑΘΗΝΑ 100%.txt"]), ("%", ["ΑΘΗΝΑ 100%.txt"]),
                ("r_s", ["under_score.txt"]), ("\\", []), ("bericht", ["Q1 Bericht.txt", "Q2 BERICHT.txt"]),
                ("NAME-3.json", ["Q1 Bericht.txt"]), ("'; --", []), ("nothing", []),
                ("bericht  q1", ["Q1 Bericht.txt"]), ("q2 q1", []), ("der Straße", ["Straße der Bäume.txt"]),
            ] {
                for address in ["/v1/documents?search=", "/v1/documents?folder=custom-documents&search="] {
                    let page = try await client.json(.get, address + words.percentEncoded)
                    let files =
                        page["documents"]?.arrayValue
                        ?? page["localFiles"]?["items"]?.arrayValue?.flatMap { $0["items"]?.arrayValue ?? [] }
                    #expect(files?.compactMap { $0["title"]?.stringValue }.sorted() == titles, "\(words)")
                    #expect(page["totalCount"] == JSON(titles.count))
                }
            }
            let long = String(repeating: "x", count: 1001)
            #expect(try await client.send(.get, "/v1/documents?search=\(long)").status == 400)
        }
    }
}

extension TestClient {
    /// Stores documents, titled by their numbers.
    func store(documents count: Int, in folder: String) async throws {
        try await store(titles: (0..<count).map(String.init), in: folder)
    }

    /// Stores documents of these titles, in the order of their names, without going through files.
    func store(titles: [String], in folder: String = "custom-documents") async throws {
        let documents = server.documents
        let content = try await documents.insertContents(
            digest: "many", [.init(ParsedDocument(text: "x"), wordCount: 1, tokenCount: 1)], at: .now)[0]
        let digits = String(titles.count).count
        let made = titles.enumerated().map { number, title in
            let padded = String(repeating: "0", count: digits - String(number).count) + String(number)
            return Document(
                id: "\(folder)-\(number)", path: DocumentPath(folder: folder, name: "name-\(padded).json"),
                contentID: content.id, url: "", title: title, author: "", description: "", source: "",
                chunkSource: "", published: "", wordCount: 1, tokenCount: 1)
        }
        try await documents.insert(made, event: .rawTextUploaded, by: .system, at: .now)
    }
}
