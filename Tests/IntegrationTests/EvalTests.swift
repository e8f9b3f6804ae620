import Foundation
import NIOHTTP1
import OrderedJSON
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(3))) struct EvalTests {
    private func withCollection(_ files: [String: String], _ body: (String) async throws -> Void) async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "lectern-\(UUID().uuidString)/boats")
        defer { try? FileManager.default.removeItem(at: folder.deletingLastPathComponent()) }
        for (name, text) in files {
            let file = folder.appending(path: name)
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(text.utf8).write(to: file)
        }
        try await body(folder.path)
    }

    private static let files = [
        "corpus.jsonl": """
        {"_id": "a", "title": "Tides", "text": "High water is at nine, and low water at three."}
        {"_id": 7, "title": "", "text": "The pump is of the type GSK-B417 and stands in the cellar."}

        {"_id": "c", "title": "Piers", "text": ""}
        """,
        "queries.jsonl": """
        {"_id": "1", "text": "When is the water high?"}
        {"_id": "2", "text": "B417"}
        {"_id": "3", "text": "Nobody has judged this."}
        """,
        "qrels/test.tsv": "query-id\tcorpus-id\tscore\n1\ta\t2\n1\tc\t0\n2\t7\t1\n",
    ]

    private func eval(
        _ arguments: [String], _ server: RunningServer, key: String? = nil
    ) async throws -> (status: Int32, text: String) {
        let command = try RunningCommand(["eval"] + arguments, server, key: key)
        let text = try await command.text { _ in false }
        return (command.status, text)
    }

    @Test func `a collection is brought in once, and its questions are judged in each mode`() async throws {
        try await RunningServer.run { server in
            try await withCollection(Self.files) { folder in
                let first = try await eval([folder], server)
                #expect(first.status == 0, "\(first.text)")
                #expect(first.text.contains("boats: 2 questions, workspace eval-boats"))
                #expect(first.text.contains("| mode    | nDCG@10 | recall@10 | MRR@10 |"))
                #expect(first.text.contains("| default | 1.000   | 1.000     | 1.000  |"), "\(first.text)")

                let again = try await eval(
                    [folder, "--workspace", "eval-boats", "--modes", "default,vector", "--json", "--depth", "1"], server
                )
                let line = again.text.split(separator: "\n").last.map(String.init) ?? ""
                let report = try JSON(parsing: Array(line.utf8))
                #expect(report["questions"] == 2 && report["depth"] == 1)
                #expect(report["modes"]?.arrayValue?.map { $0["mode"] } == ["default", "vector"])
                #expect(report["modes"]?.arrayValue?.last?["pValue"]?.doubleValue.map { (0...1).contains($0) } == true)
                let workspaces = try await server.api.json(.GET, "/workspaces")["workspaces"]?.arrayValue
                #expect(workspaces?.count == 1)
            }
        }
    }

    @Test func `what is wrong with a collection, a workspace or a key is said`() async throws {
        try await RunningServer.run { server in
            try await withCollection(Self.files) { folder in
                let unknown = try await eval([folder, "--workspace", "nope"], server)
                #expect(unknown.status == 1 && unknown.text.contains("There is no workspace nope."))
                let stranger = try await eval([folder], server, key: "x")
                #expect(stranger.status == 1 && stranger.text.contains("does not know this key"))
                let text = try await eval([folder, "--modes", "best"], server).text
                #expect(text.contains("--modes takes"))
                let missing = try await eval(["/nowhere"], server).text
                #expect(missing.contains("corpus.jsonl cannot be read"))
            }
            var broken = Self.files
            broken["qrels/test.tsv"] = "1\ta\t2\n1\ta\n"
            try await withCollection(broken) { folder in
                let text = try await eval([folder], server).text
                #expect(text.contains("Line 2 of qrels/test.tsv"))
            }
            broken = Self.files
            broken["corpus.jsonl"] = "{}"
            try await withCollection(broken) { folder in
                let text = try await eval([folder], server).text
                #expect(text.contains("Line 1 of corpus.jsonl"))
            }
        }
    }
}
