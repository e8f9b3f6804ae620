import Domain
import ModelContextProtocol
import OrderedJSON

/// A conversation with a server: calls and their answers.
actor MCPSession {
    private let transport: any MCPTransport
    private var lastID: Int64 = 0
    private var waiting: [Int64: CheckedContinuation<JSONObject, any Error>] = [:]
    /// Answers to calls whose callers do not wait yet; `nil` until they come.
    private var early: [Int64: Result<JSONObject, any Error>?] = [:]
    /// Why no further message comes.
    private(set) var failure: MCPFailure?
    private let changes = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))

    init(_ transport: any MCPTransport) { self.transport = transport }

    /// Yields where the server says that its tools have changed, and finishes when the session ends. For one reader.
    nonisolated var toolChanges: AsyncStream<Void> { changes.stream }

    // MARK: Calls

    /// Agrees on a revision, and tells the server to begin.
    func begin(within limit: Duration) async throws {
        let result = try await call(
            "initialize",
            [
                "protocolVersion": .string(ProtocolRevision.newest.rawValue), "capabilities": [:],
                "clientInfo": ["name": "lectern", "version": .string(ProductVersion.text)],
            ], within: limit)
        guard let revision = result["protocolVersion"]?.stringValue, ProtocolRevision(rawValue: revision) != nil else {
            throw MCPFailure("speaks no revision of the protocol that is known here")
        }
        await transport.agreed(on: revision)
        try await transport.send(.notification(method: "notifications/initialized", parameters: [:]))
    }

    /// Calls a method.
    ///
    /// - Throws: `RPCError` where the server refuses, `MCPFailure` where it fails or takes longer than `limit`, `CancellationError`;
    ///   a server that still works on it then is told to stop.
    nonisolated func call(
        _ method: String, _ parameters: JSONObject = [:], within limit: Duration
    ) async throws -> JSONObject {
        let id = try await register()
        let request = RPCMessage.request(RPCRequest(id: .integer(id), method: method, parameters: parameters))
        do {
            let result = try await withThrowingTaskGroup(of: JSONObject?.self) { group in
                group.addTask { try await self.answer(to: id) }
                group.addTask {
                    try await self.transport.send(request)
                    return nil
                }
                group.addTask {
                    try await Task.sleep(for: limit)
                    throw MCPTimeout()
                }
                defer { group.cancelAll() }
                while let outcome = try await group.next() { if let outcome { return outcome } }
                throw CancellationError()
            }
            await forget(id)
            return result
        } catch {
            await forget(id)
            guard error is MCPTimeout || error is CancellationError else { throw error }
            if method != "initialize" { await abandon(id) }
            guard error is MCPTimeout else { throw error }
            throw MCPFailure("did not answer within \(limit.components.seconds) seconds")
        }
    }

    private func register() throws -> Int64 {
        if let failure { throw failure }
        lastID += 1
        early[lastID] = .some(nil)
        return lastID
    }

    private func answer(to id: Int64) async throws -> JSONObject {
        if let result = early[id] ?? nil { return try result.get() }
        if let failure { throw failure }
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                // Cancelled before this line: the handler has found nobody to wake.
                guard !Task.isCancelled else { return continuation.resume(throwing: CancellationError()) }
                waiting[id] = continuation
            }
        } onCancel: {
            Task { await self.wake(id) }
        }
    }

    private func wake(_ id: Int64) { waiting.removeValue(forKey: id)?.resume(throwing: CancellationError()) }

    private func forget(_ id: Int64) { early[id] = nil }

    /// Tells the server that nobody waits any more, although whoever waited is gone.
    private func abandon(_ id: Int64) async {
        let transport = transport
        await Task {
            let parameters: JSONObject = ["requestId": .integer(id), "reason": "Nobody waits for it any more."]
            let message = RPCMessage.notification(method: "notifications/cancelled", parameters: parameters)
            await withTaskGroup { group in
                group.addTask { try? await transport.send(message) }
                group.addTask { try? await Task.sleep(for: .seconds(1)) }
                await group.next()
                group.cancelAll()
            }
        }.value
    }

    // MARK: What the server sends

    func take(_ message: RPCMessage) async {
        switch message {
        case .response(let response):
            guard case .integer(let id)? = response.id else { return }
            resolve(id, response.outcome.mapError { $0 })
        case .request(let request):
            let outcome: Result<JSONObject, RPCError> =
                request.method == "ping"
                ? .success([:]) : .failure(RPCError(.methodNotFound, "This client does not do \(request.method)."))
            // One that does not take it will not be heard of again.
            try? await transport.send(.response(RPCResponse(id: request.id, outcome)))
        case .notification("notifications/tools/list_changed", _): changes.continuation.yield()
        case .notification: break
        }
    }

    /// No further message comes: whoever waits for an answer is told why.
    func end(_ failure: MCPFailure) {
        guard self.failure == nil else { return }
        self.failure = failure
        for continuation in waiting.values { continuation.resume(throwing: failure) }
        waiting = [:]
        changes.continuation.finish()
    }

    private func resolve(_ id: Int64, _ result: Result<JSONObject, any Error>) {
        if let continuation = waiting.removeValue(forKey: id) {
            continuation.resume(with: result)
        } else if early.keys.contains(id) {
            early[id] = result
        }
    }
}

private struct MCPTimeout: Error {}
