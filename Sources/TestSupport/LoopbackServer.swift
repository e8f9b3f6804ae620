package import Hummingbird
import Logging
import NIOCore

/// An HTTP server on a free port of 127.0.0.1, for stand-ins of what lies outside the machine.
package enum LoopbackServer {
    /// Answers requests while `body` runs, which is given the port; what still hangs then is cut off.
    package static func run<Result>(
        _ respond: @escaping @Sendable (Request) async throws -> Response, _ body: (Int) async throws -> Result
    ) async throws -> Result {
        let running = Observed<Swift.Result<Int, any Error>?>(nil)
        var logger = Logger(label: "loopback")
        logger.logLevel = .critical
        let application = Application(
            responder: CallbackResponder<BasicRequestContext> { request, _ in try await respond(request) },
            configuration: ApplicationConfiguration(address: .hostname("127.0.0.1", port: 0)),
            onServerRunning: { channel in
                let port = channel.localAddress?.port ?? 0
                running.change { $0 = .success(port) }
            },
            logger: logger)
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                do { try await application.run() } catch { running.change { $0 = $0 ?? .failure(error) } }
            }
            defer { group.cancelAll() }
            guard let port = try await running.wait(until: { $0 != nil })?.get() else { throw CancellationError() }
            return try await body(port)
        }
    }
}
