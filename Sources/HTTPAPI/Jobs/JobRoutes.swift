import Domain
import Engine
import Hummingbird
import OrderedJSON

struct JobRoutes: Sendable {
    let jobs: JobQueue

    var endpoints: RouteTable {
        RouteTable(under: "/api/v1/jobs").get("{id}", .requires(.readJobs), use: find)
    }

    @Sendable private func find(_ request: Request, _ context: APIContext) async throws -> Response {
        let id = try context.parameter("id")
        guard let (job, progress) = try await jobs.find(id: id, for: context.caller) else {
            throw ServiceError.notFound("There is no job of this id.")
        }
        return Response(json: ["job": job.json(progress)])
    }
}
