import Domain
import Foundation
import NIOHTTP1
import OrderedJSON
import TestSupport
import Testing

/// The built program beside a running server: what a folder becomes, and what happens when it comes again.
@Suite(.timeLimit(.minutes(3))) struct IngestTests {
    /// A directory `docs` that is removed at the end.
    private func withFolder(_ files: [String: String], _ body: (Folder) async throws -> Void) async throws {
        let folder = Folder(
            path: FileManager.default.temporaryDirectory.appending(path: "lectern-\(UUID().uuidString)/docs").path)
        defer { try? FileManager.default.removeItem(at: URL(fileURLWithPath: folder.path).deletingLastPathComponent()) }
        for (name, text) in files { try folder.write(text, to: name) }
        try await body(folder)
    }

    private struct Folder {
        let path: String

        func write(_ text: String, to name: String) throws {
            let file = URL(fileURLWithPath: "\(path)/\(name)")
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(text.utf8).write(to: file)
        }

        func remove(_ name: String) throws { try FileManager.default.removeItem(atPath: "\(path)/\(name)") }
    }

    /// Runs the command to its end.
    private func ingest(
        _ arguments: [String], _ server: RunningServer, key: String? = nil
    ) async throws -> (status: Int32, text: String) {
        let ingestion = try RunningCommand(["ingest"] + arguments, server, key: key)
        let text = try await ingestion.text { _ in false }
        return (ingestion.status, text)
    }

    private func documents(in workspace: String, _ server: RunningServer) async throws -> [String] {
        let found = try await server.api.json(.GET, "/workspace/\(workspace)")
        let documents = found["workspace"]?.arrayValue?.first?["documents"]?.arrayValue ?? []
        return try documents.map { document in
            let folder = document["docpath"]?.stringValue?.split(separator: "/").first ?? ""
            let metadata = try JSON(parsing: document["metadata"]?.stringValue ?? "")
            return "\(folder)/\(metadata["title"]?.stringValue ?? "")"
        }.sorted()
    }

    @Test func `a folder comes in once, and again only what has changed`() async throws {
        let files = [
            "tide.txt": "High water is at nine.", "a/pier é.md": "# Piers\n\nThe north pier is closed.",
            "broken.pdf": "this is no PDF", "program.exe": "x",
        ]
        try await RunningServer.run { server in
            try await withFolder(files) { folder in
                let command = [folder.path, "--workspace", "harbour", "--create-workspace"]
                let first = try await ingest(command, server)
                #expect(first.status == 1, "\(first.text)")
                #expect(first.text.contains("2 new, 0 changed, 0 unchanged, 1 skipped, 1 failed"), "\(first.text)")
                #expect(first.text.contains("failed     \(folder.path)/broken.pdf: "))
                #expect(first.text.contains("1 of types that the server does not list (.exe; --all-types sends them)"))
                #expect(try await documents(in: "harbour", server) == ["docs - a/pier é.md", "docs/tide.txt"])

                try folder.remove("broken.pdf")
                let second = try await ingest(command, server)
                #expect(second.status == 0, "\(second.text)")
                #expect(second.text.contains("0 new, 0 changed, 2 unchanged, 1 skipped, 0 failed; 0 bytes sent"))

                try folder.write("High water is at ten.", to: "tide.txt")
                let third = try await ingest(command, server)
                #expect(third.status == 0 && third.text.contains("0 new, 1 changed, 1 unchanged"), "\(third.text)")
                #expect(try await documents(in: "harbour", server).count == 2)
                let search = try await server.api.json(
                    .POST, "/workspace/harbour/vector-search",
                    [
                        "query": "When is high water?", "scoreThreshold": 0,
                        "filter": ["type": "eq", "key": "metadata.path", "value": "tide.txt"],
                    ])
                #expect(search["results"]?.arrayValue?.first?["text"]?.stringValue?.contains("at ten") == true)
            }
        }
    }

    @Test func `what is in the library goes into a workspace without being sent`() async throws {
        try await RunningServer.run { server in
            _ = try await server.api.json(.POST, "/workspace/new", ["name": "w"])
            try await withFolder(["a.txt": "one", "b.txt": "two"]) { folder in
                let stored = try await ingest([folder.path, "--folder", "Notes"], server)
                #expect(stored.status == 0 && stored.text.contains("2 new"), "\(stored.text)")
                #expect(try await documents(in: "w", server) == [])
                let trial = try await ingest(
                    [folder.path, "--folder", "Notes", "--workspace", "w", "--dry-run"], server)
                #expect(trial.status == 0 && trial.text.contains("2 to be added"), "\(trial.text)")
                #expect(try await documents(in: "w", server) == [])
                let added = try await ingest([folder.path, "--folder", "Notes", "--workspace", "w"], server)
                #expect(added.status == 0 && added.text.contains("2 added"), "\(added.text)")
                #expect(added.text.contains("0 bytes sent"))
                #expect(try await documents(in: "w", server) == ["Notes/a.txt", "Notes/b.txt"])
            }
        }
    }

    @Test func `a wrong key, a missing workspace and a missing path are said before anything is sent`() async throws {
        try await RunningServer.run { server in
            try await withFolder(["a.txt": "one"]) { folder in
                let wrong = try await ingest([folder.path], server, key: "AAAAAAA-BBBBBBB-CCCCCCC-DDDDDDD")
                #expect(wrong.status != 0 && wrong.text.contains("does not know this key"), "\(wrong.text)")
                let none = try await ingest([folder.path], server, key: "")
                #expect(none.status != 0 && none.text.contains("LECTERN_API_KEY"), "\(none.text)")
                let missing = try await ingest([folder.path, "--workspace", "nowhere"], server)
                #expect(
                    missing.status != 0 && missing.text.contains("There is no workspace nowhere"), "\(missing.text)")
                let path = try await ingest([folder.path, "/nowhere/at/all"], server)
                #expect(path.status != 0 && path.text.contains("/nowhere/at/all: No such file"), "\(path.text)")
                #expect(try await server.api.json(.GET, "/documents?limit=10")["totalCount"] == 0)
            }
        }
    }

    @Test func `a watched folder is followed until somebody ends it`() async throws {
        try await RunningServer.run { server in
            _ = try await server.api.json(.POST, "/workspace/new", ["name": "w"])
            try await withFolder(["a.txt": "one"]) { folder in
                let arguments = [folder.path, "--workspace", "w", "--watch", "--delete", "--interval", "0.2"]
                let watch = try RunningCommand(["ingest"] + arguments, server)
                defer { watch.end(with: SIGKILL) }
                _ = try await watch.text { $0.contains("new        \(folder.path)/a.txt") }
                try folder.write("two", to: "b.txt")
                _ = try await watch.text { $0.contains("new        \(folder.path)/b.txt") }
                #expect(try await documents(in: "w", server) == ["docs/a.txt", "docs/b.txt"])
                try folder.write("three", to: "a.txt")
                _ = try await watch.text { $0.contains("changed    \(folder.path)/a.txt") }
                try FileManager.default.moveItem(atPath: "\(folder.path)/b.txt", toPath: "\(folder.path)/c.txt")
                _ = try await watch.text { $0.contains("removed    \(folder.path)/b.txt") }
                #expect(try await documents(in: "w", server) == ["docs/a.txt", "docs/c.txt"])
                watch.end(with: SIGINT)
                let text = try await watch.text { _ in false }
                #expect(watch.status == 0 && text.contains("3 new, 1 changed, 0 unchanged, 1 removed"), "\(text)")
            }
        }
    }
}
