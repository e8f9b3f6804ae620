import Domain
import Engine
import HTTPTypes
import Hummingbird
import OrderedJSON
import Persistence

/// The event log: read by those who administer, written by nobody from outside.
struct EventRoutes: Sendable {
    let log: EventLog

    var endpoints: RouteTable {
        RouteTable([
            RouteTable(under: "/api/system")
                .post("event-logs", .requires(.readEvents), use: page)
                .delete("event-logs", .requires(.clearEvents), use: clear),
            RouteTable(under: "/api/v1/system")
                .get("event-logs", .requires(.readEvents), use: query),
        ])
    }

    private static let maximumLimit = 1000

    /// A page as existing clients ask for it: `offset` counts pages.
    @Sendable private func page(_ request: Request, _ context: APIContext) async throws -> Response {
        var request = request
        let payload = try await RequestPayload(&request)
        let limit = min(max(1, payload["limit"]?.looseNumber.flatMap(Int.init(exactly:)) ?? 10), Self.maximumLimit)
        let page = max(0, payload["offset"]?.looseNumber.flatMap(Int.init(exactly:)) ?? 0)
        guard page < 1 << 31 else { throw APIError(.badRequest, message: "offset is too large.") }
        let filter = try Self.filter(
            event: payload.text("event"), from: payload.text("from"), to: payload.text("to"))
        let events = try await log.page(filter, offset: page * limit, limit: limit)
        let total = try await log.count(filter)
        return Response(
            json: [
                "logs": .array(events.map(\.json)), "hasPages": .bool(total > (page + 1) * limit),
                "totalLogs": JSON(total),
            ])
    }

    @Sendable private func query(_ request: Request, _ context: APIContext) async throws -> Response {
        let parameters = QueryParameters(request)
        let limit = min(max(1, parameters["limit"].flatMap(Int.init) ?? 100), Self.maximumLimit)
        var filter = try Self.filter(event: parameters["event"], from: parameters["from"], to: parameters["to"])
        filter.before = try parameters.id("before")
        let events = try await log.page(filter, offset: 0, limit: limit + 1)
        let page = events.prefix(limit)
        switch parameters["format"] ?? "json" {
        case "json":
            let next = events.count > limit ? page.last?.id : nil
            return Response(
                json: [
                    "logs": .array(page.map(\.json)), "hasMore": .bool(events.count > limit),
                    "nextCursor": next.map(JSON.integer) ?? .null,
                ])
        case "csv":
            let rows = [LoggedEvent.csvHeader] + page.map(\.csvRow)
            return Response(
                status: .ok,
                headers: [
                    .contentType: "text/csv; charset=utf-8; header=present", .xContentTypeOptions: "nosniff",
                    .contentDisposition: "attachment; filename=\"event-log.csv\"",
                ], body: ResponseBody(byteBuffer: .init(string: rows.joined())))
        default: throw APIError(.badRequest, message: "format must be one of json, csv.")
        }
    }

    private static func filter(event: String?, from: String?, to: String?) throws(APIError) -> EventStore.Filter {
        var filter = EventStore.Filter()
        filter.name = event
        filter.from = try QueryParameters.time(from, "from")
        filter.to = try QueryParameters.time(to, "to")
        return filter
    }

    @Sendable private func clear(_ request: Request, _ context: APIContext) async throws -> Response {
        try await log.clear(by: context.caller)
        return Response(json: ["success": true, "error": .null])
    }
}

extension LoggedEvent {
    fileprivate var json: JSON {
        [
            "id": .integer(id), "event": .string(name), "metadata": .string(metadata), "userId": JSON(userID),
            "occurredAt": .string(occurredAt.iso8601), "user": ["username": .string(userName ?? "unknown user")],
            "caller": ["kind": JSON(caller.kind), "id": JSON(caller.id), "name": JSON(caller.name)],
            "address": JSON(address),
        ]
    }

    fileprivate static let csvHeader = CSVRecord.line([
        "id", "occurredAt", "event", "caller", "callerId", "callerName", "address", "metadata",
    ])

    fileprivate var csvRow: String {
        CSVRecord.line([
            String(id), occurredAt.iso8601, name, caller.kind ?? "", caller.id.map(String.init) ?? "",
            caller.name ?? "", address ?? "", metadata,
        ])
    }
}
