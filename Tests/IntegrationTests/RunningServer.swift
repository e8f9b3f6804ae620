import AsyncHTTPClient
import Domain
import Foundation
import NIOCore
import NIOHTTP1
import OrderedJSON
import TestSupport
import Testing

/// The built program with a storage directory of its own, asked over HTTP.
final class RunningServer {
    let storage: String
    /// Asks the server as it runs now; another start means another port.
    private(set) var api: ServerAPI
    /// How many jobs have come to their end, of whichever start.
    let endedJobs = Observed(0)
    /// How often the log has warned of a certificate.
    let certificateWarnings = Observed(0)
    private var process = Process()
    /// `nil` stands for SQLite in the storage directory.
    let databaseURL: String?

    /// Starts a server, runs `body`, ends the server and removes what it stored, pass or fail.
    static func run(
        on engine: DatabaseEngine = .standard, _ body: (RunningServer) async throws -> Void
    ) async throws {
        let storage = FileManager.default.temporaryDirectory.appending(path: "lectern-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: storage) }
        try await engine.withDatabaseURL { url in
            try await HTTPClient.withHTTPClient { client in
                let server = RunningServer(storage: storage, databaseURL: url, client: client)
                try await server.start()
                defer { server.end(with: SIGTERM) }
                try await body(server)
            }
        }
    }

    private init(storage: String, databaseURL: String?, client: HTTPClient) {
        self.storage = storage
        self.databaseURL = databaseURL
        api = ServerAPI(client: client, port: 0, key: "")
    }

    /// Waits until the server says that it listens.
    ///
    /// - Parameter maximumFileSize: KiB beyond which no file can grow, which is what a full disk is to a program.
    /// - Parameter model: the folder of the embedding model; by default the one that the tests use.
    func start(maximumFileSize: Int? = nil, model: String? = nil, environment: [String: String] = [:]) async throws {
        process = Process()
        let program = try ServerBinary.path()
        let arguments = ["serve", "--storage", storage, "--port", "0", "--model", try model ?? Self.modelFolder()]
        if let maximumFileSize {
            // The shell counts blocks of 512 bytes. Without the signal, a write that is too much fails.
            process.executableURL = URL(fileURLWithPath: "/bin/sh")
            let script = "trap '' XFSZ; ulimit -f \(maximumFileSize * 2); exec \"$@\""
            process.arguments = ["-c", script, "sh", program] + arguments
        } else {
            process.executableURL = URL(fileURLWithPath: program)
            process.arguments = arguments
        }
        var variables = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        variables["DATABASE_URL"] = databaseURL
        variables["LOG_LEVEL"] = "info"
        process.environment = variables
        let output = Pipe()
        process.standardOutput = output
        process.standardError = Self.log(endedJobs, certificateWarnings)
        try process.run()
        var text = ""
        while !text.contains("Lectern is at") || (api.key.isEmpty && !text.contains("API key")) {
            let data = output.fileHandleForReading.availableData
            try #require(!data.isEmpty, "the server ended before it listened")
            text += String(decoding: data, as: UTF8.self)
        }
        api.port = try #require(text.firstMatch(of: /127\.0\.0\.1:(\d+)/).flatMap { Int($0.1) })
        if let match = text.firstMatch(of: /: ([0-9A-Z]{7}(-[0-9A-Z]{7}){3})/) { api.key = String(match.1) }
    }

    /// Takes the server's log: tells of jobs, and passes on what is worse than information.
    ///
    /// On a thread of its own: `readabilityHandler` of swift-corelibs-foundation has crashed in the event loop of libdispatch when the pipe
    /// was closed.
    private static func log(_ endedJobs: Observed<Int>, _ certificateWarnings: Observed<Int>) -> Pipe {
        let pipe = Pipe()
        let log = pipe.fileHandleForReading
        Thread.detachNewThread {
            while true {
                let data = log.availableData
                guard !data.isEmpty else { return }
                let lines = String(decoding: data, as: UTF8.self).split(separator: "\n")
                let ended = lines.count { $0.contains(" info lectern: Job ended ") }
                if ended > 0 { endedJobs.change { $0 += ended } }
                let warnings = lines.count { $0.contains(" warning lectern: The changed certificate ") }
                if warnings > 0 { certificateWarnings.change { $0 += warnings } }
                for line in lines where !line.contains(" info lectern: ") {
                    FileHandle.standardError.write(Data("\(line)\n".utf8))
                }
            }
        }
        return pipe
    }

    /// Returns when `condition` holds, which is looked at after each job.
    func wait(until condition: () async throws -> Bool) async throws {
        while true {
            let seen = endedJobs.value
            if try await condition() { return }
            try await endedJobs.wait { $0 > seen }
        }
    }

    func end(with signal: Int32) {
        guard process.isRunning else { return }
        kill(process.processIdentifier, signal)
        process.waitUntilExit()
    }

    var isRunning: Bool { process.isRunning }

    private static func modelFolder() throws -> String {
        if let folder = ProcessInfo.processInfo.environment["LECTERN_MODEL_DIR"] { return folder }
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        return root.appendingPathComponent("models/all-MiniLM-L6-v2").path
    }
}

/// The requests that these tests make.
struct ServerAPI: Sendable {
    let client: HTTPClient
    var port: Int
    var key: String

