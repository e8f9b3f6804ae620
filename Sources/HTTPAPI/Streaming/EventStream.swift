import Domain
import HTTPTypes
import Hummingbird
import NIOCore
import ServiceLifecycle

/// Server-sent events, each a line of JSON behind `data: `, as clients of this wire split them.
struct EventStream: Sendable {
    private let outlet: Outlet

    func send(_ json: JSON) async throws {
        var bytes = Array("data: ".utf8)
        json.write(to: &bytes)
        bytes.append(contentsOf: "\n\n".utf8)
        try await outlet.write(ByteBuffer(bytes: bytes))
    }

    func sendDone() async throws { try await outlet.write(ByteBuffer(string: "data: [DONE]\n\n")) }

    /// Answers with the events that `produce` sends. A client that hangs up cancels it, also while it is silent; the
    /// connection ends with the stream.
    ///
    /// - Parameters:
    ///   - request: its body must have been collected with `collectBody`, which keeps the stream that a hang-up is seen on;
    ///     a body that was consumed otherwise ends the process here (Hummingbird 2.28).
    ///   - closeEarly: sends the last events where the server stops before `produce` has come to its end.
    static func response(
        to request: Request, _ produce: @escaping @Sendable (EventStream) async throws -> Void,
        closeEarly: @escaping @Sendable (EventStream) async throws -> Void
    ) -> Response {
        let headers: HTTPFields = [
            .contentType: "text/event-stream", .cacheControl: "no-cache", .connection: "close",
            .accessControlAllowOrigin: "*", .xContentTypeOptions: "nosniff",
        ]
        return Response(
            status: .ok, headers: headers,
            body: ResponseBody { writer in
                try await request.body.consumeWithCancellationOnInboundClose { _ in
                    let outlet = Outlet(writer)
                    let events = EventStream(outlet: outlet)
                    do {
                        try await cancelWhenGracefulShutdown { try await produce(events) }
                    } catch is CancellationError where Task.isShuttingDownGracefully && !Task.isCancelled {
                        try await closeEarly(events)
                    }
                    writer = outlet.writer
                }
                try await writer.finish(nil)
            })
    }
}

/// Carries the response's writer to where events are sent.
///
/// Unchecked, because a stream has one task at a time that writes: the one that produces, and when that has ended, the one
/// that closes.
private final class Outlet: @unchecked Sendable {
    var writer: any ResponseBodyWriter

    init(_ writer: any ResponseBodyWriter) { self.writer = writer }

    func write(_ buffer: ByteBuffer) async throws { try await writer.write(buffer) }
}
