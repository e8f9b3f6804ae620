import Foundation
import NIOHTTP1
import OrderedJSON
import TestSupport
import Testing

/// `lectern mcp`, as desktop clients start it: over pipes, beside a running server.
@Suite struct MCPCommandTests {
    @Test func `messages go to the server and back, a line each, until the input ends`() async throws {
        try await RunningServer.run { server in
            _ = try await server.api.json(.POST, "/workspace/new", ["name": "Harbour", "similarityThreshold": 0.1])
            _ = try await server.api.upload("The harbour opens at seven.", named: "a.txt", to: "harbour")
            let bridge = try Bridge(server: "http://127.0.0.1:\(server.api.port)/api", key: server.api.key)
            try bridge.write([
                "jsonrpc": "2.0", "id": 1, "method": "initialize",
                "params": ["protocolVersion": "2025-06-18", "capabilities": [:]],
            ])
            let begun = try bridge.read()
            #expect(begun["result"]?["protocolVersion"] == "2025-06-18")
            try bridge.write(["jsonrpc": "2.0", "method": "notifications/initialized"])
            try bridge.write([
                "jsonrpc": "2.0", "id": "s", "method": "tools/call",
                "params": ["name": "search", "arguments": ["query": "When does the harbour open?"]],
            ])
            let found = try bridge.read()
            #expect(found["id"] == "s")
            let passage = found["result"]?["structuredContent"]?["results"]?.arrayValue?.first
            #expect(passage?["text"] == "The harbour opens at seven.")
            // The last request is answered although the input has ended.
            try bridge.write(["jsonrpc": "2.0", "id": 2, "method": "ping"])
            bridge.endInput()
            #expect(try bridge.read() == ["jsonrpc": "2.0", "id": 2, "result": [:]])
            #expect(bridge.status == 0)
        }
    }

    @Test func `a wrong key is an error of each request, and no more`() async throws {
        try await RunningServer.run { server in
            let bridge = try Bridge(server: "127.0.0.1:\(server.api.port)", key: "wrong-key")
            try bridge.write(["jsonrpc": "2.0", "id": 1, "method": "ping"])
            let refused = try bridge.read()
            #expect(refused["id"] == 1)
            #expect(refused["error"]?["message"]?.stringValue?.isEmpty == false)
            #expect(!refused.text.contains("wrong-key"))
            bridge.endInput()
            #expect(bridge.status == 0)
        }
    }
}

/// The running command.
private final class Bridge {
    private let process = Process()
    private let input = Pipe()
    private let output = Pipe()
    private var seen: [UInt8] = []

    init(server: String, key: String) throws {
        process.executableURL = URL(fileURLWithPath: try ServerBinary.path())
        process.arguments = ["mcp", "--server", server]
        process.environment = ProcessInfo.processInfo.environment.merging(["LECTERN_API_KEY": key]) { $1 }
        process.standardInput = input
        process.standardOutput = output
        try process.run()
    }

    deinit { if process.isRunning { process.terminate() } }

    func write(_ message: JSON) throws {
        try input.fileHandleForWriting.write(contentsOf: Data((message.text + "\n").utf8))
    }

    func endInput() { try? input.fileHandleForWriting.close() }

    /// The next line.
    func read() throws -> JSON {
        while true {
            if let end = seen.firstIndex(of: UInt8(ascii: "\n")) {
                let line = seen[..<end]
                seen.removeFirst(end + 1)
                return try JSON(parsing: line)
            }
            let data = output.fileHandleForReading.availableData
            try #require(!data.isEmpty, "the command ended")
            seen += data
        }
    }

    var status: Int32 {
        process.waitUntilExit()
        return process.terminationStatus
    }
}
