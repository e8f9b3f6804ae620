import Domain
import Foundation
import HTTPTypes
import OrderedJSON
import Testing

/// Conversations as files for people, and the chats of the instance at the addresses that browsers use.
@Suite struct BrowserExportTests {
    private static let prompt = "<script>alert(1)</script> & \"quotes\""

    private static func fill(_ client: TestClient) async throws {
        try await client.makeWorkspaces("w-b")
        _ = try await client.json(.post, "/v1/workspace/w-b/update", ["name": "W <b>"])
        try await client.store(prompt, answer: "<think>hm</think>Yes <img src=x onerror=y>\n**bold**") { chat in
            chat.attachments = [
                MediaAttachment(name: "\" onload=\"z", mediaType: "image/png", url: "data:image/png;base64,AA=="),
                MediaAttachment(
                    name: "far.png", mediaType: "image/png", url: "https://example.org/a.png\" onerror=\"z"),
            ]
        }
        try await client.store("hidden", isIncluded: false)
        try await client.store("in a session", session: "s")
    }

    private static func export(_ client: TestClient, _ type: String, _ body: JSON = ["workspaceSlug": "w-b"])
        async throws
        -> (status: Int, headers: HTTPFields, text: String)
    { try await client.response(.post, "/export-chat/\(type)", body) }

    @Test func `each form has its own type and name, and leaves out what is hidden`() async throws {
        try await TestServer.run { client in
            try await Self.fill(client)
            for (type, mediaType, suffix) in [
                ("markdown", "text/markdown", "md"), ("plaintext", "text/plain", "txt"),
                ("json", "application/json", "json"), ("html", "text/html", "html"),
            ] {
                let (status, headers, text) = try await Self.export(client, type)
                #expect(status == 200)
                #expect(headers[.contentType] == "\(mediaType); charset=utf-8")
                #expect(headers[.init("Content-Disposition")!]?.contains("filename=\"w-b.\(suffix)\"") == true)
                #expect(!text.contains("hidden") && !text.contains("in a session"), "\(type)")
            }
            let markdown = try await Self.export(client, "markdown").text
            #expect(markdown.hasPrefix("**Workspace:** W \\<b\\>  \n**Exported:** "))
            #expect(markdown.contains("**You:**\n\n> <script>"))
            #expect(markdown.contains("**Assistant:**\n\nYes ") && !markdown.contains("hm"))
            let plain = try await Self.export(client, "plaintext").text
            #expect(plain.hasPrefix("Workspace: W <b>\nExported: "))
            #expect(plain.contains("You:\n\(Self.prompt)\n[Attached: ") && plain.contains("Assistant:\nYes "))
        }
    }

