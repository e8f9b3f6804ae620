import Domain
import Engine
import Hummingbird
import Logging
import Persistence

/// A completion as it is made: pieces of text, then calls of tools, then the reason why it ended.
///
/// An answer that breaks off ends in an error and not in a finish reason.
struct CompletionStream: Sendable {
    let chat: ChatService
    let question: ChatRequest
    let frame: CompletionFrame
    let logger: Logger

    func response(to request: Request) -> Response {
        EventStream.response(to: request) { events in
            do {
                try await chat.running.run(in: question.conversation, for: question.caller) {
                    try await answer(to: events)
                }
            } catch let error as ServiceError {
                try await events.send(.object(APIError.openAI(error).body))
            } catch let error as DatabaseError {
                logger.error("A completion failed", metadata: ["error": "\(error)"])
                try await Self.fail("The answer could not be stored.", events)
            }
            try await events.sendDone()
        } closeEarly: { events in
            try await Self.fail("The server is stopping.", events)
            try await events.sendDone()
        }
    }

    private func answer(to events: EventStream) async throws {
        var isFirst = true
        let answer = try await chat.answer(question) { event in
            switch event {
            case .text(let piece): try await events.send(frame.piece(piece, isFirst: isFirst))
            case .reasoning(let piece): try await events.send(frame.reasoning(piece, isFirst: isFirst))
            case .thought: return
            }
            isFirst = false
        }
        if answer.kind != .empty, let failure = answer.failure { return try await Self.fail(failure, events) }
        if answer.isRefusal {
            try await events.send(frame.piece(answer.text, isFirst: true))
            isFirst = false
        }
        if !answer.toolCalls.isEmpty {
            try await events.send(frame.calls(answer.toolCalls, isFirst: isFirst))
            isFirst = false
        }
        try await events.send(frame.end(answer, isFirst: isFirst))
        if frame.includesUsage { try await events.send(frame.usageChunk(answer)) }
    }

    private static func fail(_ message: String, _ events: EventStream) async throws {
        let error = APIError.openAI(.internalServerError, message, type: "server_error")
        try await events.send(.object(error.body))
    }
}
