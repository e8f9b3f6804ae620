import AsyncHTTPClient
import Domain
import Glibc
import MCPClient
import ModelContextProtocol
import NIOPosix
import OrderedJSON
import Synchronization

/// Carries messages between standard input and output, a line each, and a server that takes them over HTTP.
struct MCPBridge: Sendable {
    private let address: String
    private let transport: HTTPTransport
    private let output: MessageOutput
    private let calls: BridgedCalls

    /// Bytes of one message.
    private static let maximumMessage = 32 << 20

    init(address: String, headers: [MCPServerEntry.Header], client: HTTPClient) {
        let (output, calls) = (MessageOutput(), BridgedCalls())
        self.address = address
        self.output = output
        self.calls = calls
        transport = HTTPTransport(address: address, headers: headers, client: client) { message in
            if case .response(let response) = message { calls.note(response) }
            output.write(message)
        }
    }

    /// Runs until the input ends, and what it asked for is answered.
    func run() async throws {
        var buffer = LineBuffer(maximumLength: Self.maximumMessage)
        try await withThrowingTaskGroup(of: Void.self) { group in
            while !output.isBroken, let bytes = try await Self.read() {
                let lines: [[UInt8]]
                do { lines = try buffer.append(bytes) } catch {
                    throw Failure("A message has more than \(Self.maximumMessage >> 20) MiB.")
                }
                for line in lines {
                    for message in messages(in: line) { group.addTask { await carry(message) } }
                }
            }
            if output.isBroken { group.cancelAll() }
            try await group.waitForAll()
        }
        await transport.end()
    }

    /// The next bytes; `nil` at the end. On a thread that may wait for them.
    private static func read() async throws -> [UInt8]? {
        try await NIOThreadPool.singleton.runIfActive {
            var piece = [UInt8](repeating: 0, count: 64 << 10)
            while true {
                let count = Glibc.read(STDIN_FILENO, &piece, piece.count)
                if count > 0 { return Array(piece.prefix(count)) }
                guard count < 0, errno == EINTR else { return nil }
            }
        }
    }

    /// Those of a line; what is none is answered at once.
    private func messages(in line: [UInt8]) -> [RPCMessage] {
        do {
            let json = try JSON(parsing: line)
            return try (json.arrayValue ?? [json]).map { try RPCMessage($0) }
        } catch let error as RPCError {
            output.write(.response(RPCResponse(id: nil, .failure(error))))
        } catch {
            let error = RPCError(.parseError, "The line is not valid JSON.")
            output.write(.response(RPCResponse(id: nil, .failure(error))))
        }
        return []
    }

    private func carry(_ message: RPCMessage) async {
        guard !calls.note(message) else { return }
        defer { if case .request(let call) = message { calls.end(call.id) } }
        do {
            let transport = transport
            let task = Task { try await transport.send(message) }
            if case .request(let call) = message, StatelessRevision.revision(of: call) != nil {
                calls.begin(call.id) { task.cancel() }
            }
            try await withTaskCancellationHandler {
                try await task.value
            } onCancel: {
                task.cancel()
            }
        } catch is CancellationError {
            // The input's owner is gone, or has cancelled it.
        } catch {
            guard case .request(let call) = message, !calls.isCancelled(call.id) else { return }
            let reason = (error as? MCPFailure)?.message ?? "failed"
            let answer = error as? RPCError ?? RPCError(.refused, "The server at \(address) \(reason).")
            output.write(.response(RPCResponse(id: call.id, .failure(answer))))
        }
        if let revision = calls.takeRevision() { transport.agreed(on: revision) }
    }
}

/// What is known of the calls that are under way.
private final class BridgedCalls: Sendable {
    private struct State {
        var beginning: RPCID?
        var revision: String?
        var cancelled: Set<RPCID> = []
        /// Calls of the revision in which one is cancelled by closing its connection.
        var cancellations: [RPCID: @Sendable () -> Void] = [:]
    }

    private let state = Mutex(State())

    /// - Returns: whether that is all, and the message is not to be sent.
    func note(_ message: RPCMessage) -> Bool {
        let cancel = state.withLock { state -> (@Sendable () -> Void)? in
            switch message {
            case .request(let call) where call.method == "initialize": state.beginning = call.id
            case .notification("notifications/cancelled", let parameters):
                guard let id = parameters["requestId"].flatMap(RPCID.init) else { break }
                state.cancelled.insert(id)
                return state.cancellations[id]
            default: break
            }
            return nil
        }
        cancel?()
        return cancel != nil
    }

    /// Says how a call is cancelled.
    func begin(_ id: RPCID, cancel: @escaping @Sendable () -> Void) {
        state.withLock { $0.cancellations[id] = cancel }
    }

    func note(_ response: RPCResponse) {
        state.withLock { state in
            guard let id = response.id, id == state.beginning, case .success(let result) = response.outcome else {
                return
            }
            state.revision = result["protocolVersion"]?.stringValue
        }
    }

    /// The revision that was agreed on, once.
    func takeRevision() -> String? {
        state.withLock { state in
            defer { state.revision = nil }
            return state.revision
        }
    }

    /// A client waits for no answer to what it has cancelled.
    func isCancelled(_ id: RPCID) -> Bool { state.withLock { $0.cancelled.contains(id) } }

    func end(_ id: RPCID) {
        state.withLock { state in
            state.cancelled.remove(id)
            state.cancellations[id] = nil
        }
    }
}

/// Standard output, which holds messages and nothing else.
private final class MessageOutput: Sendable {
    private let broken = Mutex(false)

    /// Whether nobody reads any more.
    var isBroken: Bool { broken.withLock { $0 } }

    func write(_ message: RPCMessage) {
        var bytes: [UInt8] = []
        message.json.write(to: &bytes)
        bytes.append(UInt8(ascii: "\n"))
        broken.withLock { isBroken in
            var rest = bytes[...]
            while !rest.isEmpty, !isBroken {
                let count = rest.withUnsafeBytes { Glibc.write(STDOUT_FILENO, $0.baseAddress, $0.count) }
                if count > 0 {
                    rest = rest.dropFirst(count)
                } else if errno != EINTR {
                    isBroken = true
                }
            }
        }
    }
}
