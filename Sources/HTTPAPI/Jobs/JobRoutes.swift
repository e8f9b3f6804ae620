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

extension Job {
    func json(_ progress: JobProgress?) -> JSON {
        [
            "id": .string(id),
            "kind": .string(kind.rawValue),
            "state": .string(progress != nil && state == .waiting ? State.running.rawValue : state.rawValue),
            "stage": .string((progress?.stage ?? (state.isFinished ? .stored : .received)).rawValue),
            "chunksDone": JSON(progress?.doneCount),
            "chunksTotal": JSON(progress?.totalCount),
            "result": result ?? .null,
            "error": JSON(error),
            "createdAt": .string(createdAt.iso8601),
            "updatedAt": .string(updatedAt.iso8601),
        ]
    }
}
