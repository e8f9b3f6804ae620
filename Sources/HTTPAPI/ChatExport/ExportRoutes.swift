import Domain
import Engine
import HTTPTypes
import Hummingbird
import Persistence

/// One conversation as a file. `format` is `json` (the default), `jsonl`, `csv` or `md`; `includeExcluded` and
/// `includeAttachments` are those of the listings.
struct ExportRoutes: Sendable {
    let workspaces: WorkspaceDirectory
    let conversations: ConversationDirectory
    let printer: (any PagePrinter)?

    var endpoints: RouteTable {
        RouteTable([
            RouteTable(under: "/api/v1/workspace")
                .get("{slug}/chats/export", .requires(.readConversations), use: export)
                .get("{slug}/thread/{threadSlug}/chats/export", .requires(.readConversations), use: exportThread),
            RouteTable(under: "/api")
                .post("export-chat/{type}", .requires(.readConversations), use: exportForBrowser),
        ])
    }

    /// Ids that are in memory at once.
    private static let page = 1000

    @Sendable private func export(_ request: Request, _ context: APIContext) async throws -> Response {
        let parameters = QueryParameters(request)
        let format = try ExportFormat(parameters)
        let workspace = try await workspaces.required(context)
        let session = parameters["apiSessionId"]
        let subject = ExportSubject(workspace: workspace, thread: nil, sessionID: session)
        let selection = conversations.selection(session: session, of: workspace, for: context.caller)
        return answer(selection, as: format, subject, parameters)
    }

    @Sendable private func exportThread(_ request: Request, _ context: APIContext) async throws -> Response {
        let parameters = QueryParameters(request)
        let format = try ExportFormat(parameters)
        let userID = try parameters.id("userId")
        let workspace = try await workspaces.required(context)
        let thread = try await conversations.requiredThread(context, in: workspace)
        let subject = ExportSubject(workspace: workspace, thread: thread, sessionID: nil)
        let selection = conversations.selection(thread: thread, userID: userID, for: context.caller)
        return answer(selection, as: format, subject, parameters)
    }

    private func answer(
        _ selection: ChatSelection, as format: ExportFormat, _ subject: ExportSubject, _ parameters: QueryParameters
    ) -> Response {
        var selection = selection
        selection.includesExcluded = parameters.flag("includeExcluded", else: false)
        let form = format.form(
            of: subject, includesAttachments: parameters.flag("includeAttachments", else: true))
        let headers: HTTPFields = [.contentDisposition: subject.contentDisposition(format)]
        return StreamedBody.response(contentType: format.contentType, headers: headers) { [selection] body in
            try await write(selection, as: form, to: &body)
        }
    }

    func write(_ selection: ChatSelection, as form: ExportForm, to body: inout StreamedBody) async throws {
        var selection = selection
        try await body.write(form.head)
        repeat {
            let ids = try await conversations.ids(in: selection, fromOldest: true, limit: Self.page)
            try await body.write(ids, of: conversations, separator: form.separator) { form.item($0) }
            selection.after = ids.count == Self.page ? ids.last : nil
        } while selection.after != nil
        try await body.write(form.tail)
    }
}

/// Which conversation a file holds.
struct ExportSubject {
    let workspace: Workspace
    let thread: ChatThread?
    let sessionID: String?

    func contentDisposition(_ format: ExportFormat) -> String {
        contentDisposition(fileExtension: format.rawValue)
    }

    func contentDisposition(fileExtension: String) -> String {
        let names = [workspace.name, thread?.name ?? sessionID].compactMap(\.self)
        let slugs = [workspace.slug, thread?.slug].compactMap(\.self)
        return ContentDisposition.attachment(
            named: "\(names.joined(separator: " - ")).\(fileExtension)",
            plainName: "\(slugs.joined(separator: "-")).\(fileExtension)")
    }
}

extension HTTPField.Name {
    static let contentDisposition = HTTPField.Name("Content-Disposition")!
}
