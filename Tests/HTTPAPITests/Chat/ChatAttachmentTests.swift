import Domain
import Engine
import Foundation
import HTTPTypes
import OrderedJSON
import Testing

@testable import HTTPAPI

@Suite struct ChatAttachmentTests {
    /// What the text of an attachment is, for each way of sending it.
    @Test(arguments: [
        ("data:text/plain,plain%20words", "plain words"), ("data:,plain%20words", "plain words"),
        ("data:text/plain;base64,cGxhaW4gd29yZHM=", "plain words"), ("data:;base64,cGxhaW4gd29yZHM", "plain words"),
        ("DATA:text/plain;charset=UTF-8;BASE64,cGxh\naW4g d29yZHM=", "plain words"),
        ("data:text/plain;charset=utf-8;base64,cGxhaW4gd29yZHM%3D", "plain words"), ("cGxhaW4gd29yZHM=", "plain words"),
        ("data:text/plain;charset=iso-8859-1,caf%E9", "café"),
        ("data:text/plain;charset=\"windows-1252\";base64,gCA1", "€ 5"),
        ("data:text/html,%3Cp%3E%E2%82%AC%3C%2Fp%3E", "<p>€</p>"),
    ])
    func `a document comes in base64 or in a data URL of any form`(content: String, text: String) throws {
        let item: JSON = [
            "name": "n.txt", "mime": "application/anythingllm-document", "contentString": .string(content),
        ]
        guard case .document(let document) = try ChatAttachment(item) else { throw Failure() }
        #expect(String(decoding: document.bytes, as: UTF8.self) == text)
    }

    @Test(arguments: [
        "plain words!", "data:text/plain,100%", "data:text/plain;base64,plain words!", "data:text/plain", "=?=",
    ])
    func `what is neither is named in the warnings, and the question is answered`(content: String) async throws {
        let model = ConversingModel([.text("x")], supportsTools: false)
        try await TestServer.run(model: model) { client in
            try await client.makeWorkspaces("w")
            let item: JSON = [
                "name": "n.txt", "mime": "application/anythingllm-document", "contentString": .string(content),
            ]
            let answer = try await client.json(
                .post, "/v1/workspace/w/chat", ["message": "What is it?", "attachments": [item]])
            #expect(answer["textResponse"] == "x")
            #expect(answer["warnings"]?.arrayValue?.count == 1)
            #expect(answer["warnings"]?.arrayValue?.first?.stringValue?.contains("n.txt") == true)
            #expect(!model.instruction.contains("[CONTEXT"))
        }
    }

    @Test func `a document without a name is called after its media type`() throws {
        for (content, ending) in [
            ("data:,x", ".txt"), ("data:text/html,x", ".html"), ("data:text/csv;base64,eA", ".csv"),
        ] {
            let item: JSON = ["mime": "application/anythingllm-document", "contentString": .string(content)]
            guard case .document(let document) = try ChatAttachment(item) else { throw Failure() }
            #expect(document.name.hasSuffix(ending))
        }
    }

    @Test func `a picture that is percent-encoded reaches the model in base64`() throws {
        let item: JSON = ["name": "a.svg", "contentString": "data:image/svg+xml,%3Csvg%2F%3E"]
        guard case .media(let picture) = try ChatAttachment(item) else { throw Failure() }
        #expect(picture.url == "data:image/svg+xml;base64,PHN2Zy8+")
        #expect(picture.mediaType == "image/svg+xml")
    }

    @Test func `whole answers have an id and no other name for it`() async throws {
        try await TestServer.run { client in
            try await client.makeWorkspaces("w")
            for body: JSON in [["message": "x"], ["message": "", "reset": true], ["message": ""], ["message": 1]] {
                let answer = try await client.json(.post, "/v1/workspace/w/chat", body)
                #expect(answer["id"]?.stringValue != nil)
                #expect(answer["uuid"] == nil)
            }
        }
    }

    private struct Failure: Error {}
}
