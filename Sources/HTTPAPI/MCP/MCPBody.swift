import Concurrency
import Domain
import HTTPTypes
import Hummingbird
import ModelContextProtocol
import OrderedJSON

/// The body of a request that carries messages.
enum MCPBody {
    /// Bytes: a file of 24 MB in base64, with what is around it.
    private static let maximumLength = 32 << 20
    /// Bytes above which reading takes longer than handing it over.
    private static let computedLength = 64 << 10

    /// No database takes a NUL character: U+FFFD stands in its place.
    ///
    /// - Throws: `RPCError` of the code `parseError` for what is no JSON; 413, 415 and 503 where the body cannot be read.
    static func json(of request: Request) async throws -> JSON {
        let type = request.headers[.contentType]?.prefix { $0 != ";" }.trimmed.lowercased()
        guard type == nil || type == "application/json" else {
            throw APIError(.unsupportedMediaType, message: "Messages are sent as application/json.")
        }
        var collection = BodyCollection(limit: maximumLength)
        defer { collection.release() }
        let body = try await collection.collect(request)
        let read: @Sendable () throws -> JSON = {
            do {
                let limits = JSONLimits(values: RequestPayload.maximumValues)
                let json = try JSON(parsing: body.readableBytesView, allowsDuplicateKeys: false, limits: limits)
                return json.holdsNUL ? json.withoutNUL : json
            } catch let error as JSONParseError {
                throw RPCError(.parseError, "The body is not valid JSON: \(error.reason), at byte \(error.offset).")
            }
        }
        return try await body.readableBytes > computedLength ? ComputePool.shared.run { try read() } : read()
    }
}
