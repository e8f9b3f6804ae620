import Domain
import Foundation
import NIOHTTP1
import OrderedJSON
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(4))) struct CrashTests {
    /// What makes up a small document of some forty chunks.
    private static let text = (0..<400).map { "Sentence number \($0) tells about the harbour and its light." }
        .joined(separator: "\n\n")

    @Test(arguments: DatabaseEngine.allCases)
    func `an upload that kill -9 cuts off is finished at the next start, or was never there`(engine: DatabaseEngine)
        async throws
    {
        try await RunningServer.run(on: engine) { server in
            _ = try await server.api.json(.POST, "/workspace/new", ["name": "w"])
            let share = try await chunksOfOneDocument(server)
            // Milliseconds after which the server is killed: while it receives, parses, cuts, embeds and stores.
            for (round, delay) in [0, 15, 40, 80, 150, 250, 400].enumerated() {
                let name = "round\(round).txt"
                let api = server.api
                async let answer = api.upload(Self.text + name, named: name, to: "w")
                try await Task.sleep(for: .milliseconds(delay))
                server.end(with: SIGKILL)
                _ = try? await answer
                try await server.start()
                // A second crash in the same job would end it.
                try await jobsAreFinished(server)
            }
            let complete = try await server.api.upload(Self.text + "complete", named: "complete.txt", to: "w")
            #expect(complete["success"] == true)
            try await jobsAreFinished(server)

            let listed =
                try await server.api.json(.GET, "/documents")["localFiles"]?["items"]?.arrayValue?
                .flatMap { $0["items"]?.arrayValue ?? [] } ?? []
            let workspace = try await server.api.json(.GET, "/workspace/w")["workspace"]?.arrayValue?.first
            let members = workspace?["documents"]?.arrayValue ?? []
            // The later rounds let the upload arrive whole before they kill.
            #expect(members.count >= 3)
            #expect(listed.count == members.count + 1)
            #expect(Set(members.compactMap { $0["docpath"]?.stringValue }).count == members.count)
            // Every document is cut alike, so each has as many vectors as the first had, and none has a part of them.
            #expect(try await vectorCount(server) == share * Int64(members.count + 1))
            #expect(try FileManager.default.contentsOfDirectory(atPath: server.storage + "/spool") == [])
        }
    }

    @Test func `A50 a disk that is full refuses uploads, keeps what it has, and takes more when there is room`()
        async throws
    {
        try await RunningServer.run(on: .sqlite) { server in
            _ = try await server.api.json(.POST, "/workspace/new", ["name": "w"])
            let share = try await chunksOfOneDocument(server)
            server.end(with: SIGTERM)
            // Room for some documents beyond what is there, which differs with what was written back at the stop.
            try await server.start(maximumFileSize: try largestFile(in: server.storage) + 1000)
            var stored: [String] = []
            var refusal: JSON?
            for round in 0..<60 where refusal == nil {
                let answer = try await server.api.upload(Self.text + "\(round)", named: "round\(round).txt", to: "w")
                if answer["success"] == true,
                    let path = answer["documents"]?.arrayValue?.first?["location"]?.stringValue
                {
                    stored.append(path)
                } else {
                    refusal = answer
                }
            }
            #expect(refusal?["error"]?.stringValue?.isEmpty == false)
            #expect(!stored.isEmpty)
            #expect(server.isRunning)
            // What only reads goes on.
            let held = try await server.api.json(.GET, "/documents").text
            #expect(stored.allSatisfy { held.contains($0.split(separator: "/")[1]) })

            server.end(with: SIGKILL)
            try await server.start()
            let complete = try await server.api.upload(Self.text + "complete", named: "complete.txt", to: "w")
            #expect(complete["success"] == true)
            try await jobsAreFinished(server)
            let members = try await server.api.json(.GET, "/workspace/w")["workspace"]?.arrayValue?.first?["documents"]
            let paths = Set((members?.arrayValue ?? []).compactMap { $0["docpath"]?.stringValue })
            #expect(paths.isSuperset(of: stored))
            #expect(try await vectorCount(server) == share * Int64(paths.count + 1))
        }
    }

    /// In KiB.
    private func largestFile(in folder: String) throws -> Int {
        let sizes = try FileManager.default.contentsOfDirectory(atPath: folder).map { name in
            try FileManager.default.attributesOfItem(atPath: "\(folder)/\(name)")[.size] as? Int ?? 0
        }
        return (sizes.max() ?? 0) >> 10
    }

    private func vectorCount(_ server: RunningServer) async throws -> Int64 {
        try #require(try await server.api.json(.GET, "/system/vector-count")["vectorCount"]?.integerValue)
    }

    /// Of a document like those of the tests, which goes into a workspace of its own without being disturbed.
    private func chunksOfOneDocument(_ server: RunningServer) async throws -> Int64 {
        _ = try await server.api.json(.POST, "/workspace/new", ["name": "undisturbed"])
        let stored = try await server.api.upload(Self.text + "round0", named: "round9.txt", to: "undisturbed")
        #expect(stored["success"] == true)
        let count = try await vectorCount(server)
        #expect(count > 20)
        return count
    }

    /// A document that was stored but is not yet in its workspace is still under way.
    private func jobsAreFinished(_ server: RunningServer) async throws {
        try await server.wait {
            let listed = try await server.api.json(.GET, "/documents").text.components(separatedBy: "\"cached\":false")
                .count
            let workspace = try await server.api.json(.GET, "/workspace/w")
            let members = workspace["workspace"]?.arrayValue?.first?["documents"]?.arrayValue?.count ?? 0
            let documents = try await server.api.json(.GET, "/documents").text.components(
                separatedBy: "\"type\":\"file\""
            )
            .count
            // The undisturbed one is in another workspace.
            let spool = try FileManager.default.contentsOfDirectory(atPath: server.storage + "/spool")
            return listed == 1 && members == documents - 2 && spool.isEmpty
        }
    }
}

@Suite struct DisconnectedClientTests {
    @Test(arguments: DatabaseEngine.allCases)
    func `clients that disconnect at any moment of a stream do no harm`(engine: DatabaseEngine) async throws {
        try await RunningServer.run(on: engine) { server in
            _ = try await server.api.json(.POST, "/workspace/new", ["name": "w", "similarityThreshold": 0])
            _ = try await server.api.upload(
                "The harbour opens at seven. The light is lit at dusk.", named: "a.txt", to: "w")
            for round in 0..<30 {
                try await server.api.disconnect(after: round % 3, "/workspace/w/stream-chat", ["message": "harbour"])
            }
            #expect(server.isRunning)
            let answer = try await server.api.json(
                .POST, "/workspace/w/chat", ["message": "When does the harbour open?"])
            #expect(answer["textResponse"]?.stringValue?.contains("opens at seven") == true)
        }
    }
}
