import Domain
import Engine
import Foundation
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import OrderedJSON
import WebUI

/// What the chat widget on other sites asks, without any credential.
struct WidgetRoutes: Sendable {
    let chats: EmbedChats

    var endpoints: RouteTable {
        RouteTable([
            RouteTable(under: "/api/embed/{embedUuid}")
                .post("stream-chat", .everybody, use: stream)
                .get("{sessionId}", .everybody, use: history)
                .delete("{sessionId}", .everybody, use: reset).and(for: "stream-chat"),
            RouteTable(under: "/embed")
                .get("lectern-chat-widget.js", .everybody, use: script)
                // The names that existing snippets know.
                .get("anythingllm-chat-widget.min.js", .everybody, use: script)
                .get("anythingllm-chat-widget.min.css", .everybody) { _, _ in
                    Self.file(Array("/* The widget brings its style with it. */\n".utf8), "text/css; charset=utf-8")
                },
        ])
    }

    /// UTF-16 code units.
    private static let maximumMessageLength = 32_000
    private static let maximumPromptLength = 32_000
    private static let maximumNameLength = 200

    @Sendable private func script(_ request: Request, _ context: APIContext) -> Response {
        Self.file(EmbeddedFile.chatWidget, "text/javascript; charset=utf-8")
    }

    private static func file(_ bytes: [UInt8], _ type: String) -> Response {
        Response(
            status: .ok,
            headers: [
                .contentType: type, .xContentTypeOptions: "nosniff", .cacheControl: "public, max-age=3600",
                .eTag: Response.weakTag(of: bytes),
                // A page on another site may isolate itself and still load it.
                .crossOriginResourcePolicy: "cross-origin",
            ], body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
    }

    // MARK: Questions

    @Sendable private func stream(_ request: Request, _ context: APIContext) async throws -> Response {
        var request = request
        let origin = request.pageOrigin
        do throws(WidgetRefusal) {
            let (embed, question, reservation) = try await reserved(&request, origin, context)
            return answer(question, in: embed, reservation, request, context)
        } catch {
            return error.response
        }
    }

    /// Checks in the order of the wire: the embed, the page, the session, the message, the limits.
    private func reserved(
        _ request: inout Request, _ origin: String?, _ context: APIContext
    ) async throws(WidgetRefusal) -> (Embed, EmbedChats.Question, Int64) {
        do {
            let embed = try await chats.embed(uuid: context.parameter("embeduuid"), for: origin)
            let payload: RequestPayload
            do {
                payload = try await RequestPayload(&request)
            } catch let error as APIError {
                throw WidgetRefusal(error.status, error.body["error"]?.stringValue ?? "Invalid request.")
            }
            let question = try Self.question(payload, origin)
            return (embed, question, try await chats.reserve(question, in: embed))
        } catch let error as WidgetRefusal {
            throw error
        } catch let error as EmbedChats.Refusal {
            throw WidgetRefusal(error)
        } catch {
            context.logger.error("A visitor's question failed", metadata: ["error": "\(error)"])
            throw WidgetRefusal(.internalServerError, "Invalid request.")
        }
    }

    private static func question(
        _ payload: RequestPayload, _ origin: String?
    ) throws(WidgetRefusal) -> EmbedChats.Question {
        guard let session = payload.text("sessionId"), isSession(session) else {
            throw WidgetRefusal(.notFound, "Invalid session ID.")
        }
        guard let message = payload.text("message"), !message.trimmed.isEmpty else {
            throw WidgetRefusal(.badRequest, "Message is empty.")
        }
        guard message.utf16.count <= maximumMessageLength else {
            throw WidgetRefusal(.badRequest, "The message is too long.")
        }
        let name = payload.text("username").map { String($0.prefix(maximumNameLength)) }
        var question = EmbedChats.Question(
            message: message, session: session.lowercased(),
            visitor: EmbedVisitor(origin: origin, address: ClientAddress.current, name: name))
        if let prompt = payload.text("prompt"), !prompt.isEmpty {
            guard prompt.utf16.count <= maximumPromptLength else {
                throw WidgetRefusal(.badRequest, "The prompt is too long.")
            }
            question.prompt = prompt
        }
        question.model = payload.text("model").flatMap { $0.isEmpty || $0.utf8.count > 200 ? nil : $0 }
        question.temperature = payload["temperature"]?.looseNumber.flatMap { (0...2).contains($0) ? $0 : nil }
        return question
    }

    private static func isSession(_ text: String) -> Bool { UUID(uuidString: text) != nil }

    private func answer(
        _ question: EmbedChats.Question, in embed: Embed, _ reservation: Int64, _ request: Request,
        _ context: APIContext
    ) -> Response {
        let (id, logger) = (UUIDText.random(), context.logger)
        var response = EventStream.response(to: request) { events in
            do {
                let answer = try await chats.run(embed, session: question.session) {
                    try await chats.answer(question, in: embed, reservation: reservation) { event in
                        switch event {
                        case .text(let piece), .reasoning(let piece):
                            try await events.send(WidgetFrame.piece(piece, id: id))
                        // Visitors need not know how an answer is made.
                        case .thought, .probabilities, .toolCallPiece, .searched: break
                        }
                    }
                }
                try await events.send(WidgetFrame.end(answer, of: embed, id: id))
            } catch let error as CancellationError {
                throw error
            } catch {
                // What went wrong is for operators, who find it in the log.
                logger.warning("A visitor got no answer", metadata: ["error": "\(error)", "embed": "\(embed.uuid)"])
                try await events.send(
                    WidgetFrame.abort("The answer could not be made. Please try again later.", id: id))
            }
        } closeEarly: { events in
            try await events.send(WidgetFrame.abort("The server is stopping.", id: id))
        }
        // Who may read it, `CORSMiddleware` says.
        response.headers[.accessControlAllowOrigin] = nil
        return response
    }

    // MARK: Conversations

    @Sendable private func history(_ request: Request, _ context: APIContext) async throws -> Response {
        do {
            let embed = try await chats.embed(
                uuid: context.parameter("embeduuid"), for: request.pageOrigin)
            let session = try context.parameter("sessionid").lowercased()
            let history = try await chats.history(of: embed, session: session)
            return Response(json: ["history": .array(history.flatMap(\.turns))]).uncached
        } catch let error as EmbedChats.Refusal {
            return WidgetRefusal(error).response
        }
    }

    @Sendable private func reset(_ request: Request, _ context: APIContext) async throws -> Response {
        do {
            let embed = try await chats.embed(
                uuid: context.parameter("embeduuid"), for: request.pageOrigin)
            try await chats.reset(embed, session: context.parameter("sessionid").lowercased())
            return Response(status: .ok)
        } catch let error as EmbedChats.Refusal {
            return WidgetRefusal(error).response
        }
    }
}

extension Request {
    /// The origin of the page that asks. Browsers leave `Origin` out where a page reads from its own origin, as behind a proxy
    /// that serves both; `Referer` says it then. Whoever is no browser can write either.
    fileprivate var pageOrigin: String? {
        headers[.origin] ?? (method == .get ? headers[.referer].flatMap { WebOrigin.ofPage(at: $0) } : nil)
    }
}

extension HTTPField.Name {
    static let crossOriginResourcePolicy = Self("Cross-Origin-Resource-Policy")!
}