    @Test func `JSON has the turns, and what the model thought apart`() async throws {
        try await TestServer.run { client in
            try await Self.fill(client)
            try await client.store("again", answer: "plain")
            let text = try await Self.export(client, "json").text
            let file = try JSON(parsing: text)
            #expect(file.objectValue?.keys == ["workspace", "thread", "exported", "messages"])
            #expect(file["workspace"] == "W <b>" && file["thread"] == .null)
            #expect(
                file["messages"] == [
                    ["role": "user", "content": .string(Self.prompt)],
                    ["role": "assistant", "content": "Yes <img src=x onerror=y>\n**bold**", "reasoning": "hm"],
                    ["role": "user", "content": "again"], ["role": "assistant", "content": "plain"],
                ])
            #expect(text == file.indented(by: 2) + "\n")
        }
    }

    private struct ScriptedPrinter: PagePrinter {
        let result: Result<[UInt8], RenderingError>
        func pdf(of page: String) async throws -> [UInt8] { try result.get() + Array(page.utf8) }
    }

    @Test func `PDF is the page of HTML on paper`() async throws {
        let printer = ScriptedPrinter(result: .success(Array("%PDF-1.4\n".utf8)))
        try await TestServer.run(pagePrinter: printer) { client in
            try await Self.fill(client)
            let (status, headers, text) = try await Self.export(client, "PDF")
            #expect(status == 200 && headers[.contentType] == "application/pdf")
            #expect(headers[.init("Content-Disposition")!]?.contains("filename=\"w-b.pdf\"") == true)
            let page = try await Self.export(client, "html").text
            #expect(text.hasPrefix("%PDF-1.4\n<!doctype html>"))
            #expect(text.components(separatedBy: "<main>").last == page.components(separatedBy: "<main>").last)
        }
        let broken = ScriptedPrinter(result: .failure(RenderingError("the browser cannot be started")))
        try await TestServer.run(pagePrinter: broken) { client in
            try await Self.fill(client)
            let (status, _, text) = try await Self.export(client, "pdf")
            #expect(status == 502 && text.contains("not printed: the browser cannot be started."))
        }
    }

    @Test func `A34 a page runs nothing and loads nothing, whatever was said`() async throws {
        try await TestServer.run { client in
            try await Self.fill(client)
            let (_, headers, text) = try await Self.export(client, "html")
            #expect(headers[.init("Content-Security-Policy")!]?.contains("default-src 'none'") == true)
            #expect(headers[.init("X-Content-Type-Options")!] == "nosniff")
            #expect(
                !text.contains("<script") && text.contains("&lt;script&gt;alert(1)&lt;/script&gt; &amp; &quot;quotes"))
            #expect(text.contains("<title>W &lt;b&gt;</title>"))
            #expect(text.contains("<summary>Reasoning</summary><p class=\"text\">hm</p>"))
            #expect(text.contains("&lt;img src=x onerror=y&gt;"))
            // The one picture that is a picture.
            let pictures = text.split(separator: "<img ").dropFirst()
            #expect(pictures.count == 1)
            #expect(
                pictures.first?.hasPrefix("alt=\"&quot; onload=&quot;z\" src=\"data:image/png;base64,AA==\">") == true)
            #expect(text.contains("<p>Attached: far.png</p>") && !text.contains("example.org"))
        }
    }

    @Test func `only the caller's own conversation is exported, and a thread of that workspace`() async throws {
        try await TestServer.run { client in
            try await client.makeWorkspaces("w", "v")
            _ = try await client.json(.post, "/v1/workspace/v/thread/new", ["slug": "elsewhere"])
            try await client.turnOnMultiUserMode()
            for name in ["ann", "ben"] { try await client.makeUser(name) }
            _ = try await client.json(.post, "/v1/admin/workspaces/w/manage-users", ["userIds": [2, 3]])
            try await client.store("by root", user: 1)
            try await client.store("by ann", user: 2)
            let (root, ann, ben) = (
                try await client.asUser("root"), try await client.asUser("ann"), try await client.asUser("ben")
            )
            for (user, prompts) in [(root, ["by root"]), (ann, ["by ann"])] {
                let (status, _, text) = try await Self.export(user, "json", ["workspaceSlug": "w"])
                #expect(status == 200)
                let asked = try JSON(parsing: text)["messages"]?.arrayValue?.filter { $0["role"] == "user" }
                #expect(asked?.map { $0["content"]?.stringValue } == prompts)
            }
            for (user, type, body, status) in [
                (ben, "json", ["workspaceSlug": "w"], 400), (root, "docx", ["workspaceSlug": "w"], 400),
                (ann, "json", ["workspaceSlug": "v"], 404), (ann, "json", [:], 404),
                (root, "json", ["workspaceSlug": "none"], 404),
                (root, "json", ["workspaceSlug": "w", "threadSlug": "elsewhere"], 404),
                (root, "json", ["workspaceSlug": "w", "threadSlug": 5], 404),
            ] as [(TestClient, String, JSON, Int)] {
                let answer = try await Self.export(user, type, body)
                #expect(answer.status == status, "\(type) \(body)")
            }
            let pdf = try await Self.export(root, "pdf", ["workspaceSlug": "w"])
            #expect(pdf.status == 400 && pdf.text.contains("no Chromium"))
            _ = try await ann.json(.post, "/v1/workspace/w/thread/new", ["slug": "plans", "name": "Plans"])
            _ = try await ann.json(.post, "/v1/workspace/w/thread/plans/chat", ["message": "and then?"])
            let body: JSON = ["workspaceSlug": "w", "threadSlug": "plans"]
            let own = try await Self.export(ann, "plaintext", body)
            #expect(own.status == 200 && own.text.contains("Thread: Plans\n") && own.text.contains("and then?"))
            let others = try await Self.export(ben, "plaintext", body)
            #expect(others.status == 404)
        }
    }

    // MARK: The whole instance

    @Test func `what visitors asked is exported without names and ratings`() async throws {
        try await TestServer.run(model: ScriptedModel(["At seven."])) { client in
            try await client.makeWorkspaces("w")
            try await client.store("in the workspace")
            let uuid = try #require(
                try await client.json(.post, "/embeds/new", ["workspace_id": 1, "chat_mode": "chat"])["embed"]?["uuid"]?
                    .stringValue)
            for (question, session) in [("one", 1), ("two", 2), ("three", 1)] {
                _ = try await client.send(
                    .post, "/embed/\(uuid)/stream-chat",
                    [
                        "message": .string(question),
                        "sessionId": .string("00000000-0000-0000-0000-00000000000\(session)"),
                    ])
            }
            let path = "/system/export-chats?chatType=embed&type="
            let csv = try await client.send(.get, path + "csv").text.split(separator: "\n")
            #expect(csv.first == "id,workspace,prompt,response,sent_at")
            #expect(csv.count == 4 && csv[1].hasPrefix(#""1","w","one","At seven.","#))
            let json = try await client.json(.get, path + "json").arrayValue
            #expect(json?.map { $0["prompt"] } == ["one", "two", "three"])
            #expect(
                json?.first?.objectValue?.keys == ["id", "prompt", "response", "sent_at", "attachments", "workspace"])
            // A line for each session.
            let lines = try await client.send(.get, path + "jsonl").text.split(separator: "\n")
            #expect(lines.count == 2)
            let first = try JSON(parsing: String(lines[0]))["messages"]?.arrayValue?.map { $0["role"] }
            #expect(first == ["system", "user", "assistant", "user", "assistant"])
            let alpaca = try await client.json(.get, path + "jsonAlpaca").arrayValue
            #expect(alpaca?.last?["input"] == "three")
            let workspaces = try await client.json(.get, "/system/export-chats?type=json&chatType=workspace").arrayValue
            #expect(workspaces?.map { $0["prompt"] } == ["in the workspace"])
            let wrong = try await client.send(.get, "/system/export-chats?chatType=people")
            #expect(wrong.status == 400)
            let log = try await client.send(.post, "/system/event-logs", ["event": "exported_chats"])
            #expect(log.text.contains("chatType") && log.text.contains("embed"))
        }
    }

    @Test func `chats of the instance are shown by pages, and deleted singly or all`() async throws {
        try await TestServer.run { client in
            try await client.makeWorkspaces("w")
            try await client.turnOnMultiUserMode()
            try await client.makeUser("max", role: "manager")
            try await client.makeUser("ann")
            for number in 1...3 { try await client.store("\(number)") }
            let (max, ann) = (try await client.asUser("max"), try await client.asUser("ann"))
            let page = try await max.json(.post, "/system/workspace-chats", ["limit": 2])
            #expect(page["chats"]?.arrayValue?.map { $0["prompt"] } == ["3", "2"])
            #expect(page["hasPages"] == true && page["totalChats"] == 3)
            for path in ["/system/workspace-chats/1", "/system/workspace-chats/-1"] {
                let refused = try await ann.send(.delete, path)
                #expect(refused.status == 401, "\(path)")
            }
            let deleted = try await max.json(.delete, "/system/workspace-chats/2")
            #expect(deleted == ["success": true, "error": .null])
            for (id, status) in [("2", 404), ("x", 400), ("-2", 400), ("0", 400)] {
                let answer = try await max.send(.delete, "/system/workspace-chats/\(id)")
                #expect(answer.status == status, "\(id)")
            }
            let left = try await client.prompts("/v1/workspace/w/chats")
            #expect(left == ["1", "3"])
            let all = try await max.json(.delete, "/system/workspace-chats/-1")
            #expect(all == ["success": true, "error": .null])
            let none = try await max.json(.post, "/system/workspace-chats", [:])
            #expect(none["chats"] == [] && none["totalChats"] == 0)
            let log = try await client.json(.post, "/system/event-logs", ["event": "workspace_chats_cleared"])
            #expect(log["logs"]?.arrayValue?.first?["caller"]?["name"] == "max")
        }
    }

    @Test func `what operators hide is neither listed nor exported here`() async throws {
        try await TestServer.run(environment: ["DISABLE_VIEW_CHAT_HISTORY": "1"]) { client in
            for (method, path) in [
                (HTTPRequest.Method.get, "/system/export-chats"), (.get, "/system/export-chats?chatType=embed"),
                (.post, "/system/workspace-chats"),
            ] {
                let answer = try await client.send(method, path)
                #expect(answer.status == 422, "\(path)")
                #expect(answer.text.contains("This feature has been disabled by the administrator."))
            }
        }
    }
}
