import Domain
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import Synchronization

/// Gives each request an id, and says in the log and in the metrics what became of it.
///
/// The id stands in the answer's `x-request-id` and in all that is logged about the request. A client's own one is taken over,
/// so that its log and this one can be laid side by side.
struct RequestRecordMiddleware: RouterMiddleware {
    private let metrics = RequestMetrics()

    func handle(
        _ request: Request, context: APIContext, next: (Request, APIContext) async throws -> Response
    ) async throws -> Response {
        var context = context
        let clientID = Self.clientID(request)
        // Under Hummingbird's own name for it, so that a line has one id and not two.
        if let clientID { context.logger[metadataKey: "hb.request.id"] = .string(clientID) }
        let id = clientID ?? context.id
        let record = RequestRecord(
            method: request.method, context: context, path: request.uri.path, metrics: metrics, start: .now)
        metrics.begin()
        var response: Response
        do {
            response = try await next(request, context)
        } catch {
            record.end(status: Self.clientClosedRequest, bytes: 0)
            throw error
        }
        // Also where the answer is an error of the router's: a body would be read as the next answer's beginning.
        if request.method == .head {
            let isStreamed = response.body.contentLength == nil
            response = response.createHeadResponse()
            // Nobody knows how long the answer to a GET would be, and 0 would be wrong.
            if isStreamed { response.headers[.contentLength] = nil }
        }
        response.headers[.xRequestID] = id
        let status = response.status.code
        if let length = response.body.contentLength, length <= Self.smallAnswer {
            // Such an answer is on its way as soon as it is returned.
            record.end(status: status, bytes: length)
        } else {
            let body = response.body
            response.body = ResponseBody(contentLength: body.contentLength) { writer in
                let counter = ByteCounter()
                defer { record.end(status: status, bytes: counter.bytes) }
                try await body.write(CountingWriter(writer: writer, counter: counter))
            }
        }
        return response
    }

    /// What a client may choose: up to 128 letters, digits, `-`, `_` and `.`, which no log can misread.
    private static func clientID(_ request: Request) -> String? {
        guard let id = request.headers[.xRequestID], (1...128).contains(id.utf8.count),
            id.utf8.allSatisfy({ byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."):
                    true
                default: false
                }
            })
        else { return nil }
        return id
    }

    private static let smallAnswer = 64 << 10
    /// What nginx logs where a client has gone before its answer.
    private static let clientClosedRequest = 499
}

extension HTTPField.Name {
    static let xRequestID = Self("x-request-id")!
}

/// A request that is being answered.
private struct RequestRecord: Sendable {
    let method: HTTPRequest.Method
    let context: APIContext
    let path: String
    let metrics: RequestMetrics
    let start: ContinuousClock.Instant

    func end(status: Int, bytes: Int) {
        let duration = start.duration(to: .now)
        // The route as it was registered: paths are of clients' making, and without number.
        let route = context.endpointPath ?? "none"
        metrics.end(method: method, route: route, status: status, duration: duration)
        // Made only where somebody logs it: to look for something in a route costs more than the rest of the record.
        context.logger.info("Request", metadata: line(route, status, duration, bytes))
    }

    private func line(_ route: String, _ status: Int, _ duration: Duration, _ bytes: Int) -> Logger.Metadata {
        let caller = context.recordedCaller.caller
        // Codes of invites and sessions of visitors let in whoever knows them.
        let holdsSecret = route.contains("{code}") || route.contains("{sessionid}")
        return [
            "method": "\(method.rawValue)", "route": "\(route)", "path": "\(holdsSecret ? route : path)",
            "status": "\(status)",
            "milliseconds": "\(duration / .milliseconds(1))", "bytes": "\(bytes)",
            "caller": "\(caller.kind)\(caller.id.map { ":\($0)" } ?? "")",
        ]
    }
}

private final class ByteCounter: Sendable {
    private let count = Atomic<Int>(0)

    var bytes: Int { count.load(ordering: .relaxed) }
    func add(_ bytes: Int) { count.wrappingAdd(bytes, ordering: .relaxed) }
}

private struct CountingWriter: ResponseBodyWriter {
    var writer: any ResponseBodyWriter
    let counter: ByteCounter

    mutating func write(_ buffer: ByteBuffer) async throws {
        try await writer.write(buffer)
        counter.add(buffer.readableBytes)
    }

    consuming func finish(_ trailingHeaders: HTTPFields?) async throws { try await writer.finish(trailingHeaders) }
}
