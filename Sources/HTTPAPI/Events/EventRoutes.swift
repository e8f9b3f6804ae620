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
    private static let filterNames: Set = ["event", "caller", "userId", "keyId", "address", "from", "to"]

    /// A page as existing clients ask for it: `offset` counts pages.
    @Sendable private func page(_ request: Request, _ context: APIContext) async throws -> Response {
        var request = request
        let payload = try await RequestPayload(&request)
        let page = try PageRequest(payload, size: 10)
        let filter = try Self.filter { name in
            switch payload[name] {
            case nil, .null?: nil
            case .string(let text)?: text.isEmpty ? nil : text
            case .integer(let number)?: String(number)
            default: throw APIError(.badRequest, message: "\(name) must be a text or a number.")
            }
        }
        let events = try await log.page(filter, offset: page.start, limit: page.limit)
        let total = try await log.count(filter)
        return Response(
            json: [
                "logs": .array(events.map(\.json)), "hasPages": .bool(page.hasMore(of: total)),
                "totalLogs": JSON(total),
            ])
    }

    @Sendable private func query(_ request: Request, _ context: APIContext) async throws -> Response {
        let parameters = QueryParameters(request)
        try parameters.requireOnly(Self.filterNames.union(["before", "limit", "format"]))
        var filter = try Self.filter { parameters[$0] }
        filter.before = try parameters.id("before")
        switch parameters["format"] ?? "json" {
        case "json":
            let limit = try parameters.integer("limit", in: 1...Self.maximumLimit) ?? 100
            let events = try await log.page(filter, offset: 0, limit: limit + 1)
            let page = events.prefix(limit)
            let next = events.count > limit ? page.last?.id : nil
            return Response(
                json: [
                    "logs": .array(page.map(\.json)), "hasMore": .bool(events.count > limit),
                    "nextCursor": next.map(JSON.integer) ?? .null,
                ])
        case "csv":
            let limit = try parameters.integer("limit", in: 1...Int(Int32.max))
            return csv(of: filter, limit: limit ?? .max)
        default: throw APIError(.badRequest, message: "format must be one of json, csv.")
        }
    }

    /// All that matches, read while it is written; what happens meanwhile is not in it.
    private func csv(of filter: EventStore.Filter, limit: Int) -> Response {
        StreamedBody.response(
            contentType: "text/csv; charset=utf-8; header=present",
            headers: [.contentDisposition: "attachment; filename=\"event-log.csv\""]
        ) { body in
            try await body.write(LoggedEvent.csvHeader)
            var filter = filter
            var left = limit
            while left > 0 {
                let events = try await log.page(filter, offset: 0, limit: min(left, Self.maximumLimit))
                guard let last = events.last else { return }
                for event in events { try await body.write(event.csvRow) }
                filter.before = last.id
                left -= events.count
            }
        }
    }

    /// - Parameter value: of a name of `filterNames`; `nil` where it was not sent.
    /// - Throws: 400 for what no event can have: nothing would match, and it would look as if nothing had happened.
    private static func filter(_ value: (String) throws -> String?) throws -> EventStore.Filter {
        var filter = EventStore.Filter()
        filter.name = try value("event")
        filter.callerKind = try value("caller")
        if let kind = filter.callerKind, !Caller.kinds.contains(kind) {
            throw APIError(.badRequest, message: "caller must be one of \(Caller.kinds.joined(separator: ", ")).")
        }
        filter.userID = try QueryParameters.id(try value("userId"), "userId")
        filter.keyID = try QueryParameters.id(try value("keyId"), "keyId")
        if let text = try value("address") {
            guard let address = IPAddress(text) else {
                throw APIError(.badRequest, message: "address must be an IP address.")
            }
            filter.address = address.text
        }
        filter.from = try QueryParameters.time(try value("from"), "from")
        filter.to = try QueryParameters.time(try value("to"), "to")
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
