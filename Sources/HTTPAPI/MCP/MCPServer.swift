import Domain
import Engine
import Logging
import ModelContextProtocol
import OrderedJSON

/// Answers the requests of the Model Context Protocol by the rights of whoever makes them.
struct MCPServer: Sendable {
    private let tools: [MCPTool]
    private let resources: MCPResources

    init(_ services: APIServices) {
        let library = MCPLibrary(services)
        tools = MCPTool.all(library)
        resources = MCPResources(library: library)
    }

    static let instructions = """
        Lectern holds documents in workspaces. search finds passages, read_document reads on from there, ask has a language \
        model answer from the documents and says where from. Cite documents by their titles and the places given.
        """

    static let capabilities: JSON = ["tools": [:], "resources": [:]]
    static let identity: JSON = ["name": "lectern", "title": "Lectern", "version": .string(ProductVersion.text)]

    /// Whether a request may take longer than clients and proxies wait in silence.
    func takesLong(_ request: RPCRequest, for caller: Caller) -> Bool {
        request.method == "tools/call" && tool(in: request, for: caller)?.takesLong == true
    }

    /// - Throws: `CancellationError` alone: everything else becomes part of the answer.
    func response(
        to request: RPCRequest, for peer: MCPPeer, _ progress: MCPProgress = .none
    ) async throws -> RPCResponse {
        do {
            return RPCResponse(id: request.id, .success(try await result(of: request, for: peer.caller, progress)))
        } catch let error as RPCError {
            return RPCResponse(id: request.id, .failure(error))
        } catch let error as ServiceError {
            let code: RPCError.Code = error.code == .invalid ? .invalidParameters : .refused
            return RPCResponse(id: request.id, .failure(RPCError(code, error.message)))
        } catch let error as CancellationError {
            throw error
        } catch {
            peer.logger.error("Request failed", metadata: ["error": "\(error)", "method": "\(request.method)"])
            return RPCResponse(id: request.id, .failure(RPCError(.internalError, "Internal Server Error")))
        }
    }

    private func result(
        of request: RPCRequest, for caller: Caller, _ progress: MCPProgress
    ) async throws -> JSONObject {
        switch request.method {
        case "initialize": return try Self.initialize(request)
        case "ping": return [:]
        case "tools/list":
            return ["tools": .array(tools.filter { caller.refusal(of: $0.permission) == nil }.map(\.json))]
        case "tools/call": return try await call(request, for: caller, progress)
        case "resources/list": return try await resources.list(request, for: caller)
        case "resources/templates/list": return ["resourceTemplates": [MCPResources.template]]
        case "resources/read": return try await resources.read(request, for: caller)
        default:
            throw RPCError(.methodNotFound, "There is no method \(request.method.prefix(Self.shownLength)).")
        }
    }

    /// Characters of a name that are repeated.
    private static let shownLength = 100

    private static func initialize(_ request: RPCRequest) throws(RPCError) -> JSONObject {
        guard let wanted = request.parameters["protocolVersion"]?.stringValue else {
            throw RPCError(.invalidParameters, "protocolVersion is missing.")
        }
        return [
            "protocolVersion": .string(ProtocolRevision.negotiated(wanted).rawValue),
            "capabilities": capabilities, "serverInfo": identity,
            "instructions": .string(instructions),
        ]
    }

    // MARK: Tools

    private func tool(in request: RPCRequest, for caller: Caller) -> MCPTool? {
        let name = request.parameters["name"]?.stringValue
        return tools.first { $0.name == name }
    }

    /// What the caller may not do, what is wrong with the arguments and what fails is told as a tool's error, which models
    /// read; only that there is no such tool is one of the protocol.
    private func call(_ request: RPCRequest, for caller: Caller, _ progress: MCPProgress) async throws -> JSONObject {
        guard let tool = tool(in: request, for: caller) else {
            let name = request.parameters["name"]?.stringValue ?? ""
            throw RPCError(.invalidParameters, "There is no tool \(name.prefix(Self.shownLength)).")
        }
        do {
            if let refusal = caller.refusal(of: tool.permission) { throw MCPToolFailure(refusal) }
            let arguments = try MCPArguments(request.parameters["arguments"], as: tool.parameters)
            return try await tool.call(arguments, MCPToolCall(caller: caller, progress: progress)).json
        } catch let failure as MCPToolFailure {
            return failure.json
        } catch let error as ServiceError {
            return MCPToolFailure(error.message).json
        }
    }
}
