import Domain
import Engine
import HTTPTypes
import Hummingbird
import Logging
import OrderedJSON
import Persistence

struct ChatRoutes: Sendable {
    let workspaces: WorkspaceDirectory
    let conversations: ConversationDirectory
    let chat: ChatService

    var endpoints: RouteTable {
        RouteTable(under: "/api/v1/workspace")
            .post("{slug}/chat", .requires(.converse)) { try await reply($0, from: workspace($1), $1) }
            .post("{slug}/stream-chat", .requires(.converse)) { try await stream($0, from: workspace($1), $1) }
            .post("{slug}/thread/{threadSlug}/chat", .requires(.converse)) { try await reply($0, from: thread($1), $1) }
            .post("{slug}/thread/{threadSlug}/stream-chat", .requires(.converse)) {
                try await stream($0, from: streamedThread($1), $1)
            }
    }

    // MARK: Who is asked

    /// A workspace's default conversation and its sessions, or a thread.
    private struct Place {
        let caller: Caller
        let workspace: Workspace
        var thread: ChatThread?
    }

    private func workspace(_ context: APIContext) async throws -> Place {
        let slug = try context.parameter("slug")
        guard let workspace = try await workspaces.find(slug: slug, for: context.caller) else {
            throw Self.abort(.badRequest, "Workspace \(slug) is not a valid workspace.")
        }
        return Place(caller: context.caller, workspace: workspace)
    }

    private func thread(_ context: APIContext) async throws -> Place {
        let slug = try context.parameter("slug")
        let threadSlug = try context.parameter("threadslug")
        guard let workspace = try await workspaces.find(slug: slug, for: context.caller) else {
            throw Self.abort(.notFound, "Workspace \(slug) not found.")
        }
        guard let thread = try await conversations.thread(slug: threadSlug, in: workspace, for: context.caller) else {
            throw Self.abort(.notFound, "Thread \(threadSlug) not found.")
        }
        return Place(caller: context.caller, workspace: workspace, thread: thread)
    }

    /// The same, as streams refuse it on this wire.
    private func streamedThread(_ context: APIContext) async throws -> Place {
        do { return try await thread(context) } catch is APIError {
            let slug = try context.parameter("slug")
            let threadSlug = try context.parameter("threadslug")
            throw Self.abort(.badRequest, "Workspace \(slug) or thread \(threadSlug) is not valid.")
        }
    }

    private static func abort(_ status: HTTPResponse.Status, _ message: String) -> APIError {
        APIError(status, body: ChatFrame.refusal(message))
    }

    // MARK: Answers

    private func reply(
        _ request: Request, from place: Place, _ context: APIContext
    ) async throws -> Response {
        var request = request
        let question = try await question(in: &request, to: place)
        do {
            let answer = try await request.whileConnected { try await chat.wholeAnswer(question) }
            if answer.kind != .empty, let failure = answer.failure {
                return Response(status: .internalServerError, json: .object(ChatFrame.refusal(failure)))
            }
            return Response(json: .object(ChatFrame.whole(answer, id: UUIDText.random())))
        } catch let error as ServiceError {
            // Whose right was revoked meanwhile is refused, who may try again is told when; the wire has 500 for the rest.
            let isTold =
                [.forbidden, .tooMany].contains(error.code) || error.code == .unavailable && error.retryAfter != nil
            var response = Response(
                status: isTold ? error.status : .internalServerError, json: .object(ChatFrame.refusal(error.message)))
            response.headers[.retryAfter] = error.retryAfter.map { "\($0)" }
            return response
        }
    }

    private func stream(
        _ request: Request, from place: Place, _ context: APIContext
    ) async throws -> Response {
        var request = request
        let question = try await question(in: &request, to: place, isStreamed: true)
        let logger = context.logger
        let id = UUIDText.random()
        return EventStream.response(to: request) { events in
            do {
                let answer = try await chat.running.run(in: question.conversation, for: question.caller) {
                    try await chat.answer(question) { event in
                        switch event {
                        // Here reasoning stands in the text.
                        case .text(let piece), .reasoning(let piece):
                            try await events.send(ChatFrame.piece(piece, id: id))
                        case .thought(let thought): try await events.send(ChatFrame.thought(thought, id: id))
                        // Chats ask for none of these.
                        case .probabilities, .toolCallPiece, .searched: break
                        }
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
        in request: inout Request, to place: Place, isStreamed: Bool = false
    ) async throws -> ChatRequest {
        let body: RequestPayload
        do {
            body = try await RequestPayload(&request, limit: RequestPayload.largeBody)
        } catch let error as APIError {
            throw APIError(
                error.status, body: ChatFrame.refusal(error.body["error"]?.stringValue ?? "").merging(error.body))
        }
        let payload: ChatPayload
        do {
            payload = try await body.reading { try ChatPayload(body) }
        } catch let error as ChatRefusal {
            throw Self.abort(.badRequest, error.message)
        }
        // A key asks for users in threads alone, and a thread has no sessions.
        let asker = try await conversations.asker(place.thread == nil ? nil : payload.userID, for: place.caller)
        let conversation = Conversation(
            workspaceID: place.workspace.id, threadID: place.thread?.id, userID: asker,
            sessionID: place.thread == nil ? payload.sessionID : nil)
        var question = ChatRequest(
            by: place.caller, workspace: place.workspace, conversation: conversation, message: payload.message)
        question.threadName = place.thread?.name
        question.mode = payload.mode
        question.media = payload.media
        question.documents = payload.documents
        question.warnings = payload.warnings
        question.resetsHistory = payload.resets
        question.keepsPartialAnswer = isStreamed
        return question
    }
}
