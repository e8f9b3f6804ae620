import Domain
import Engine
import Hummingbird
import OrderedJSON

struct JobRoutes: Sendable {
    let jobs: JobQueue
    let reports: JobReports

    /// How often a job is looked at for whoever follows it: it may run in another process, which tells this one nothing.
    private static let interval = Duration.milliseconds(250)
    private static let defaultPage = 50
    private static let maximumPage = 500
    /// Documents of each job in a list of jobs.
    private static let listedDocuments = 10
    private static let defaultDocuments = 100
    private static let maximumDocuments = 1000
    private static let maximumIDs = 200

    var endpoints: RouteTable {
        RouteTable(under: "/api/v1/jobs")
            .get("", .requires(.readJobs), use: list)
            .get("{id}", .requires(.readJobs), use: find)
            .get("{id}/events", .requires(.readJobs), use: follow)
            .delete("{id}", .requires(.addDocuments), use: cancel)
    }

    /// By `ids`, or by `state` (`unfinished`, or one of the states), `offset` and `limit`.
    @Sendable private func list(_ request: Request, _ context: APIContext) async throws -> Response {
        let query = QueryParameters(request)
        let offset = try query.integer("offset", in: 0...Int(Int32.max)) ?? 0
        let limit = try query.integer("limit", in: 1...Self.maximumPage) ?? Self.defaultPage
        let (found, count): ([(job: Job, progress: JobProgress?)], Int)
        if let ids = query["ids"]?.split(separator: ",").map(String.init) {
            guard ids.count <= Self.maximumIDs else {
                throw APIError(.badRequest, message: "At most \(Self.maximumIDs) ids may be named at once.")
            }
            found = try await jobs.find(ids: ids, for: context.caller)
            count = found.count
        } else {
            (found, count) = try await jobs.list(
                Self.states(query["state"]), offset: offset, limit: limit, for: context.caller)
        }
        let reports = try await reports.reports(of: found.map(\.job), limit: Self.listedDocuments)
        return Response(
            json: [
                "jobs": .array(found.map { $0.job.json($0.progress, reports[$0.job.id]) }), "totalCount": JSON(count),
                "hasMore": .bool(query["ids"] == nil && offset + found.count < count),
            ])
    }

    private static func states(_ name: String?) throws -> [Job.State] {
        guard let name, !name.isEmpty else { return Job.State.allCases }
        if name == "unfinished" { return [.waiting, .running] }
        guard let state = Job.State(rawValue: name) else {
            let names = Job.State.allCases.map(\.rawValue).joined(separator: ", ")
            throw APIError(.badRequest, message: "state must be unfinished or one of \(names).")
        }
        return [state]
    }

    @Sendable private func find(_ request: Request, _ context: APIContext) async throws -> Response {
        let query = QueryParameters(request)
        let offset = try query.integer("offset", in: 0...Int(Int32.max)) ?? 0
        let limit = try query.integer("limit", in: 1...Self.maximumDocuments) ?? Self.defaultDocuments
        return Response(
            json: try await state(of: context.parameter("id"), offset: offset, limit: limit, for: context.caller).json)
    }

    /// - Parameter offset: with `limit`, which of the documents are told of that a finished job has made.
    private func state(
        of id: String, offset: Int = 0, limit: Int = defaultDocuments, for caller: Caller
    ) async throws -> (json: JSON, isFinished: Bool) {
        guard let (job, progress) = try await jobs.find(id: id, for: caller) else {
            throw ServiceError.notFound("There is no job of this id.")
        }
        let report = try await reports.reports(of: [job], offset: offset, limit: limit)[job.id]
        return (["job": job.json(progress, report)], job.state.isFinished)
    }

    /// An event whenever something has changed, the last one when the job is finished.
    @Sendable private func follow(_ request: Request, _ context: APIContext) async throws -> Response {
        let (id, caller) = (try context.parameter("id"), context.caller)
        _ = try await state(of: id, for: caller)
        return EventStream.response(to: request) { events in
            var sent: JSON?
            while true {
                let (json, isFinished) = try await state(of: id, for: caller)
                if json != sent { try await events.send(json) }
                if isFinished { return }
                sent = json
                try await Task.sleep(for: Self.interval)
            }
        } closeEarly: { _ in
        }
    }

    @Sendable private func cancel(_ request: Request, _ context: APIContext) async throws -> Response {
        guard let job = try await jobs.cancel(id: context.parameter("id"), for: context.caller) else {
            throw ServiceError.notFound("There is no job of this id.")
        }
        guard job.state == .cancelled else {
            throw APIError(
                .conflict, body: ["success": false, "error": "The job is finished already.", "job": job.json(nil)])
        }
        return Response(json: ["success": true, "error": nil, "job": job.json(nil)])
    }
}
