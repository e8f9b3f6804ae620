import Domain
import Engine
import Hummingbird
import OrderedJSON

/// Documents that are fetched from the web.
extension DocumentRoutes {
    @Sendable func addLink(_ request: Request, _ context: APIContext) async throws -> Response {
        var request = request
        let payload = try await RequestPayload(&request)
        let wishes = try Self.wishes(payload, request)
        guard let link = payload["link"]?.stringValue, !link.trimmed.isEmpty else {
            throw APIError(.internalServerError, body: Self.failure(LinkService.notValid.message))
        }
        let job = try await Self.refusingInvalid {
            try await links.submit(link, Self.linkWishes(payload), wishes, by: context.caller)
        }
        return try await answer(to: job, request)
    }

    /// Several links, or one with `depth` or a sitemap or feed behind it. An element of the list that is no link has an answer
    /// of its own, as one has that cannot be fetched.
    @Sendable func addLinks(_ request: Request, _ context: APIContext) async throws -> Response {
        var request = request
        let payload = try await RequestPayload(&request)
        let wishes = try Self.wishes(payload, request)
        let sent = try Self.links(payload)
        let depth = try Self.number(payload, "depth", in: 0...LinkService.deepestCrawl) ?? 0
        let maximum = try Self.number(payload, "maxLinks", in: 1...links.maximumLinks)
        let submission = try await Self.refusingInvalid {
            try await links.submit(
                sent, depth: depth, maximumLinks: maximum, Self.linkWishes(payload), wishes, by: context.caller)
        }
        switch submission {
        case .refused(let outcome): return try await Self.answer(to: outcome, ingestion)
        case .job(let job) where !wishes.isAwaited: return Self.accepted(job)
        case .job(let job): return try await Self.answer(to: links.outcome(of: job), ingestion)
        }
    }

    // MARK: Reading

    private static func wishes(_ payload: RequestPayload, _ request: Request) throws -> IngestionService.Wishes {
        guard try request.duplicatePolicy == .keep else {
            throw APIError(.badRequest, message: "onDuplicate is for files and texts; a link is always kept.")
        }
        return IngestionService.Wishes(
            metadata: DocumentMetadata(payload["metadata"]), workspaces: try workspaceSlugs(payload["addToWorkspaces"]),
            isAwaited: try request.isAwaited)
    }

    private static func linkWishes(_ payload: RequestPayload) -> LinkService.Wishes {
        LinkService.Wishes(
            headers: [LinkHeader](payload["scraperHeaders"]), keepsHeaders: payload["keepHeaders"]?.isTruthy ?? false,
            isWatched: payload["watch"]?.isTruthy ?? false)
    }

    /// The elements of `links`, or the one address of `links` or `link`.
    private static func links(_ payload: RequestPayload) throws(APIError) -> [LinkService.Sent] {
        let list = payload["links"]?.arrayValue
        let one = (payload["links"] ?? payload["link"])?.stringValue.flatMap {
            $0.trimmed.isEmpty ? nil : [JSON.string($0)]
        }
        guard let sent = list ?? one, !sent.isEmpty else {
            throw unprocessable("'links' must be a list of addresses, or one address.")
        }
        return sent.map { element in element.stringValue.map { .text($0) } ?? .other(element.text) }
    }

    /// A whole number, which forms send as a text; `nil` where there is none.
    ///
    /// - Throws: 400 where it is anything else, or out of range.
    private static func number(
        _ payload: RequestPayload, _ name: String, in range: ClosedRange<Int>
    ) throws(APIError) -> Int? {
        guard let value = payload[name], value != .null else { return nil }
        let number = value.doubleValue.flatMap { Int(exactly: $0) } ?? value.stringValue.flatMap { Int($0.trimmed) }
        guard let number, range.contains(number) else {
            throw APIError(
                .badRequest, message: "\(name) must be a whole number from \(range.lowerBound) to \(range.upperBound).")
        }
        return number
    }

    /// What cannot be fetched is a failure of 500 on this wire, whoever made it.
    private static func refusingInvalid<Submitted>(_ submit: () async throws -> Submitted) async throws -> Submitted {
        do { return try await submit() } catch let error as ServiceError where error.code == .invalid {
            throw APIError(.internalServerError, body: failure(error.message))
        }
    }

    // MARK: Answering

    private static func answer(
        to outcome: LinkCrawlOutcome, _ ingestion: IngestionService
    ) async throws -> Response {
        var documents: [JSON] = []
        var placements: [JSON] = []
        var links: [JSON] = []
        for link in outcome.links {
            let made = try await ingestion.made(link.outcome?.documents ?? [])
            documents += made.map { $0.document.uploaded(text: $0.text) }
            placements += (link.outcome?.placements ?? []).map(\.json)
            links.append([
                "link": .string(link.address), "success": .bool(link.error == nil), "error": JSON(link.error),
                "documents": .array(made.map { .string($0.document.path.text) }),
                "warnings": .array((link.outcome?.warnings ?? []).map(JSON.string)),
            ])
        }
        let failed = outcome.links.count { $0.error != nil }
        let error: String? =
            switch (outcome.links.count, failed) {
            case (0, _): "No links were found."
            case (_, 0): nil
            case (let all, let failed): "\(failed) of \(all) links could not be fetched or read."
            }
        var body: JSONObject = [
            "success": .bool(failed < outcome.links.count), "error": JSON(error), "documents": .array(documents),
            "links": .array(links),
        ]
        if !placements.isEmpty { body["embedding"] = .array(placements) }
        return Response(json: .object(body))
    }
}

extension [LinkHeader] {
    private static var maximumCount: Int { 50 }

    /// Those of `scraperHeaders` that can be sent; the others are ignored, as the wire has it.
    init(_ sent: JSON?) {
        self = DocumentMetadata.object(in: sent).members.prefix(Self.maximumCount).compactMap { member in
            member.value.stringValue.flatMap { LinkHeader(name: member.key, value: $0) }
        }
    }
}
