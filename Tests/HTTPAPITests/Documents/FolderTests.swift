import Domain
import Engine
import Foundation
import HTTPAPI
import HTTPTypes
import OrderedJSON
import Persistence
import Testing

/// Folders are made, listed and removed, whatever people call them.
@Suite struct FolderTests {
    @Test func `an empty folder exists and is listed`() async throws {
        try await TestServer.run { client in
            #expect(try await client.json(.get, "/v1/documents")["localFiles"]?["items"] == [])
            let made = try await client.send(.post, "/v1/document/create-folder", ["name": "Empty"])
            #expect(made.status == 200 && made.text == #"{"success":true,"message":null}"#)
            _ = try await client.upload("A text.", named: "a.txt", to: "")
            let items = try await client.json(.get, "/v1/documents")["localFiles"]?["items"]?.arrayValue
            #expect(items?.map { $0["name"] } == ["custom-documents", "Empty"])
            #expect(items?.last == ["name": "Empty", "type": "folder", "items": []])
            let page = try await client.send(.get, "/v1/documents/folder/Empty")
            #expect(page.status == 200)
            #expect(page.text == #"{"folder":"Empty","documents":[],"totalCount":0,"hasMore":false,"error":null}"#)
            #expect(try await client.eventNames().contains("folder_created"))
        }
    }

