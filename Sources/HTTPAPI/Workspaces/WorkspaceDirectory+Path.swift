import Domain
import Engine
import Hummingbird

extension WorkspaceDirectory {
    /// The workspace of the path's `slug`.
    ///
    /// - Throws: 404 where there is none for the caller.
    func required(_ context: APIContext) async throws -> Workspace {
        guard let workspace = try await find(slug: try context.parameter("slug"), for: context.caller) else {
            throw APIError(.notFound, message: "Workspace not found")
        }
        return workspace
    }

    /// The same where the wire has 400 for a workspace that is not there.
    func valid(_ context: APIContext) async throws -> Workspace {
        let slug = try context.parameter("slug")
        guard let workspace = try await find(slug: slug, for: context.caller) else {
            throw APIError.noWorkspace(slug)
        }
        return workspace
    }
}
