import Domain
import Engine
import Hummingbird

/// | method | path | who |
/// |---|---|---|
/// | GET | /v1/jobs/{id} | API key |
struct JobRoutes: Sendable {
    let jobs: JobQueue

    var endpoints: RouteCollection<AuthenticatedContext> {
        RouteCollection(context: AuthenticatedContext.self)
            .get("{id}", use: find)
    }

    @Sendable private func find(_ request: Request, _ context: AuthenticatedContext) async throws -> Response {
        let id = try context.parameter("id")
        guard let (job, progress) = try await jobs.find(id: id) else {
            throw ServiceError.notFound("There is no job of this id.")
        }
        return Response(json: ["job": job.json(progress)])
    }
}
