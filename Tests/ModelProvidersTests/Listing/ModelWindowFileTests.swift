import Domain
import Foundation
import ModelProviders
import TestSupport
import Testing

@Suite struct ModelWindowFileTests {
    private static let table = """
        {"sample_spec":{"litellm_provider":"one of the vendors","max_input_tokens":"the most"},
         "gpt-x":{"litellm_provider":"openai","max_input_tokens":111,"max_tokens":5},
         "groq/llama-x":{"litellm_provider":"groq","max_input_tokens":222},
         "fireworks_ai/accounts/f/models/m":{"litellm_provider":"fireworks_ai","max_input_tokens":333.0},
         "no-window":{"litellm_provider":"openai","max_tokens":5},"zero":{"litellm_provider":"openai","max_input_tokens":0},
         "not-an-object":7}
        """

    private func withFile(_ body: (_ path: String) throws -> Void) throws {
        let path = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString).path
        defer { try? FileManager.default.removeItem(atPath: path) }
        try body(path)
    }

    @Test func `windows are found by vendor and model`() throws {
        try withFile { path in
            try Self.table.write(toFile: path, atomically: true, encoding: .utf8)
            let table = ModelWindowFile(path: path).table
            #expect(table.window(of: "gpt-x", by: ["openai"]) == 111)
            #expect(table.window(of: "llama-x", by: ["other", "groq"]) == 222)
            #expect(table.window(of: "accounts/f/models/m", by: ["fireworks_ai"]) == 333)
            #expect(table.window(of: "gpt-x", by: ["groq"]) == nil && table.window(of: "gpt-x", by: []) == nil)
            #expect(table.window(of: "no-window", by: ["openai"]) == nil)
            #expect(table.window(of: "zero", by: ["openai"]) == nil)
        }
    }

    @Test func `the file may come, change, break and go`() throws {
        try withFile { path in
            let problems = Observed<[String]>([])
            let file = ModelWindowFile(path: path, patience: .zero) { problem in problems.change { $0.append(problem) }
            }
            #expect(file.table == .empty)
            try Self.table.write(toFile: path, atomically: true, encoding: .utf8)
            let first = file.table
            #expect(first.window(of: "gpt-x", by: ["openai"]) == 111)
            try "{".write(toFile: path, atomically: true, encoding: .utf8)
            #expect(file.table == first && file.table == first && problems.value.count == 1)
            try #"{"gpt-x":{"litellm_provider":"openai","max_input_tokens":9}}"#
                .write(toFile: path, atomically: true, encoding: .utf8)
            #expect(file.table.window(of: "gpt-x", by: ["openai"]) == 9)
            try FileManager.default.removeItem(atPath: path)
            #expect(file.table == .empty && problems.value.count == 1)
        }
    }
}
