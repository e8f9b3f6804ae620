import HTTPTypes
import HummingbirdTesting
import NIOCore
import OrderedJSON
import Testing

/// Messages of the Model Context Protocol, as a client sends them over HTTP.
extension TestClient {
    struct MCPAnswer: Sendable {
        let status: Int
        let headers: HTTPFields
        let text: String

        /// The one answer in JSON.
        var json: JSON { get throws { try JSON(parsing: text) } }

        /// The messages of an event stream, comments left out.
        var events: [JSON] {
            get throws {
                try text.split(separator: "\n\n").filter { $0.hasPrefix("data: ") }.map {
                    try JSON(parsing: String($0.dropFirst(6)))
                }
            }
        }
    }

    func post(
        mcp body: String, accept: String = "application/json", session: String? = nil, revision: String? = nil,
        fields: HTTPFields = [:], authorization: String? = nil
    ) async throws -> MCPAnswer {
        var headers: HTTPFields = [
            .authorization: authorization ?? "Bearer \(key)", .contentType: "application/json", .accept: accept,
        ]
        headers[HTTPField.Name("Mcp-Session-Id")!] = session
        headers[HTTPField.Name("MCP-Protocol-Version")!] = revision
        for field in fields { headers[field.name] = field.value }
        return try await client.execute(uri: "/mcp", method: .post, headers: headers, body: ByteBuffer(string: body)) {
            MCPAnswer(status: $0.status.code, headers: $0.headers, text: String(buffer: $0.body))
        }
    }

    static func request(_ method: String, _ parameters: JSON = [:], id: JSON = 1) -> String {
        JSON.object(["jsonrpc": "2.0", "id": id, "method": .string(method), "params": parameters]).text
    }

    /// What a request comes to, `result` or `error` among its keys.
    func mcp(_ method: String, _ parameters: JSON = [:]) async throws -> JSON {
        let answer = try await post(mcp: Self.request(method, parameters))
        #expect(answer.status == 200)
        return try answer.json
    }

    /// What a tool answers.
    func use(_ tool: String, _ arguments: JSON = [:]) async throws -> JSON {
        let answer = try await mcp("tools/call", ["name": .string(tool), "arguments": arguments])
        return try #require(answer["result"], "\(answer.text)")
    }

    /// - Returns: the session's id.
    func beginMCPSession() async throws -> String {
        let answer = try await post(mcp: Self.request("initialize", ["protocolVersion": "2025-11-25"]))
        return try #require(answer.headers[HTTPField.Name("Mcp-Session-Id")!])
    }
}
