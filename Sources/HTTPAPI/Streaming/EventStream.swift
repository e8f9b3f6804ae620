import Domain
import HTTPTypes
import Hummingbird
import NIOCore
import OrderedJSON
import ServiceLifecycle

/// Server-sent events, each a line of JSON behind `data: `, as clients of this wire split them.
struct EventStream: Sendable {
    private let queue: EventQueue
    /// Where the head of the answer waits for the first event.
    private let start: AnswerStart?

    init(queue: EventQueue, start: AnswerStart? = nil) {
        self.queue = queue
        self.start = start
    }

    /// How long a stream may be silent before a comment shows that it lives; clients pass over comments, but those that split
    /// the text by hand are not to meet one without need.
    static let heartbeat = Duration.seconds(15)

    /// - Parameter name: of the event, for the wires that give theirs names.
    func send(_ json: JSON, named name: String? = nil) async throws {
        var bytes = Array((name.map { "event: \($0)\n" } ?? "").utf8)
        bytes.append(contentsOf: "data: ".utf8)
        json.write(to: &bytes)
        bytes.append(contentsOf: "\n\n".utf8)
        start?.open()
        try await queue.add(bytes)
    }

    /// Ends the stream with an error: by throwing it from what waits for the first event, else as the event that `json`
    /// makes of it.
    func fail(_ error: any Error, _ json: @autoclosure () -> JSON, named name: String? = nil) async throws {
        if let start, start.fail(error) { throw error }
        try await send(json(), named: name)
    }

    func sendDone() async throws { try await queue.add(Array("data: [DONE]\n\n".utf8)) }

    /// Answers with the events that `produce` sends. A client that disconnects cancels it, also while it is silent.
    ///
    /// - Parameter closeEarly: sends the last events where the server stops before `produce` has come to its end.
    static func response(
        to request: Request, heartbeat: Duration = heartbeat,
        _ produce: @escaping @Sendable (EventStream) async throws -> Void,
        closeEarly: @escaping @Sendable (EventStream) async throws -> Void
    ) -> Response {
        Response(
            status: .ok, headers: headers,
            body: ResponseBody { writer in
                let queue = EventQueue()
                let outlet = Outlet(writer)
                try await request.whileConnected {
                    try await carry(queue, to: outlet, heartbeat) {
                        try await run(EventStream(queue: queue), produce, closeEarly)
                    }
                }
                writer = outlet.writer
                try await writer.finish(nil)
            })
    }

    /// Answers as `response(to:)` does, but holds the head back until the first event is there: what fails before it is
    /// thrown from here, and so can have a status of its own.
    ///
    /// - Parameter patience: after which the head is sent all the same, so that proxies see that the answer lives.
    static func responseWhenBegun(
        to request: Request, patience: Duration = heartbeat, heartbeat: Duration = heartbeat,
        _ produce: @escaping @Sendable (EventStream) async throws -> Void,
        closeEarly: @escaping @Sendable (EventStream) async throws -> Void
    ) async throws -> Response {
        let queue = EventQueue()
        let start = AnswerStart()
        let producer = Producer {
            defer { queue.finish() }
            do {
                try await request.whileConnected {
                    try await run(EventStream(queue: queue, start: start), produce, closeEarly)
                }
                start.open()
            } catch {
                _ = start.fail(error)
                throw error
            }
        }
        try await start.wait(atMost: patience)
        return Response(
            status: .ok, headers: headers,
            body: ResponseBody { writer in
                let outlet = Outlet(writer)
                try await carry(queue, to: outlet, heartbeat) { try await producer.value() }
                writer = outlet.writer
                try await writer.finish(nil)
            })
    }

    private static let headers: HTTPFields = [
        .contentType: "text/event-stream", .cacheControl: "no-cache", .accessControlAllowOrigin: "*",
        .xContentTypeOptions: "nosniff",
    ]

    /// Writes what `produce` puts into the queue, until both have come to their end.
    private static func carry(
        _ queue: EventQueue, to outlet: Outlet, _ heartbeat: Duration,
        _ produce: @escaping @Sendable () async throws -> Void
    ) async throws {
        try await withThrowingTaskGroup { group in
            group.addTask {
                defer { queue.finish() }
                try await produce()
            }
            group.addTask { await beat(every: heartbeat, in: queue) }
            group.addTask { try await outlet.write(queue) }
            // The first that fails ends the others; the heart stops when the rest is done.
            try await group.next()
            try await group.next()
            group.cancelAll()
        }
    }

    private static func run(
        _ events: EventStream, _ produce: @escaping @Sendable (EventStream) async throws -> Void,
        _ closeEarly: @Sendable (EventStream) async throws -> Void
    ) async throws {
        do {
            try await cancelWhenGracefulShutdown { try await produce(events) }
        } catch is CancellationError where Task.isShuttingDownGracefully && !Task.isCancelled {
            try await closeEarly(events)
        }
    }

    private static func beat(every interval: Duration, in queue: EventQueue) async {
        var mark = 0
        while (try? await Task.sleep(for: interval)) != nil {
            mark = queue.addIfSilent(Array(": ping\n\n".utf8), since: mark)
        }
    }
}

/// Carries the response's writer to the task that writes.
///
/// Unchecked, because one task writes, and whoever made this uses the writer only after that task has ended.
private final class Outlet: @unchecked Sendable {
    var writer: any ResponseBodyWriter

    init(_ writer: any ResponseBodyWriter) { self.writer = writer }

    func write(_ queue: EventQueue) async throws {
        defer { queue.abandon() }
        while let bytes = try await queue.next() { try await writer.write(bytes) }
    }
}
