import Domain
import Foundation
import HTTPAPI
import HTTPTypes
import OrderedJSON
import Persistence
import ServerAssembly
import Testing

/// Rows of the attack catalogue that concern the names of folders and documents.
@Suite struct FolderAttackTests {
    private static let traversals = [
        "../", "../x", "..", "../../etc/passwd", "..%2f..%2fetc%2fpasswd", "%252e%252e", "....//", "..\\x",
        "/etc/passwd",
        "a\u{1}b", "a/../b", "custom-documents/../x", "./..", "C:\\x", "\u{FF0E}\u{FF0E}/x", "a\nb",
    ]

    @Test func `A1 no name of a folder or of a document leads out of the documents`() async throws {
        try await TestServer.run { client in
            let path = try await client.uploadToFolder("F", "kept", named: "a.txt")
            let before = try await client.send(.get, "/v1/documents").text
            let files = try Self.files(of: client)
            for name in Self.traversals {
                let text = JSON.string(name)
                // Names that are odd and harmless once taken as text may be made, and are gone again behind it.
                let made = try await client.send(.post, "/v1/document/create-folder", ["name": text])
                if (try? FolderName(new: name)) == nil { #expect([400, 500].contains(made.status), "\(name)") }
                let removed = try await client.send(.delete, "/v1/document/remove-folder", ["name": text])
                #expect([200, 400].contains(removed.status), "\(name)")
                for body in [
                    ["from": text, "to": "F/x.json"], ["from": .string(path), "to": text],
                    ["from": .string(path), "to": .string("\(name)/x.json")],
                    ["from": .string("\(name)/x.json"), "to": "F/x.json"],
                ] as [JSON] where (try? FolderName(new: name)) == nil {
                    let moved = try await client.send(.post, "/v1/document/move-files", ["files": [body]])
                    #expect(moved.status == 500, "\(body.text)")
                }
                for names in [[text], [.string(path), text], [.string("\(name)/x.json/y")]] as [[JSON]] {
                    let refused = try await client.send(
                        .delete, "/v1/system/remove-documents", ["names": .array(names)])
                    #expect(refused.status == 400, "\(name)")
                }
                for address in ["/v1/documents/folder/", "/v1/document/", "/v1/document/generated-files/"] {
                    let found = try await client.send(.get, address + name.percentEncoded)
                    #expect([400, 404].contains(found.status), "\(address)\(name)")
                    #expect(try JSON(parsing: found.text)["error"]?.stringValue?.isEmpty == false)
                }
                #expect(try await client.send(.get, "/v1/documents?folder=\(name.percentEncoded)").status == 404)
            }
            let nul = try await client.send(.post, "/v1/document/create-folder", raw: #"{"name":"a\u0000b"}"#)
            #expect(nul.status == 400)
            #expect(try await client.send(.get, "/v1/documents/folder/%00").status == 404)
            #expect(try await client.send(.get, "/v1/documents").text == before)
            #expect(try Self.files(of: client) == files)
        }
    }

    @Test(arguments: [
        "", ".", "/", "..", "custom-documents", "*", "%", "custom-documents/", "./custom-documents",
        "custom\u{200B}-documents", " custom-documents ", "_______-_________",
    ])
    func `A2 no name removes more than one folder, and none the default one`(name: String) async throws {
        try await TestServer.run { client in
            _ = try await client.upload("kept", named: "a.txt", to: "")
            _ = try await client.uploadToFolder("F", "kept", named: "b.txt")
            let before = try await client.send(.get, "/v1/documents").text
            let folder = try await client.send(.delete, "/v1/document/remove-folder", ["name": .string(name)])
            let body = try JSON(parsing: folder.text)
            if folder.status == 200, body["success"] == true {
                #expect(body["found"] == false && body["removed"] == 0)
            } else {
                #expect(body["success"] == false && body["message"]?.stringValue?.isEmpty == false)
            }
            let names = try await client.send(.delete, "/v1/system/remove-documents", ["names": [.string(name)]])
            #expect(names.status == 400 || name == "./custom-documents")
            #expect(try await client.send(.get, "/v1/documents").text == before)
        }
    }

    @Test func `A2 the default folder says that it stays`() async throws {
        try await TestServer.run { client in
            _ = try await client.upload("kept", named: "a.txt", to: "")
            let answer = try await client.json(.delete, "/v1/document/remove-folder", ["name": "custom-documents"])
            #expect(
                answer == [
                    "success": false, "message": "The folder custom-documents cannot be removed.", "removed": 0,
                ])
            for body in [[:], ["name": nil], ["name": ""], ["name": ["a"]], ["name": 5]] as [JSON] {
                let refused = try await client.send(.delete, "/v1/document/remove-folder", body)
                #expect(
                    [400, 500].contains(refused.status) && refused.text.contains(#""success":false"#), "\(body.text)")
                let made = try await client.send(.post, "/v1/document/create-folder", body)
                #expect(made.status == 500 && made.text.contains("Failed to create folder: "), "\(body.text)")
            }
        }
    }

    @Test func `A4 nothing but a document moves, and only to a document's place`() async throws {
        try await TestServer.run { client in
            let path = try await client.uploadToFolder("F", "kept", named: "a.txt")
            let before = try await client.send(.get, "/v1/documents").text
            for (from, to) in [
                ("../lectern.db", "F/x.json"), (path, "../lectern.db"), ("F", "G"), ("custom-documents", "G"),
                ("../vector-cache/x.json", "F/x.json"), ("F/../\(path)", "F/x.json"), (path, "F/"), (path, "F/.json/x"),
                ("secret.key", "F/x.json"), ("F/*", "G/x.json"),
            ] {
                let answer = try await client.send(
                    .post, "/v1/document/move-files", ["files": [["from": .string(from), "to": .string(to)]]])
                #expect(answer.status == 500, "\(from) \(to)")
            }
            #expect(try await client.send(.get, "/v1/documents").text == before)
        }
    }

    /// What lies in the storage directory.
    private static func files(of client: TestClient) throws -> [String] {
        try FileManager.default.subpathsOfDirectory(atPath: client.server.storage.path).sorted()
            .filter { !$0.hasPrefix("lectern.db-") }
    }
}
