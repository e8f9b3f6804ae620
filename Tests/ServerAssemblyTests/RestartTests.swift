import Domain
import Engine
import Foundation
import HTTPAPI
import Persistence
import ServerAssembly
import Testing

/// The server as the program starts it, twice on one storage directory.
@Suite struct RestartTests {
    @Test func `settings that were changed hold at the next start`() async throws {
        try await withDirectory { directory in
            try await Self.start(in: directory) { server in
                let change = [
                    SentSetting("GenericOpenAiBasePath", .text("http://127.0.0.1:1/v1")),
                    SentSetting("GenericOpenAiKey", .text("sk-1")),
                ]
                let outcome = try await server.services.administration.editor.update(change, by: .system)
                #expect(outcome.batch.error == nil)
            }
            try await Self.start(in: directory, environment: ["GENERIC_OPEN_AI_BASE_PATH": "http://127.0.0.1:2/v1"]) {
                let settings = $0.services.administration.settings.snapshot
                #expect(settings.value(for: "GENERIC_OPEN_AI_BASE_PATH") == "http://127.0.0.1:1/v1")
                #expect(settings.value(for: "GENERIC_OPEN_AI_API_KEY") == "sk-1")
            }
        }
    }

    @Test func `a job that was accepted is done by the next start, with its caller's rights`() async throws {
        try await withDirectory { directory in
            let workspaces = ["mine", "theirs"]
            let job = try await Self.start(in: directory) { server in
                for name in workspaces {
                    _ = try await server.services.workspaces.registry.create(
                        WorkspaceSettings(name: name), fullName: name, by: .system)
                }
                var metadata = DocumentMetadata()
                metadata.title = "kept"
                return try await server.services.library.ingestion.submit(
                    "The text.", .init(metadata: metadata, workspaces: workspaces, isAwaited: false),
                    by: .key(.init(id: 1, workspaces: .only([1]))))
            }
            try await Self.start(in: directory) { server in
                try await withThrowingTaskGroup(of: Void.self) { group in
                    group.addTask { await server.work.run() }
                    let result = try await server.services.library.ingestion.result(of: job)
                    #expect(result.documents.map(\.text) == ["The text."])
                    #expect(result.outcome.placements.map(\.workspace) == workspaces)
                    #expect(result.outcome.placements.map { $0.error == nil } == [true, false])
                    group.cancelAll()
                }
            }
        }
    }

    @Test func `files of uploads that never arrived whole are removed at the start`() async throws {
        try await withDirectory { directory in
            try await Self.start(in: directory) { _ in }
            let spool = directory + "/spool"
            let name = "upload-" + String(repeating: "0", count: 32)
            try #require(FileManager.default.createFile(atPath: "\(spool)/\(name)", contents: Data("half of".utf8)))
            try await Self.start(in: directory) { _ in }
            #expect(try FileManager.default.contentsOfDirectory(atPath: spool) == [])
        }
    }

    @Test func `two servers do not work on one directory`() async throws {
        try await withDirectory { directory in
            let refusal: StartError? = try await Self.start(in: directory) { _ in
                do {
                    _ = try await Storage.open(StoragePlace(directory: directory), for: .serving)
                    return nil
                } catch let error as StartError {
                    return error
                }
            }
            #expect(refusal?.description.contains("Another Lectern works on") == true)
        }
    }

    private static func start<Value>(
        in directory: String, environment: [String: String] = [:], _ body: (Server) async throws -> Value
    ) async throws -> Value {
        let storage = try await Storage.open(StoragePlace(directory: directory), for: .serving)
        let value = try await body(Server(.standIns(on: storage, environment: environment)))
        withExtendedLifetime(storage) {}
        return value
    }

    private func withDirectory(_ body: (String) async throws -> Void) async throws {
        let directory = FileManager.default.temporaryDirectory.appending(path: "lectern-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: directory) }
        try await body(directory)
    }
}
