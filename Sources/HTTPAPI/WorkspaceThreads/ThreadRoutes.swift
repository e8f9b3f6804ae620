import Domain
import Engine
import Hummingbird
import OrderedJSON

struct ThreadRoutes: Sendable {
    let workspaces: WorkspaceDirectory
    let conversations: ConversationDirectory

    var endpoints: RouteTable {
        RouteTable(under: "/api/v1/workspace")
            .post("{slug}/thread/new", .requires(.converse), use: create)
            .post("{slug}/thread/{threadSlug}/update", .requires(.converse), use: rename)
            .delete("{slug}/thread/{threadSlug}", .requires(.converse), use: delete).and(for: "new")
    }

    @Sendable private func create(_ request: Request, _ context: APIContext) async throws -> Response {
        var request = request
        let payload = try await RequestPayload(&request)
        let workspace = try await workspaces.valid(context)
        let new = try NewThreadPayload(payload)
        let slug = new.slug ?? UUIDText.random()
        do {
            let thread = try await conversations.createThread(
                named: new.name, slug: slug, in: workspace, for: new.userID, by: context.caller)
            guard let thread else { throw APIError.noThread("A thread with the slug \"\(slug)\" exists already.") }
            return Response(json: ["thread": thread.json, "message": nil])
        } catch let error as ServiceError where error.code == .invalid {
            throw APIError.noThread(error.message)
        } catch let error as ServiceError where error.code == .notFound {
            throw APIError.noWorkspace(workspace.slug)
        }
    }

    @Sendable private func rename(_ request: Request, _ context: APIContext) async throws -> Response {
        var request = request
        let payload = try await RequestPayload(&request)
        let workspace = try await workspaces.required(context)
        let slug = try context.parameter("threadslug")
        _ = try await conversations.requiredThread(context, in: workspace)
        guard let name = payload["name"]?.stringValue else { throw APIError.noThread("name must be a string.") }
        let thread = try await conversations.renameThread(slug: slug, in: workspace, to: name, by: context.caller)
        guard let thread else { throw APIError.threadNotFound }
        return Response(json: ["thread": thread.json, "message": nil])
    }

    @Sendable private func delete(_ request: Request, _ context: APIContext) async throws -> Response {
        let workspace = try await workspaces.valid(context)
        try await conversations.deleteThread(
            slug: try context.parameter("threadslug"), in: workspace, by: context.caller)
        return Response(text: "OK")
    }
}

extension ConversationDirectory {
    /// The thread of the path's `threadslug`.
    func requiredThread(_ context: APIContext, in workspace: Workspace) async throws -> ChatThread {
        let slug = try context.parameter("threadslug")
        guard let thread = try await thread(slug: slug, in: workspace, for: context.caller) else {
            throw APIError.threadNotFound
        }
        return thread
    }
}

extension APIError {
    fileprivate static let threadNotFound = APIError(.notFound, message: "Thread not found")
}
