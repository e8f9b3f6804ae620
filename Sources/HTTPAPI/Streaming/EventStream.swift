import Domain
import HTTPTypes
import Hummingbird
import NIOCore

/// Server-sent events, each a line of JSON behind `data: `, as clients of this wire split them.
struct EventStream {
    private let write: (ByteBuffer) async throws -> Void

    func send(_ json: JSON) async throws {
        var bytes = Array("data: ".utf8)
        json.write(to: &bytes)
        bytes.append(contentsOf: "\n\n".utf8)
        try await write(ByteBuffer(bytes: bytes))
    }

    func sendDone() async throws { try await write(ByteBuffer(string: "data: [DONE]\n\n")) }

    /// Answers with the events that `produce` sends. A client that hangs up cancels it, also while it is silent; the
    /// connection ends with the stream.
    ///
    /// - Parameter request: its body must have been collected with `collectBody`, which keeps the stream that a hang-up
    ///   is seen on; a body that was consumed otherwise ends the process here (Hummingbird 2.28).
    static func response(
        to request: Request, _ produce: @escaping @Sendable (EventStream) async throws -> Void
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
                    try await produce(EventStream { try await outlet.write($0) })
                    writer = outlet.writer
                }
                try await writer.finish(nil)
            })
    }
}

/// Carries the response's writer into the closure that sends events.
private final class Outlet {
    var writer: any ResponseBodyWriter

    init(_ writer: any ResponseBodyWriter) { self.writer = writer }

    func write(_ buffer: ByteBuffer) async throws { try await writer.write(buffer) }
}
