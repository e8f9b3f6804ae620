import HTTPTypes
import Hummingbird
import ModelContextProtocol
import OrderedJSON

extension Request {
    /// Whether the address is that of the Model Context Protocol.
    var isForMCP: Bool { uri.path.split(separator: "/").map { $0.lowercased() } == ["mcp"] }

    /// Whether the client reads event streams.
    ///
    /// - Throws: 406 where it reads neither them nor JSON.
    var takesMCPEvents: Bool {
        get throws(APIError) {
            let accepted = headers[values: .accept].joined(separator: ",").lowercased()
            let takesEvents = accepted.contains("text/event-stream")
            let takesJSON = ["application/json", "application/*", "*/*"].contains { accepted.contains($0) }
            guard accepted.isEmpty || takesEvents || takesJSON else {
                throw APIError(
                    .notAcceptable, message: "Answers are application/json or text/event-stream; accept both of them.")
            }
            return takesEvents
        }
    }
}

extension HTTPField.Name {
    static let mcpSession = Self(ProtocolHeader.session)!
    static let mcpRevision = Self(ProtocolHeader.revision)!
}

extension APIError {
    /// The same error as clients of the Model Context Protocol read it.
    var asRPC: APIError {
        if body["jsonrpc"] != nil { return self }
        let isRefusal = [.unauthorized, .forbidden, .tooManyRequests].contains(status) || status.kind == .serverError
        let error = RPCError(isRefusal ? .refused : .invalidRequest, message)
        let answer = RPCMessage.response(RPCResponse(id: nil, .failure(error))).json
        var shaped = APIError(status, body: answer.objectValue ?? [:])
        shaped.headers = headers
        if status == .unauthorized { shaped.headers[.wwwAuthenticate] = "Bearer" }
        return shaped
    }
}
