import Domain
import Engine
import HTTPTypes
import Hummingbird
import Logging
import OrderedJSON
import Persistence

/// Answers a request for a response, as a whole or as it is made.
///
/// What fails before the first event is thrown, and has a status of its own. A stream that breaks off later ends in
/// `response.failed`.
struct ResponseAnswer: Sendable {
    let chat: ChatService
    let archive: ResponseArchive
    let question: ChatRequest
    let frame: ResponseFrame
    let logger: Logger

    func whole(_ request: Request) async throws -> Response {
        do {
            let object = try await request.whileConnected {
                try await chat.running.run(in: question.conversation, for: question.caller) {
                    var writer = ResponseWriter(frame) { _, _ in }
                    return try await body(by: &writer)
                }
            }
            return Response(json: .object(object))
        } catch let error as ServiceError {
            throw APIError.openAI(error)
        }
    }

    func stream(to request: Request) async throws -> Response {
        try await EventStream.responseWhenBegun(to: request) { events in
            do {
                try await chat.running.run(in: question.conversation, for: question.caller) {
                    try await answer(to: events)
                }
            } catch let error as ServiceError {
                try await Self.fail(APIError.openAI(error), events)
            } catch let error as DatabaseError {
                logger.error("A response failed", metadata: ["error": "\(error)"])
                let message = "The answer could not be stored."
                try await Self.fail(APIError.openAI(.internalServerError, message, type: "server_error"), events)
            }
        } closeEarly: { events in
            try await Self.fail(
                APIError.openAI(ServiceError(.unavailable, "The server is stopping.", retryAfter: 1)), events)
        }
    }

    private func answer(to events: EventStream) async throws {
        var writer = ResponseWriter(frame) { try await events.send($1, named: $0) }
        do {
            let object = try await body(by: &writer)
            try await writer.end(object)
        } catch let error as ServiceError where writer.hasBegun {
            try await writer.fail(APIError.openAI(error))
        }
    }

    /// The response in the end, which is kept by then: clients go on from it as soon as they have it.
    private func body(by writer: inout ResponseWriter) async throws -> JSONObject {
        let answer = try await chat.answer(question) { try await writer.write($0) }
        let object = try await writer.close(answer)
        if let stored = frame.stored(object, in: question.workspace) {
            try await archive.keep(stored, by: question.caller)
        }
        return object
    }

    private static func fail(_ error: APIError, _ events: EventStream) async throws {
        let body = error.body["error"]
        let event: JSON = [
            "type": "error", "sequence_number": 0, "code": body?["code"] ?? nil, "message": body?["message"] ?? nil,
            "param": nil,
        ]
        try await events.fail(error, event, named: "error")
    }
}