    @Test(arguments: [
        "Q1 & Q2", "50% off", "#1?", "日本語", "U\u{308}berblick", "a+b", "100%25", "'; DROP TABLE folder; --", "👩‍👩‍👧‍👦",
        "Ἀθῆναι", "-rf *",
    ])
    func `a folder is found by its name in each place`(name: String) async throws {
        try await TestServer.run { client in
            #expect(
                try await client.json(.post, "/v1/document/create-folder", ["name": .string(name)])["success"] == true)
            for form in [name, name.composed, name.decomposedStringWithCanonicalMapping, " \(name)\u{200B}"] {
                let again = try await client.send(.post, "/v1/document/create-folder", ["name": .string(form)])
                #expect(again.status == 500)
                #expect(again.text == #"{"success":false,"message":"Folder by that name already exists"}"#)
            }
            let path = try await client.uploadToFolder(name, "A text.", named: "a.txt")
            #expect(path.hasPrefix(name.composed + "/"))
            for form in [name.composed, name.decomposedStringWithCanonicalMapping] {
                let encoded = form.percentEncoded
                for address in ["/v1/documents/folder/\(encoded)", "/v1/documents?folder=\(encoded)"] {
                    let page = try await client.json(.get, address)
                    #expect(page["folder"]?.stringValue.map { Array($0.utf8) } == Array(form.utf8))
                    #expect(page["totalCount"] == 1 && page["documents"]?.arrayValue?.count == 1, "\(address)")
                }
                let document = try await client.send(
                    .get,
                    "/v1/document/\(encoded)%2F\(path.split(separator: "/").last ?? "")".replacing("(", with: "%28"))
                #expect(document.status == 200)
            }
            let removed = try await client.json(
                .delete, "/v1/document/remove-folder", ["name": .string(name.decomposedStringWithCanonicalMapping)])
            #expect(removed["removed"] == 1 && removed["found"] == true)
            #expect(try await client.json(.get, "/v1/documents")["localFiles"]?["items"] == [])
        }
    }

    @Test func `an upload into a folder that looks alike goes into the folder that is there`() async throws {
        try await TestServer.run { client in
            try await client.makeWorkspaces("w")
            _ = try await client.json(.post, "/v1/document/create-folder", ["name": "\u{FB01}nance"])
            let path = try await client.uploadToFolder("finance", "A text.", named: "a.txt", to: "w")
            #expect(path.hasPrefix("\u{FB01}nance/"))
            // Whoever writes the folder's name in the other form means the same document.
            let other = path.replacing("\u{FB01}", with: "fi")
            let pinned = try await client.send(
                .post, "/v1/workspace/w/update-pin", ["docPath": .string(other), "pinStatus": true])
            #expect(pinned.status == 200)
            let update = try await client.json(
                .post, "/v1/workspace/w/update-embeddings", ["deletes": [.string(other)]])
            #expect(update["workspace"]?["documents"] == [])
            let added = try await client.json(.post, "/v1/workspace/w/update-embeddings", ["adds": [.string(other)]])
            #expect(added["failed"] == [])
        }
    }

    @Test func `a folder goes with all that is in it, and says so`() async throws {
        try await TestServer.run { client in
            try await client.makeWorkspaces("w", "v")
            _ = try await client.uploadToFolder("F", "Otters live in rivers.", named: "a.txt", to: "w,v")
            _ = try await client.uploadToFolder("F", "Bears live in woods.", named: "b.txt", to: "w")
            // The same text once more, elsewhere: its content and its vectors stay.
            let kept = try await client.upload("Otters live in rivers.", named: "a.txt", to: "w")
            let removed = try await client.json(.delete, "/v1/document/remove-folder", ["name": "F"])
            #expect(
                removed == [
                    "success": true, "message": "Folder removed successfully", "found": true, "removed": 2,
                    "workspaces": [["workspace": "w", "documents": 2], ["workspace": "v", "documents": 1]],
                ])
            let left = try await client.json(.get, "/v1/workspace/w")["workspace"]?.arrayValue?.first?["documents"]
            #expect(left?.arrayValue?.map { $0["docpath"] } == [kept["documents"]?.arrayValue?.first?["location"]])
            let count = try await client.json(.get, "/v1/system/vector-count")
            #expect(count == ["vectorCount": 1])
            for (slug, expected) in [("w", 1), ("v", 0)] {
                let found = try await client.json(
                    .post, "/v1/workspace/\(slug)/vector-search",
                    ["query": "Otters live in rivers.", "scoreThreshold": 0])
                #expect(found["results"]?.arrayValue?.count ?? 0 == expected, "\(slug)")
            }
            let contents = try await client.server.database.count("SELECT COUNT(*) FROM content")
            let abandoned = try await client.server.database.count("SELECT COUNT(*) FROM abandoned_content")
            #expect(contents == 1 && abandoned == 0)
            let names = try await client.eventNames()
            #expect(names.count { $0 == "workspace_documents_removed" } == 2)
            #expect(names.last == "folder_removed")
            let again = try await client.json(.delete, "/v1/document/remove-folder", ["name": "F"])
            #expect(again["success"] == true && again["found"] == false && again["removed"] == 0)
            #expect(try await client.eventNames() == names)
        }
    }

    @Test func `a removal that a crash cut off is finished at the next start`() async throws {
        try await TestServer.run { client in
            let path = try await client.uploadToFolder("F", "Otters live in rivers.", named: "a.txt")
            let place = try #require(DocumentPath(path))
            let document = try #require(try await client.server.documents.find(place, for: .system))
            // The first half of a removal alone.
            _ = try await client.server.documents.remove(.documents([document.id]), events: [], by: .system, at: .now)
            #expect(try await client.server.documents.content(id: document.contentID) != nil)
            try await client.server.services.library.removal.finish()
            #expect(try await client.server.documents.content(id: document.contentID) == nil)
        }
    }

    @Test func `a confined key sees its folders and no others`() async throws {
        try await Tenants.run { tenants in
            _ = try await tenants.client.json(.post, "/v1/document/create-folder", ["name": "Hidden"])
            let theirs = try await tenants.theirs.uploadToFolder("Theirs", "a secret", named: "b.txt", to: "theirs")
            for name in ["Hidden", "Theirs"] {
                let page = try await tenants.mine.send(.get, "/v1/documents/folder/\(name)")
                #expect(page.status == 404)
            }
            // A name that is taken unseen is as good as new, and shows nothing of who has it.
            for name in ["Own", "Hidden", "Theirs"] {
                let made = try await tenants.mine.json(.post, "/v1/document/create-folder", ["name": .string(name)])
                #expect(made == ["success": true, "message": nil])
                let again = try await tenants.mine.send(.post, "/v1/document/create-folder", ["name": .string(name)])
                #expect(again.status == 500)
                let page = try await tenants.mine.json(.get, "/v1/documents/folder/\(name)")
                #expect(page["documents"] == [] && page["totalCount"] == 0)
            }
            let listing = try await tenants.mine.json(.get, "/v1/documents")["localFiles"]?["items"]?.arrayValue
            #expect(listing?.map { $0["name"] } == ["custom-documents", "Hidden", "Own", "Theirs"])
            #expect(try await !tenants.mine.send(.get, "/v1/documents").text.contains("b.txt"))
            let refused = try await tenants.mine.send(.delete, "/v1/document/remove-folder", ["name": "Theirs"])
            #expect(refused.status == 403)
            #expect(try await tenants.client.send(.get, "/v1/document/\(theirs.percentEncoded)").status == 200)
        }
    }
}

extension String {
    var percentEncoded: String { addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? "" }
}

extension TestClient {
    /// Uploads a text file into a folder, and gives its path.
    func uploadToFolder(
        _ folder: String, _ text: String, named name: String, to workspaces: String = ""
    ) async throws -> String {
        let answer = try await send(
            .post, "/v1/document/upload/\(folder.percentEncoded)", raw: form(text, named: name, to: workspaces),
            type: "multipart/form-data; boundary=b")
        let documents = try JSON(parsing: answer.text)["documents"]?.arrayValue
        return try #require(documents?.first?["location"]?.stringValue, "\(answer.text)")
    }

    /// Of the event log, the oldest first.
    func eventNames() async throws -> [String] {
        try await server.database.read("SELECT name FROM event ORDER BY id") { try $0.get("name") }
    }
}
