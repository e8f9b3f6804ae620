import Domain
import HTTPTypes
import Hummingbird

extension Request {
    /// Runs `operation`, and cancels it where the client hangs up before it has come to its end.
    ///
    /// The connection can serve no further request; see `Response.closing`.
    /// - Precondition: the body was collected with `collectBody`; one that was consumed otherwise ends the process here
    ///   (Hummingbird 2.28).
    func whileConnected<Value: Sendable>(_ operation: () async throws -> Value) async throws -> Value {
        try await body.consumeWithCancellationOnInboundClose { _ in try await operation() }
    }
}

extension Response {
    /// The answer to a request whose client was watched for a hang-up.
    static func closing(_ status: HTTPResponse.Status, _ body: JSONObject) -> Response {
        var response = Response(status: status, json: .object(body))
        response.headers[.connection] = "close"
        return response
    }

    static func closing(_ error: APIError) -> Response {
        var response = Response(error)
        response.headers[.connection] = "close"
        return response
    }
}
