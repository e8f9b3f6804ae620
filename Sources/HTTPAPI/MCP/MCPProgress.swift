import ModelContextProtocol
import OrderedJSON
import Synchronization

/// Tells a client how far its request is.
final class MCPProgress: Sendable {
    /// `nil` where the client does not want to know.
    private let token: JSON?
    private let send: @Sendable (JSON) async throws -> Void
    private let steps = Mutex(Int64(0))

    init(token: JSON?, send: @escaping @Sendable (JSON) async throws -> Void) {
        self.token = token
        self.send = send
    }

    static let none = MCPProgress(token: nil) { _ in }

    /// What is being done now, for people.
    func tell(_ message: String) async throws {
        guard let token else { return }
        let step = steps.withLock { steps in
            steps += 1
            return steps
        }
        let parameters: JSONObject = [
            "progressToken": token, "progress": .integer(step), "message": .string(message),
        ]
        try await send(RPCMessage.notification(method: "notifications/progress", parameters: parameters).json)
    }
}
