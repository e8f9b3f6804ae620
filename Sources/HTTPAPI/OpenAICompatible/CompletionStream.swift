import Concurrency
import Domain
import Engine
import Hummingbird
import Logging
import OrderedJSON
import Persistence
import Synchronization

/// A completion as it is made: for each choice pieces of text and of calls of tools, then the reason why it ended.
///
/// What fails before the first piece is thrown, and has a status of its own. An answer that breaks off later ends in an
/// error and not in a finish reason.
struct CompletionStream: Sendable {
    let chat: ChatService
    let question: ChatRequest
    let choiceCount: Int
    let frame: CompletionFrame
    let logger: Logger

    func response(to request: Request) async throws -> Response {
        try await EventStream.responseWhenBegun(to: request) { events in
            do {
                try await chat.running.run(in: question.conversation, for: question.caller) {
                    try await answer(to: events)
                }
            } catch let error as ServiceError {
                let error = APIError.openAI(error)
                try await events.fail(error, .object(error.body))
            } catch let error as DatabaseError {
                logger.error("A completion failed", metadata: ["error": "\(error)"])
                try await Self.fail("The answer could not be stored.", events)
            }
            try await events.sendDone()
        } closeEarly: { events in
            let error = APIError.openAI(ServiceError(.unavailable, "The server is stopping.", retryAfter: 1))
            try await events.fail(error, .object(error.body))
            try await events.sendDone()
        }
    }

    private func answer(to events: EventStream) async throws {
        let writer = CompletionWriter(events: events, frame: frame)
        let answers = try await chat.answers(question, count: choiceCount) { try await writer.write($1, of: $0) }
        if let failure = answers.first(where: { $0.kind != .empty && $0.failure != nil })?.failure {
            return try await Self.fail(failure, events)
        }
        for (index, answer) in answers.enumerated() {
            try await writer.finish(answer, of: index, among: index == answers.count - 1 ? answers : [])
        }
        if frame.includesUsage { try await events.send(frame.usageChunk(answers)) }
    }

    private static func fail(_ message: String, _ events: EventStream) async throws {
        let error = APIError.openAI(.internalServerError, message, type: "server_error")
        try await events.fail(error, .object(error.body))
    }
}

/// Writes the choices of a completion, which are made side by side, one event at a time.
private final class CompletionWriter: Sendable {
    /// What has been said of one choice.
    private struct Choice {
        var hasBegun = false
        var callCount = 0
    }

    private let events: EventStream
    private let frame: CompletionFrame
    private let turn = Semaphore(value: 1)
    private let choices = Mutex<[Int: Choice]>([:])

    init(events: EventStream, frame: CompletionFrame) {
        self.events = events
        self.frame = frame
    }

    func write(_ event: ChatEvent, of index: Int) async throws {
        try await turn.withPermit {
            switch event {
            case .text(let piece): try await events.send(frame.piece(piece, place(of: index)))
            case .reasoning(let piece): try await events.send(frame.reasoning(piece, place(of: index)))
            case .probabilities(let items): try await events.send(frame.probabilities(items, place(of: index)))
            case .toolCallPiece(let piece):
                choices.withLock { $0[index, default: Choice()].callCount = piece.index + 1 }
                try await send(piece, of: index)
            case .thought, .searched: break
            }
        }
    }

    /// Sends what has not been sent while the answer was made, and its end.
    func finish(_ answer: ChatAnswer, of index: Int, among answers: [ChatAnswer]) async throws {
        if answer.isRefusal { try await events.send(frame.piece(answer.text, place(of: index))) }
        let sent = choices.withLock { $0[index]?.callCount ?? 0 }
        for (place, call) in answer.toolCalls.enumerated().dropFirst(sent) {
            try await send(
                ToolCallPiece(index: place, id: call.id, name: call.name, arguments: call.arguments), of: index)
        }
        try await events.send(frame.end(answer, of: answers, place(of: index)))
    }

    private func send(_ piece: ToolCallPiece, of index: Int) async throws {
        let place = place(of: index)
        if let json = frame.callPiece(piece, place) { try await events.send(json) }
    }

    private func place(of index: Int) -> CompletionFrame.Place {
        choices.withLock { choices in
            defer { choices[index, default: Choice()].hasBegun = true }
            return CompletionFrame.Place(index: index, isFirst: choices[index]?.hasBegun != true)
        }
    }
}
