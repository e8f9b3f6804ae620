import AsyncHTTPClient
import Domain
import Logging
import ModelContextProtocol
import OrderedJSON
import Synchronization

/// One server, kept running: begun again after it has ended, with a pause that grows.
final class MCPConnection: Sendable {
    let entry: MCPServerEntry
    private let client: HTTPClient
    private let limits: MCPLimits
    private let logger: Logger
    private let secrets: SecretWords

    /// What is known of the server.
    enum Phase: Sendable {
        case starting
        case ready(MCPSession, [MCPTool])
        /// Why, as the rest of a sentence that begins with the server's name.
        case failed(String)
    }

    private struct State {
        var phase = Phase.starting
        var waiting: [Int: CheckedContinuation<Void, Never>] = [:]
        var lastWaiter = 0
        /// The end of what it said on its standard error.
        var complaints: [String] = []
    }

    private let state = Mutex(State())

    /// Lines of a server's standard error that are kept.
    private static let keptComplaints = 5
    /// What has run for so long begins again at once when it ends.
    private static let stableTime = Duration.seconds(30)

    init(_ entry: MCPServerEntry, client: HTTPClient, limits: MCPLimits, logger: Logger) {
        self.entry = entry
        self.client = client
        self.limits = limits
        self.logger = logger
        secrets = SecretWords(entry.secrets)
    }

    var phase: Phase { state.withLock { $0.phase } }

    // MARK: Running

    /// Runs until the task is cancelled.
    func run() async {
        var pause = limits.firstPause
        while !Task.isCancelled {
            let start = ContinuousClock.now
            let failure = await connect()
            guard !Task.isCancelled else { break }
            let wasStable = start.duration(to: .now) >= Self.stableTime
            note(failure)
            if wasStable { pause = limits.firstPause }
            // The session alone has ended, and the server may be as well as before.
            if !(wasStable && failure.endsSession) { try? await Task.sleep(for: pause) }
            pause = min(pause * 2, MCPLimits.longestPause)
        }
        change(to: .failed("is stopped"))
    }

    /// Speaks to the server for as long as that goes well.
    ///
    /// - Returns: what ended it.
    private func connect() async -> MCPFailure {
        do {
            try await converse()
            return MCPFailure("ended", endsSession: true)
        } catch let failure as MCPFailure {
            return failure
        } catch let error as RPCError {
            return MCPFailure("refuses to begin: \(error.message.shortened(toUTF16: 300))")
        } catch {
            return MCPFailure("failed")
        }
    }

    private func converse() async throws {
        let holder = SessionHolder()
        let take: MCPReceiver = { await holder.session?.take($0) }
        switch entry.reach {
        case .process(let command, let environment):
            try await ProcessTransport.run(
                command, environment: environment, take: take, complain: { self.complain($0) }
            ) { try await self.converse(over: $0, holder) }
        case .http(let address, let headers):
            let transport = HTTPTransport(address: address, headers: headers, client: client, take: take)
            do { try await converse(over: transport, holder) } catch {
                await transport.end()
                throw error
            }
        case .events(let address, let headers):
            try await EventsTransport.run(address: address, headers: headers, client: client, take: take) {
                try await self.converse(over: $0, holder)
            }
        }
    }

    private func converse(over transport: any MCPTransport, _ holder: SessionHolder) async throws {
        let session = MCPSession(transport)
        holder.set(session)
        do {
            try await session.begin(within: limits.startTime)
            try await change(to: .ready(session, tools(of: session)))
            try await keepUp(session, hearing: transport.hearsServer)
        } catch {
            await session.end(error as? MCPFailure ?? MCPFailure("ended", endsSession: true))
            throw error
        }
    }

    /// Keeps the list of tools as it is on the server, until the session ends.
    ///
    /// - Parameter hearsServer: whether the server can say that it has changed; else it is asked from time to time.
    private func keepUp(_ session: MCPSession, hearing hearsServer: Bool) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                for await _ in session.toolChanges {
                    try await self.change(to: .ready(session, self.tools(of: session)))
                }
                try Task.checkCancellation()
                throw await session.failure ?? MCPFailure("ended", endsSession: true)
            }
            if !hearsServer {
                group.addTask {
                    while true {
                        try await Task.sleep(for: self.limits.refreshTime)
                        try await self.change(to: .ready(session, self.tools(of: session)))
                    }
                }
            }
            defer { group.cancelAll() }
            try await group.next()
        }
    }

    private func tools(of session: MCPSession) async throws -> [MCPTool] {
        var tools: [MCPTool] = []
        var cursor: JSON?
        for _ in 0..<MCPLimits.maximumPages {
            var parameters = JSONObject()
            parameters["cursor"] = cursor
            let page = try await session.call("tools/list", parameters, within: limits.startTime)
            tools += (page["tools"]?.arrayValue ?? []).compactMap(MCPTool.init)
            guard let next = page["nextCursor"], next.stringValue?.isEmpty == false,
                tools.count < MCPLimits.maximumTools
            else { break }
            cursor = next
        }
        return tools.filter { !entry.suppressedTools.contains($0.name) }
    }

    // MARK: What is known

    /// Returns when the server is not starting any more, or `time` is over.
    func settle(within time: Duration) async {
        await withTaskGroup { group in
            group.addTask { await self.settled() }
            group.addTask { try? await Task.sleep(for: time) }
            await group.next()
            group.cancelAll()
        }
    }

    private func settled() async {
        let number = state.withLock { state in
            state.lastWaiter += 1
            return state.lastWaiter
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let waits = state.withLock { state in
                    guard case .starting = state.phase, !Task.isCancelled else { return false }
                    state.waiting[number] = continuation
                    return true
                }
                if !waits { continuation.resume() }
            }
        } onCancel: {
            state.withLock { $0.waiting.removeValue(forKey: number) }?.resume()
        }
    }

    private func change(to phase: Phase) {
        state.withLock { state in
            state.phase = phase
            if case .ready = phase { state.complaints = [] }
            defer { state.waiting = [:] }
            return Array(state.waiting.values)
        }.forEach { $0.resume() }
    }

    private func note(_ failure: MCPFailure) {
        let message = secrets.removed(from: failure.message)
        // One that is away for days is not told of every minute.
        let isKnown = if case .failed(message) = phase { true } else { false }
        change(to: .failed(message))
        var metadata: Logger.Metadata = ["server": "\(entry.name)", "reason": "\(message)"]
        let complaints = state.withLock { $0.complaints }
        if !complaints.isEmpty { metadata["stderr"] = "\(complaints.joined(separator: " | "))" }
        logger.log(
            level: isKnown ? .debug : .warning, "An MCP server is of no use at the moment", metadata: metadata)
    }

    private func complain(_ line: String) {
        let line = secrets.removed(from: line)
        logger.debug("An MCP server says", metadata: ["server": "\(entry.name)", "line": "\(line)"])
        state.withLock { state in
            state.complaints.append(line)
            if state.complaints.count > Self.keptComplaints { state.complaints.removeFirst() }
        }
    }
}

/// The session that a transport hands messages to, which is made after it.
private final class SessionHolder: Sendable {
    private let state = Mutex<MCPSession?>(nil)

    var session: MCPSession? { state.withLock { $0 } }

    func set(_ session: MCPSession) { state.withLock { $0 = session } }
}
