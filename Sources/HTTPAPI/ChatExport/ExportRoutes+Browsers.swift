import Domain
import Engine
import HTTPTypes
import Hummingbird
import NIOCore
import OrderedJSON
import Persistence

/// The conversation that somebody has open in a browser, as a file to keep.
extension ExportRoutes {
    /// The body names the workspace, as `workspaceSlug`, and the thread if it is one, as `threadSlug`. Without a thread, a
    /// user gets what the user asked, whatever else the user may see.
    @Sendable func exportForBrowser(_ request: Request, _ context: APIContext) async throws -> Response {
        var request = request
        let form = try ConversationForm(try context.parameter("type"))
        let payload = try await RequestPayload(&request)
        guard let workspace = try await workspaces.find(slug: payload.text("workspaceSlug") ?? "", for: context.caller)
        else { throw APIError(.notFound, message: "Workspace not found") }
        let thread = try await thread(payload, in: workspace, for: context.caller)
        let selection = selection(workspace, thread, for: context.caller)
        guard try await !conversations.ids(in: selection, fromOldest: true, limit: 1).isEmpty else {
            throw APIError(.badRequest, message: "There are no chats to export.")
        }
        let subject = ExportSubject(workspace: workspace, thread: thread, sessionID: nil)
        let text = form.text(of: subject, at: .now)
        var response = StreamedBody.response(
            contentType: form.contentType,
            headers: [
                .contentDisposition: subject.contentDisposition(fileExtension: form.fileExtension),
                .contentSecurityPolicy: ConversationForm.contentSecurityPolicy,
            ]
        ) { body in try await write(selection, as: text, to: &body) }
        if form == .pdf { response.body = ResponseBody(byteBuffer: try await printed(response.body)) }
        return response
    }

    /// - Throws: 400 where this server does not print, 502 where that fails.
    private func printed(_ page: ResponseBody) async throws -> ByteBuffer {
        guard let printer else {
            throw APIError(
                .badRequest, message: "This server has no Chromium to write PDF with: print the page of html instead.")
        }
        let collector = BodyCollector()
        try await page.write(collector)
        do {
            return ByteBuffer(bytes: try await printer.pdf(of: String(buffer: collector.bytes ?? ByteBuffer())))
        } catch let error as RenderingError {
            throw APIError(.badGateway, message: "The conversation is not printed: \(error.reason).")
        }
    }

    private func thread(
        _ payload: RequestPayload, in workspace: Workspace, for caller: Caller
    ) async throws -> ChatThread? {
        guard let value = payload["threadSlug"], value != .null, value != "" else { return nil }
        guard let thread = try await conversations.thread(slug: value.stringValue ?? "", in: workspace, for: caller)
        else { throw APIError(.notFound, message: "Thread not found") }
        return thread
    }

    private func selection(_ workspace: Workspace, _ thread: ChatThread?, for caller: Caller) -> ChatSelection {
        if let thread { return conversations.selection(thread: thread, userID: nil, for: caller) }
        let all = conversations.selection(session: nil, of: workspace, for: caller)
        if case .user(let user) = caller { return all.of(user: user.id) }
        return all
    }
}

extension HTTPField.Name {
    static let contentSecurityPolicy = Self("Content-Security-Policy")!
}
