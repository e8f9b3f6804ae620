import AsyncHTTPClient
import Domain
import Foundation
import Logging
import MCPClient
import TestSupport

/// Runs servers while a test asks them; they have ended when it returns.
enum ToolServerScope {
    static func run(
        _ entries: [MCPServerEntry], _ change: (inout MCPLimits) -> Void = { _ in },
        _ body: @escaping @Sendable (MCPToolServers) async throws -> Void
    ) async throws {
        var limits = MCPLimits()
        limits.patience = .seconds(20)
        limits.firstPause = .milliseconds(10)
        change(&limits)
        var file = MCPServersFile()
        file.entries = entries
        let (servers, bounds) = (file, limits)
        try await HTTPClient.withHTTPClient(configuration: .toolServers) { client in
            let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
            let server = MCPToolServers(servers, client: client, limits: bounds, logger: logger)
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { await server.run() }
                defer { group.cancelAll() }
                try await body(server)
            }
        }
    }
}

extension ToolServer {
    func call(_ name: String, _ arguments: String = "{}") async throws -> ToolResult {
        try await call(ToolCall(id: "1", name: name, arguments: arguments))
    }

    var names: [String] { get async { await offer().tools.map(\.definition.name) } }

    /// Asks until what is offered is as it is wanted: servers begin again by themselves.
    func offer(until condition: (ToolOffer) -> Bool) async throws -> ToolOffer {
        while true {
            let offer = await offer()
            if condition(offer) { return offer }
            try await Task.sleep(for: .milliseconds(20))
        }
    }
}

/// A program that speaks the protocol on its standard input and output, in Python, without any library.
struct StandInProgram {
    /// Lines of what it was sent, one for each message: the method, or `cancelled N`.
    let log: String
    let entry: MCPServerEntry

    private static let source = #"""
        import json, os, sys, time

        log = open(os.environ["STAND_IN_LOG"], "a", buffering=1)
        grown = False

        def send(**message):
            sys.stdout.write(json.dumps({"jsonrpc": "2.0", **message}) + "\n")
            sys.stdout.flush()

        def say(id, text, **more):
            send(id=id, result={"content": [{"type": "text", "text": text}], **more})

        print("Welcome!")
        sys.stderr.write("The key is " + os.environ.get("STAND_IN_KEY", "") + "\n")
        log.write("pid %d\n" % os.getpid())
        for line in sys.stdin:
            message = json.loads(line)
            method, id, params = message.get("method"), message.get("id"), message.get("params", {})
            log.write((method or "response") + (" %s" % params.get("requestId") if "requestId" in params else "") + "\n")
            if method == "initialize":
                info = {"name": "stand-in", "version": "1"}
                send(id=99, method="ping")
                send(id=id, result={"protocolVersion": "2025-06-18", "capabilities": {"tools": {}}, "serverInfo": info})
            elif method == "tools/list" and "cursor" not in params:
                schema = {"type": "object", "properties": {"text": {"type": "string"}}, "required": ["text"]}
                tool = {"name": "echo", "title": "Echo", "description": "Says it again.", "inputSchema": schema}
                send(id=id, result={"tools": [tool], "nextCursor": "2"})
            elif method == "tools/list":
                names = ["fail", "sleep", "die", "environment", "grow", "hidden"] + (["new"] if grown else [])
                send(id=id, result={"tools": [{"name": name, "inputSchema": {"type": "object"}} for name in names]})
            elif method == "tools/call":
                name = params["name"]
                if name == "echo": say(id, params["arguments"]["text"])
                elif name == "fail": say(id, "It did not work.", isError=True)
                elif name == "environment": say(id, " ".join(sorted(os.environ)))
                elif name == "die": sys.exit(3)
                elif name == "grow":
                    grown = True
                    send(method="notifications/tools/list_changed")
                    say(id, "Grown.")
                elif name == "sleep": pass
                else: send(id=id, error={"code": -32602, "message": "There is no " + name})
        """#

    static func run(
        named name: String = "files", _ body: (StandInProgram) async throws -> Void
    ) async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "lectern-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let (program, log) = (folder.appending(path: "server.py").path, folder.appending(path: "log").path)
        try source.write(toFile: program, atomically: true, encoding: .utf8)
        let entry = MCPServerEntry(
            name: name,
            reach: .process(
                command: ["python3", program], environment: ["STAND_IN_LOG": log, "STAND_IN_KEY": "secret-key-1"]),
            suppressedTools: ["hidden"])
        try await body(StandInProgram(log: log, entry: entry))
    }

    var messages: [String] {
        ((try? String(contentsOfFile: log, encoding: .utf8)) ?? "").split(separator: "\n").map(String.init)
    }

    /// Returns when the log holds the line, which the program writes a moment after it has read the message.
    func wait(for line: String) async throws {
        while !messages.contains(line) { try await Task.sleep(for: .milliseconds(20)) }
    }

    /// Of its starts, in their order.
    var processes: [Int32] { messages.compactMap { $0.hasPrefix("pid ") ? Int32($0.dropFirst(4)) : nil } }
}
