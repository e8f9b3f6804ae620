import HTTPTypes
import Hummingbird
import MCPClient
import NIOCore
import OrderedJSON
import TestSupport

/// A server of the protocol on a loopback socket, which answers rightly or in one of the wrong ways there are.
final class StandInSite: Sendable {
    enum Form: Sendable, Equatable {
        case json, events, eventsWithProgress
        case refusing(Int)
        /// No JSON.
        case garbage
        /// Begins to answer, and ends.
        case cut
        case unknownRevision
        /// 202 to everything.
        case accepting
        case oldTransport
        /// Its messages would go to another server.
        case oldTransportElsewhere
    }

    struct Record: Sendable {
        let method: String
        /// Names in lower case.
        let headers: [String: String]
        let body: JSON
    }

    private struct State {
        var requests: [Record] = []
        var sessions = 0
        var validSessions: Set<String> = []
        /// Answers of the old transport, for its stream.
        var answers: [JSON] = []
    }

    let origin: String
    private let form: Form
    private let state = Observed(State())

    private init(_ form: Form, port: Int) {
        self.form = form
        origin = "http://127.0.0.1:\(port)"
    }

    static func run(_ form: Form, _ body: (StandInSite) async throws -> Void) async throws {
        let running = Observed<StandInSite?>(nil)
        try await LoopbackServer.run { request in
            guard let site = running.value else { throw HTTPError(.serviceUnavailable) }
            return try await site.respond(to: request)
        } _: { port in
            let site = StandInSite(form, port: port)
            running.change { $0 = site }
            try await body(site)
        }
    }

    var entry: MCPServerEntry {
        MCPServerEntry(
            name: "web",
            reach: .http(
                address: origin + "/mcp", headers: [.init(name: "Authorization", value: "Bearer secret-key-1")]))
    }

    var requests: [Record] { state.value.requests }
    var sessions: Int { state.value.sessions }

    func forgetSessions() { state.change { $0.validSessions = [] } }

    func wait(until condition: @escaping @Sendable ([Record]) -> Bool) async throws {
        _ = try await state.wait { condition($0.requests) }
    }

    // MARK: Answering

    private func respond(to request: Request) async throws -> Response {
        var request = request
        let bytes = try await request.collectBody(upTo: 1 << 20)
        let body = (try? JSON(parsing: bytes.readableBytesView)) ?? .null
        var headers: [String: String] = [:]
        for field in request.headers { headers[field.name.canonicalName] = field.value }
        let record = Record(method: request.method.rawValue, headers: headers, body: body)
        state.change { $0.requests.append(record) }
        switch form {
        case .refusing(let status):
            let quote: JSON = ["error": "no Bearer secret-key-1"]
            return Self.response(status, quote.text, type: "application/json", ["Location": "http://127.0.0.1:9/"])
        case .garbage: return Self.response(200, "<html>", type: "text/html")
        case .cut: return Self.response(200, "data: {\"jsonrpc\"", type: "text/event-stream")
        case .accepting: return Self.response(202, "", type: "text/plain")
        case .oldTransport, .oldTransportElsewhere: return oldTransport(record, path: request.uri.path)
        case .json, .events, .eventsWithProgress, .unknownRevision: return try await answer(record)
        }
    }

    private func answer(_ record: Record) async throws -> Response {
        guard record.method == "POST" else { return Self.response(204, "", type: "text/plain") }
        let method = record.body["method"]?.stringValue ?? ""
        if method == "initialize" {
            let session = state.change { state in
                state.sessions += 1
                state.validSessions.insert("session-\(state.sessions)")
                return "session-\(state.sessions)"
            }
            return answer(record.body, ["Mcp-Session-Id": session])
        }
        guard state.value.validSessions.contains(record.headers["mcp-session-id"] ?? "") else {
            return Self.response(404, "", type: "text/plain")
        }
        guard record.body["id"] != nil else { return Self.response(202, "", type: "text/plain") }
        if record.body["params"]?["name"] == "hang" { try await Task.sleep(for: .seconds(3600)) }
        return answer(record.body, [:])
    }

    private func answer(_ request: JSON, _ headers: [String: String]) -> Response {
        let answer = result(of: request).text
        let progress = #"{"jsonrpc":"2.0","method":"notifications/message","params":{"level":"info","data":"x"}}"#
        switch form {
        case .events: return Self.response(200, ": hello\n\ndata: \(answer)\n\n", type: "text/event-stream", headers)
        case .eventsWithProgress:
            return Self.response(
                200, "event: message\r\ndata: \(progress)\r\n\r\nevent: message\r\ndata: \(answer)\r\n\r\n",
                type: "text/event-stream; charset=utf-8", headers)
        default: return Self.response(200, answer, type: "application/json", headers)
        }
    }

    private func result(of request: JSON) -> JSON {
        let id = request["id"] ?? .null
        let result: JSON
        switch request["method"]?.stringValue {
        case "initialize":
            let revision: JSON = form == .unknownRevision ? "1999-01-01" : "2025-06-18"
            result = ["protocolVersion": revision, "capabilities": ["tools": [:]], "serverInfo": ["name": "stand-in"]]
        case "tools/list":
            result = ["tools": [["name": "echo", "inputSchema": ["type": "object"]], ["name": "hang"]]]
        default:
            let text = request["params"]?["arguments"]?["text"] ?? ""
            result = ["content": [["type": "text", "text": text]]]
        }
        return ["jsonrpc": "2.0", "id": id, "result": result]
    }

    /// The stream says where messages go, and then answers what has come there.
    private func oldTransport(_ record: Record, path: String) -> Response {
        if record.method == "POST" {
            if record.body["id"] != nil { state.change { $0.answers.append(result(of: record.body)) } }
            return Self.response(202, "Accepted", type: "text/plain")
        }
        let target = form == .oldTransport ? "/messages?id=1" : "http://127.0.0.1:9/messages"
        let state = state
        return Response(
            status: .ok, headers: [.contentType: "text/event-stream"],
            body: ResponseBody { writer in
                try await writer.write(ByteBuffer(string: "event: endpoint\ndata: \(target)\n\n"))
                var written = 0
                while true {
                    let seen = written
                    let answers = try await state.wait { $0.answers.count > seen }.answers
                    for answer in answers.dropFirst(written) {
                        try await writer.write(ByteBuffer(string: "event: message\ndata: \(answer.text)\n\n"))
                    }
                    written = answers.count
                }
            })
    }

    private static func response(
        _ status: Int, _ body: String, type: String, _ headers: [String: String] = [:]
    ) -> Response {
        var fields: HTTPFields = [.contentType: type]
        for (name, value) in headers { if let name = HTTPField.Name(name) { fields[name] = value } }
        return Response(
            status: .init(code: status), headers: fields, body: ResponseBody(byteBuffer: ByteBuffer(string: body)))
    }
}
