import Domain
import HTTPTypes
import Hummingbird
import ModelContextProtocol
import OrderedJSON

/// One request of the revision 2026-07-28, which is a whole conversation. To give it up, a client closes its connection.
struct StatelessMCP: Sendable {
    let server: MCPServer
    let request: Request
    let context: APIContext

    /// What earlier revisions have and this one has not.
    private static let removed: Set<String> = ["initialize", "ping"]
    /// Results that say how long they hold.
    private static let cacheable: Set<String> = [
        "server/discover", "tools/list", "resources/list", "resources/templates/list", "resources/read",
    ]

    func answer() async throws -> Response {
        let takesEvents = try request.takesMCPEvents
        switch try RPCMessage(await MCPBody.json(of: request)) {
        case .notification: return Response(status: .accepted)
        case .response: throw RPCError(.invalidRequest, "This server asks nothing that could be answered.")
        case .request(let call):
            do { try check(call) } catch { return response(RPCResponse(id: call.id, .failure(error))) }
            let peer = MCPPeer(caller: context.caller, session: nil, logger: context.logger)
            if takesEvents, server.takesLong(call, for: peer.caller) { return stream(call, peer) }
            return response(try await request.whileConnected { try await answer(to: call, peer) })
        }
    }

    // MARK: What a request says of itself

    /// Whether the parameters say what every request has to, and the headers say the same.
    private func check(_ call: RPCRequest) throws(RPCError) {
        guard let meta = call.parameters["_meta"]?.objectValue, let revision = meta[StatelessRevision.revisionKey],
            meta[StatelessRevision.capabilitiesKey] != nil
        else {
            throw RPCError(
                .invalidParameters,
                "params._meta must hold \(StatelessRevision.revisionKey) and \(StatelessRevision.capabilitiesKey).")
        }
        guard revision == .string(StatelessRevision.name) else {
            throw Self.mismatch(ProtocolHeader.revision)
        }
        guard request.headers[.mcpMethod] == call.method else { throw Self.mismatch(StatelessRevision.methodHeader) }
        if let subject = StatelessRevision.subject(of: call) {
            let said = request.headers[.mcpName].flatMap(Self.decoded)
            guard said == subject else { throw Self.mismatch(StatelessRevision.nameHeader) }
        }
    }

    private static func mismatch(_ header: String) -> RPCError {
        RPCError(.headerMismatch, "The header \(header) does not say what the message does.")
    }

    /// What no header can hold comes as `=?base64?…?=`.
    private static func decoded(_ value: String) -> String? {
        guard value.hasPrefix("=?base64?"), value.hasSuffix("?="), value.utf8.count >= 11 else { return value }
        let payload = value.dropFirst("=?base64?".count).dropLast("?=".count)
        return [UInt8](base64: payload.utf8).flatMap { String(validating: $0, as: UTF8.self) }
    }

    // MARK: Answers

    private func answer(
        to call: RPCRequest, _ peer: MCPPeer, _ progress: MCPProgress = .none
    ) async throws -> RPCResponse {
        guard !Self.removed.contains(call.method) else {
            return RPCResponse(
                id: call.id, .failure(RPCError(.methodNotFound, "There is no method \(call.method) in this revision.")))
        }
        let answer =
            call.method == "server/discover"
            ? RPCResponse(id: call.id, .success(Self.description))
            : try await server.response(to: call, for: peer, progress)
        return RPCResponse(
            id: call.id,
            answer.outcome.map { Self.completed($0, of: call.method) }.mapError { error in
                // A code of its own for resources went with this revision.
                error.code == RPCError.Code.resourceNotFound.rawValue
                    ? RPCError(.invalidParameters, error.message, data: error.data) : error
            })
    }

    private static var description: JSONObject {
        [
            "supportedVersions": .array(ProtocolRevision.names.map(JSON.string)),
            "capabilities": MCPServer.capabilities, "instructions": .string(MCPServer.instructions),
        ]
    }

    /// A result with what every one has in this revision. None is kept: what a caller may know of changes.
    private static func completed(_ result: JSONObject, of method: String) -> JSONObject {
        var result = result
        result["resultType"] = "complete"
        if cacheable.contains(method) {
            result["ttlMs"] = 0
            result["cacheScope"] = "private"
        }
        result["_meta"] = [StatelessRevision.serverKey: MCPServer.identity]
        return result
    }

    private func response(_ answer: RPCResponse) -> Response {
        Response(status: Self.status(of: answer), json: RPCMessage.response(answer).json).uncached
    }

    private static func status(of answer: RPCResponse) -> HTTPResponse.Status {
        guard case .failure(let error) = answer.outcome, let code = RPCError.Code(rawValue: error.code) else {
            return .ok
        }
        switch code {
        case .methodNotFound: return .notFound
        case .parseError, .invalidRequest, .invalidParameters, .headerMismatch, .unsupportedRevision: return .badRequest
        case .internalError, .refused, .resourceNotFound, .cancelled: return .ok
        }
    }

    private func stream(_ call: RPCRequest, _ peer: MCPPeer) -> Response {
        EventStream.response(to: request) { events in
            let progress = MCPProgress(token: call.progressToken) { try await events.send($0) }
            try await events.send(RPCMessage.response(answer(to: call, peer, progress)).json)
        } closeEarly: { events in
            let error = RPCError(.refused, "The server is stopping. Ask again in a moment.")
            try await events.send(RPCMessage.response(RPCResponse(id: call.id, .failure(error))).json)
        }
    }
}

extension HTTPField.Name {
    static let mcpMethod = Self(StatelessRevision.methodHeader)!
    static let mcpName = Self(StatelessRevision.nameHeader)!
}
