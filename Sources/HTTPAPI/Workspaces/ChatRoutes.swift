import Domain
import Engine
import HTTPTypes
import Hummingbird
import Logging
import Persistence

/// | method | path | who |
/// |---|---|---|
/// | POST | /v1/workspace/{slug}/chat | API key |
/// | POST | /v1/workspace/{slug}/stream-chat | API key |
struct ChatRoutes: Sendable {
    let workspaces: WorkspaceStore
    let chat: ChatService

    var endpoints: RouteCollection<AuthenticatedContext> {
        RouteCollection(context: AuthenticatedContext.self)
            .post("{slug}/chat", use: reply)
            .post("{slug}/stream-chat", use: stream)
    }

    @Sendable private func reply(_ request: Request, _ context: AuthenticatedContext) async throws -> Response {
        let question = try await question(in: request, context).question
        do {
            let answer = try await chat.answer(question) { _ in }
            if answer.kind != .empty, let failure = answer.failure {
                return Response(status: .internalServerError, json: .object(ChatFrame.abort(failure)))
            }
            return Response(json: .object(ChatFrame.whole(answer, id: UUIDText.random())))
        } catch let error as ServiceError {
            return Response(status: .internalServerError, json: .object(ChatFrame.abort(error.message)))
        }
    }

    @Sendable private func stream(_ request: Request, _ context: AuthenticatedContext) async throws -> Response {
        let (question, request) = try await question(in: request, context)
        let logger = context.logger
        let id = UUIDText.random()
        return EventStream.response(to: request) { events in
            do {
                let answer = try await chat.answer(question) { event in
                    switch event {
                    case .text(let piece): try await events.send(ChatFrame.piece(piece, id: id))
                    case .thought(let thought): try await events.send(ChatFrame.thought(thought, id: id))
                    }
                }
                try await Self.close(answer, id: id, events)
            } catch let error as ServiceError {
                try await events.send(.object(ChatFrame.abort(error.message, id: id)))
            } catch let error as DatabaseError {
                logger.error("Chat failed", metadata: ["error": "\(error)"])
                try await events.send(.object(ChatFrame.abort("The answer could not be stored.", id: id)))
            }
        } closeEarly: { events in
            try await events.send(.object(ChatFrame.abort("The server is stopping.", id: id)))
        }
    }

    private static func close(_ answer: ChatAnswer, id: String, _ events: EventStream) async throws {
        switch answer.kind {
        case .reset, .refusedEmpty, .refusedIrrelevant: try await events.send(ChatFrame.notice(answer, id: id))
        case .empty: try await events.send(ChatFrame.final(answer, id: id))
        case .answer:
            if let failure = answer.failure {
                try await events.send(.object(ChatFrame.abort(failure, id: id)))
            } else {
                try await events.send(ChatFrame.piece("", id: id, closes: true, sources: answer.sources))
            }
            try await events.send(ChatFrame.final(answer, id: id))
        }
    }

    /// Reads the request; what is wrong with it is answered with an abort object.
    private func question(
        in request: Request, _ context: AuthenticatedContext
    ) async throws -> (question: ChatRequest, request: Request) {
        var request = request
        let slug = try context.parameter("slug")
        let body = try await RequestPayload(&request, limit: RequestPayload.largeBody)
        guard let workspace = try await workspaces.find(slug: slug) else {
            throw APIError(
                .badRequest, body: ChatFrame.abort("Workspace \(slug) is not a valid workspace."))
        }
        let payload: ChatPayload
        do throws(ChatRefusal) {
            payload = try ChatPayload(body)
        } catch {
            throw APIError(.badRequest, body: ChatFrame.abort(error.message))
        }
        var question = ChatRequest(
            workspace: workspace,
            conversation: Conversation(workspaceID: workspace.id, sessionID: payload.sessionID),
            message: payload.message)
        question.mode = payload.mode
        question.images = payload.images
        question.documents = payload.documents
        question.resetsHistory = payload.resets
        return (question, request)
    }
}
