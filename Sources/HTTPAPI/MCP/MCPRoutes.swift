import Domain
import Engine
import HTTPTypes
import Hummingbird
import ModelContextProtocol
import OrderedJSON

/// The Model Context Protocol over HTTP ("Streamable HTTP" of its transports), for programs that use Lectern as a tool.
///
/// | operation | |
/// |---|---|
/// | `POST /mcp` | takes a message, in old revisions also a list of them; a request is answered in JSON, or by an event stream where it takes long |
/// | `DELETE /mcp` | ends a session, with what is under way in it |
///
/// `GET`, by which clients would hear what a server says unasked, is no route, for this one says nothing unasked: they are
/// answered 405, as the transport wants it.
struct MCPRoutes: Sendable {
    let server: MCPServer
    private let sessions = MCPSessions()
    private let running = MCPRunningRequests()

    init(server: MCPServer) { self.server = server }

    var endpoints: RouteTable {
        RouteTable(under: "/mcp")
            .post("", .everyKnownCaller, use: receive)
            .delete("", .everyKnownCaller, use: endSession)
    }

    /// Messages of one list.
    private static let maximumBatch = 50

    @Sendable private func receive(_ request: Request, _ context: APIContext) async throws -> Response {
        try await Self.inShape(of: request) {
            if request.headers[.mcpRevision] == StatelessRevision.name {
                return try await StatelessMCP(server: server, request: request, context: context).answer()
            }
            let exchange = try exchange(request, context)
            switch try await MCPBody.json(of: request) {
            case .array(let messages): return try await answer(messages, exchange)
            case let message: return try await answer(try RPCMessage(message), exchange)
            }
        }
    }

    @Sendable private func endSession(_ request: Request, _ context: APIContext) async throws -> Response {
        try await Self.inShape(of: request) {
            let exchange = try exchange(request, context)
            guard let session = exchange.peer.session else {
                throw RPCError(
                    .invalidRequest, "The header \(ProtocolHeader.session) names the session that is to end.")
            }
            sessions.end(session)
            running.end(session: session)
            return Response(status: .noContent)
        }
    }

    /// What goes wrong before a request is known is answered as JSON-RPC has it, with a status.
    private static func inShape(
        of request: Request, _ body: () async throws -> Response
    ) async throws -> Response {
        do { return try await body() } catch let error as RPCError {
            return Response(error, .badRequest)
        } catch let error as APIError {
            throw error.shaped(for: request)
        } catch let error as ServiceError {
            var answer = APIError(error.status, message: error.message)
            answer.headers[.retryAfter] = error.retryAfter.map(String.init)
            throw answer.shaped(for: request)
        }
    }

    // MARK: One request over HTTP

    /// What one message comes with.
    private struct Exchange: Sendable {
        let request: Request
        let revision: ProtocolRevision
        /// Whether the client reads event streams.
        let takesEvents: Bool
        let peer: MCPPeer
    }

    private func exchange(_ request: Request, _ context: APIContext) throws -> Exchange {
        let takesEvents = try request.takesMCPEvents
        var revision = ProtocolRevision.unsaid
        if let said = request.headers[.mcpRevision] {
            guard let known = ProtocolRevision(rawValue: said) else { throw RPCError.unsupported(said) }
            revision = known
        }
        let session = request.headers[.mcpSession]
        if let session, !sessions.includes(session) {
            throw APIError(.notFound, message: "There is no such session, or it has ended: begin a new one.")
        }
        return Exchange(
            request: request, revision: revision, takesEvents: takesEvents,
            peer: MCPPeer(caller: context.caller, session: session, logger: context.logger))
    }

    // MARK: Answers

    private func answer(_ message: RPCMessage, _ exchange: Exchange) async throws -> Response {
        switch message {
        case .notification, .response:
            take(message, exchange)
            return Response(status: .accepted)
        case .request(let call) where exchange.takesEvents && server.takesLong(call, for: exchange.peer.caller):
            return stream(call, exchange)
        case .request(let call):
            let answer = try await answer(to: call, exchange)
            var response = Response(json: RPCMessage.response(answer).json).uncached
            if call.method == "initialize" {
                response.headers[.mcpSession] = sessions.begin()
                // For clients that are pages in a browser.
                response.headers[.accessControlExposeHeaders] = ProtocolHeader.session
            }
            return response
        }
    }

    private func answer(_ messages: [JSON], _ exchange: Exchange) async throws -> Response {
        guard exchange.revision.takesBatches else {
            throw RPCError(.invalidRequest, "The body must be one message, not a list of them.")
        }
        guard (1...Self.maximumBatch).contains(messages.count) else {
            throw RPCError(.invalidRequest, "A list must have 1 to \(Self.maximumBatch) messages.")
        }
        var answers: [JSON] = []
        for json in messages {
            do {
                let message = try RPCMessage(json)
                if case .request(let call) = message {
                    guard call.method != "initialize" else {
                        throw RPCError(.invalidRequest, "initialize must not be part of a list.")
                    }
                    answers.append(RPCMessage.response(try await answer(to: call, exchange)).json)
                } else {
                    take(message, exchange)
                }
            } catch let error as RPCError {
                answers.append(RPCMessage.response(RPCResponse(id: nil, .failure(error))).json)
            }
        }
        return answers.isEmpty ? Response(status: .accepted) : Response(json: .array(answers)).uncached
    }

    private func answer(to call: RPCRequest, _ exchange: Exchange) async throws -> RPCResponse {
        let (server, peer) = (server, exchange.peer)
        do {
            return try await exchange.request.whileConnected {
                try await running.run(peer.key(of: call)) { try await server.response(to: call, for: peer) }
            }
        } catch let error as RPCError {
            return RPCResponse(id: call.id, .failure(error))
        }
    }

    /// Tells progress while it is made, as far as the client wants to know it. One that the client cancels has no answer.
    private func stream(_ call: RPCRequest, _ exchange: Exchange) -> Response {
        let (server, running, peer) = (server, running, exchange.peer)
        return EventStream.response(to: exchange.request) { events in
            do {
                let answer = try await running.run(peer.key(of: call)) {
                    let progress = MCPProgress(token: call.progressToken) { try await events.send($0) }
                    return try await server.response(to: call, for: peer, progress)
                }
                try await events.send(RPCMessage.response(answer).json)
            } catch is RPCError {}
        } closeEarly: { events in
            let error = RPCError(.refused, "The server is stopping. Ask again in a moment.")
            try await events.send(RPCMessage.response(RPCResponse(id: call.id, .failure(error))).json)
        }
    }

    private func take(_ message: RPCMessage, _ exchange: Exchange) {
        guard case .notification("notifications/cancelled", let parameters) = message,
            let id = parameters["requestId"].flatMap(RPCID.init), let key = exchange.peer.key(of: id)
        else { return }
        running.cancel(key)
    }
}

extension Response {
    /// The answer to a message that could not be read.
    fileprivate init(_ error: RPCError, _ status: HTTPResponse.Status) {
        self.init(status: status, json: RPCMessage.response(RPCResponse(id: nil, .failure(error))).json)
    }
}
