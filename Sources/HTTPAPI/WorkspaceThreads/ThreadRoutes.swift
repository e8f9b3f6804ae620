import Domain
import Engine
import Hummingbird
import Persistence

/// | method | path | who |
/// |---|---|---|
/// | POST | /v1/workspace/{slug}/thread/new | API key |
/// | POST | /v1/workspace/{slug}/thread/{threadSlug}/update | API key |
/// | DELETE | /v1/workspace/{slug}/thread/{threadSlug} | API key |
struct ThreadRoutes: Sendable {
    let workspaces: WorkspaceStore
    let threads: ThreadStore
    let running: RunningAnswers

    var endpoints: RouteCollection<AuthenticatedContext> {
        RouteCollection(context: AuthenticatedContext.self)
            .post("{slug}/thread/new", use: create)
            .post("{slug}/thread/{threadslug}/update", use: rename)
            .delete("{slug}/thread/{threadslug}", use: delete)
            .on("{slug}/thread/new", .delete, asThe: "threadslug", use: delete)
    }

    @Sendable private func create(_ request: Request, _ context: AuthenticatedContext) async throws -> Response {
        var request = request
        let payload = try await RequestPayload(&request)
        guard let workspace = try await workspaces.find(slug: try context.parameter("slug")) else {
            return Response(text: "Bad Request", status: .badRequest)
        }
        let new = try NewThreadPayload(payload)
        let slug = new.slug ?? UUIDText.random()
        do {
            guard let thread = try await threads.create(name: new.name, slug: slug, in: workspace, at: .now) else {
                throw APIError.noThread("A thread with the slug \"\(slug)\" exists already.")
            }
            return Response(json: ["thread": thread.json, "message": nil])
        } catch DatabaseError.foreignKeyViolation {
            // The workspace was deleted meanwhile.
            return Response(text: "Bad Request", status: .badRequest)
        }
    }

    @Sendable private func rename(_ request: Request, _ context: AuthenticatedContext) async throws -> Response {
        var request = request
        let payload = try await RequestPayload(&request)
        let workspace = try await workspaces.required(context)
        let slug = try context.parameter("threadslug")
        guard try await threads.find(slug: slug, in: workspace.id) != nil else { throw APIError.threadNotFound }
        guard let name = payload["name"]?.stringValue else { throw APIError.noThread("name must be a string.") }
        guard let thread = try await threads.rename(slug: slug, in: workspace.id, to: name, at: .now) else {
            throw APIError.threadNotFound
        }
        return Response(json: ["thread": thread.json, "message": nil])
    }

    @Sendable private func delete(_ request: Request, _ context: AuthenticatedContext) async throws -> Response {
        guard let workspace = try await workspaces.find(slug: try context.parameter("slug")) else {
            return Response(text: "Bad Request", status: .badRequest)
        }
        if let thread = try await threads.delete(slug: try context.parameter("threadslug"), in: workspace.id) {
            running.end(thread: thread.id)
        }
        return Response(text: "OK")
    }
}

extension WorkspaceStore {
    /// The workspace of the path's `slug`.
    func required(_ context: AuthenticatedContext) async throws -> Workspace {
        guard let workspace = try await find(slug: try context.parameter("slug")) else {
            throw APIError(.notFound, body: ["message": "Workspace not found"])
        }
        return workspace
    }
}

extension ThreadStore {
    /// The thread of the path's `threadslug`.
    func required(_ context: AuthenticatedContext, in workspace: Workspace) async throws -> ChatThread {
        guard let thread = try await find(slug: try context.parameter("threadslug"), in: workspace.id) else {
            throw APIError.threadNotFound
        }
        return thread
    }
}

extension APIError {
    fileprivate static let threadNotFound = APIError(.notFound, body: ["message": "Thread not found"])
}