    func json(_ method: HTTPMethod, _ path: String, _ body: JSON? = nil) async throws -> JSON {
        try JSON(parsing: try await text(method, path, body))
    }

    func text(_ method: HTTPMethod, _ path: String, _ body: JSON? = nil) async throws -> String {
        String(buffer: try await send(method, path, body).body.collect(upTo: 64 << 20))
    }

    func upload(_ text: String, named name: String, to workspace: String) async throws -> JSON {
        try await upload(Array(text.utf8), named: name, to: workspace)
    }

    func upload(_ bytes: [UInt8], named name: String, to workspace: String) async throws -> JSON {
        let response = try await uploadResponse(bytes, named: name, to: workspace)
        return try JSON(parsing: try await response.body.collect(upTo: 64 << 20).readableBytesView)
    }

    func uploadResponse(_ text: String, named name: String, to workspace: String) async throws -> HTTPClientResponse {
        try await uploadResponse(Array(text.utf8), named: name, to: workspace)
    }

    private func uploadResponse(
        _ bytes: [UInt8], named name: String, to workspace: String
    ) async throws -> HTTPClientResponse {
        var request = request(.POST, "/document/upload")
        request.headers.add(name: "content-type", value: "multipart/form-data; boundary=xyz")
        var form = ByteBuffer(
            string: "--xyz\r\nContent-Disposition: form-data; name=\"addToWorkspaces\"\r\n\r\n\(workspace)\r\n"
                + "--xyz\r\nContent-Disposition: form-data; name=\"file\"; filename=\"\(name)\"\r\n\r\n")
        form.writeBytes(bytes)
        form.writeString("\r\n--xyz--\r\n")
        request.body = .bytes(form)
        return try await client.execute(request, timeout: .seconds(60))
    }

    /// A whole stream; `watch` sees what has come of it so far, after each piece.
    func stream(_ path: String, _ body: JSON, watch: (String) -> Void) async throws -> String {
        var text = ""
        for try await piece in try await send(.POST, path, body).body {
            text += String(buffer: piece)
            watch(text)
        }
        return text
    }

    /// Opens a stream and disconnects after `pieces` pieces of it.
    func disconnect(after pieces: Int, _ path: String, _ body: JSON) async throws {
        var iterator = try await send(.POST, path, body).body.makeAsyncIterator()
        for _ in 0..<pieces { _ = try await iterator.next() }
    }

    /// Opens a stream, reads its first piece, and leaves the rest unread while `body` runs; then disconnects.
    func withUnreadStream(_ path: String, _ body: JSON, _ meanwhile: () async throws -> Void) async throws {
        var iterator = try await send(.POST, path, body).body.makeAsyncIterator()
        _ = try await iterator.next()
        try await meanwhile()
    }

    func send(_ method: HTTPMethod, _ path: String, _ body: JSON?) async throws -> HTTPClientResponse {
        var request = request(method, path)
        request.headers.add(name: "content-type", value: "application/json")
        if let body { request.body = .bytes(ByteBuffer(string: body.text)) }
        return try await client.execute(request, timeout: .seconds(60))
    }

    private func request(_ method: HTTPMethod, _ path: String) -> HTTPClientRequest {
        var request = HTTPClientRequest(url: "http://127.0.0.1:\(port)/api/v1\(path)")
        request.method = method
        request.headers.add(name: "authorization", value: "Bearer \(key)")
        return request
    }
}
