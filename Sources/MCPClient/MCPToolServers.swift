package import AsyncHTTPClient
package import Domain
package import Logging
import Metrics
import ModelContextProtocol
import OrderedJSON

/// The servers of the Model Context Protocol that operators have configured, as one server of tools.
package final class MCPToolServers: ToolServer {
    private let connections: [MCPConnection]
    /// Why entries of the configuration are of no use.
    private let problems: [String]
    private let limits: MCPLimits

    /// - Parameter client: made with `HTTPClient.Configuration.toolServers`.
    package init(_ file: MCPServersFile, client: HTTPClient, limits: MCPLimits = MCPLimits(), logger: Logger) {
        connections = file.entries.map { MCPConnection($0, client: client, limits: limits, logger: logger) }
        problems = file.problems
        self.limits = limits
        for problem in file.problems { logger.warning("\(problem)") }
    }

    package func run() async {
        await withDiscardingTaskGroup { group in
            for connection in connections { group.addTask { await connection.run() } }
        }
    }

    package func offer() async -> ToolOffer {
        await withDiscardingTaskGroup { group in
            for connection in connections {
                group.addTask { [limits] in await connection.settle(within: limits.patience) }
            }
        }
        var offer = ToolOffer(problems: problems)
        for connection in connections {
            let name = connection.entry.name
            switch connection.phase {
            case .ready: break
            case .starting: offer.problems.append("The MCP server \(name) is still starting; its tools were not used.")
            case .failed(let reason):
                offer.problems.append("The MCP server \(name) \(reason); its tools were not used.")
            }
        }
        let places = places()
        offer.tools = places.map { place in
            let definition = ToolDefinition(
                name: place.name, description: place.tool.description.isEmpty ? nil : place.tool.description,
                parameters: .schema(place.tool.schema))
            return OfferedTool(definition, title: place.tool.title, server: place.connection.entry.name)
        }
        return offer
    }

    package func call(_ call: ToolCall) async throws -> ToolResult {
        guard let place = places().first(where: { $0.name == call.name }) else {
            throw ServiceError.notFound("There is no tool \(call.name.prefix(100)) any more.")
        }
        guard let arguments = Self.arguments(call.arguments) else {
            return ToolResult(text: "The arguments are not a JSON object.", isError: true)
        }
        let server = place.connection.entry.name
        return try await MCPMetrics.measure(server) {
            do {
                let result = try await place.session.call(
                    "tools/call", ["name": .string(place.tool.name), "arguments": .object(arguments)],
                    within: limits.callTime)
                return ToolResult(result)
            } catch let error as RPCError {
                return ToolResult(text: error.message.shortened(toUTF16: Self.longestMessage), isError: true)
            } catch let failure as MCPFailure {
                if failure.endsSession { await place.session.end(failure) }
                throw ServiceError(.upstream, "The MCP server \(server) \(failure.message).")
            }
        }
    }

    /// UTF-16 code units of a server's error that a model is told.
    private static let longestMessage = 4000

    /// Models leave arguments empty where a tool takes none.
    private static func arguments(_ text: String) -> JSONObject? {
        if text.allSatisfy(\.isWhitespace) { return [:] }
        return (try? JSON(parsing: text))?.objectValue
    }

    // MARK: Names

    private struct Place {
        let name: String
        let connection: MCPConnection
        let session: MCPSession
        let tool: MCPTool
    }

    /// The tools that there are now, each with a name of its own; the same as long as the servers' lists are.
    private func places() -> [Place] {
        var taken: Set<String> = []
        var places: [Place] = []
        for connection in connections {
            guard case .ready(let session, let tools) = connection.phase else { continue }
            for tool in tools where places.count < MCPLimits.maximumTools {
                let name = ToolNames.name(of: tool.name, server: connection.entry.name) { taken.contains($0) }
                guard taken.insert(name).inserted else { continue }
                places.append(Place(name: name, connection: connection, session: session, tool: tool))
            }
        }
        return places
    }
}

/// How calls go, for whoever looks at the metrics.
private enum MCPMetrics {
    static func measure(_ server: String, _ call: () async throws -> ToolResult) async throws -> ToolResult {
        let start = ContinuousClock.now
        func count(_ outcome: String) {
            Counter(label: "lectern_mcp_calls_total", dimensions: [("server", server), ("outcome", outcome)])
                .increment()
        }
        do {
            let result = try await call()
            Timer(label: "lectern_mcp_call_duration_seconds", dimensions: [("server", server)])
                .recordNanoseconds(Int64(start.duration(to: .now) / .nanoseconds(1)))
            count(result.isError ? "refused" : "answered")
            return result
        } catch {
            // One that is cancelled is no failure.
            if !(error is CancellationError) { count("failed") }
            throw error
        }
    }
}
