import Domain
import Engine
import HTTPTypes
import Hummingbird
import OrderedJSON
import Persistence

/// What there is in the library.
///
/// | operation | |
/// |---|---|
/// | `GET documents` | all documents by folder; with `limit`, `offset` or `search` a part of them; with `folder` a page of one |
/// | `GET documents/folder/{folderName}` | one folder |
/// | `GET document/{docName}` | one document |
/// | `POST document/known` | which files there are documents of |
/// | `GET document/metadata-schema` | what can be said of a text that is added |
struct ListingRoutes: Sendable {
    let directory: DocumentDirectory
    let watch: LinkWatch

    var endpoints: RouteTable {
        RouteTable(under: "/api/v1")
            .get("documents", .requires(.readDocuments), use: list)
            .get("documents/folder/{foldername}", .requires(.readDocuments), use: listFolder)
            .get("document/metadata-schema", .everyKnownCaller, use: metadataSchema)
            .get("document/{docname}", .requires(.readDocuments), use: find)
            .post("document/known", .requires(.readDocuments), use: known)
    }

    private static let contentType = "application/json; charset=utf-8"

    @Sendable private func list(_ request: Request, _ context: APIContext) async throws -> Response {
        let parameters = QueryParameters(request)
        let listing = try listing(parameters, for: context.caller)
        if let folder = parameters["folder"] {
            let range = DocumentListing.Range(parameters, defaultLimit: DocumentListing.Range.defaultLimit)
            return try await page(of: folder, range, listing, code: #","code":200"#)
        }
        guard ["limit", "offset", "search"].contains(where: { parameters[$0] != nil }) else {
            let stretches = try await directory.folders(for: context.caller).map { DocumentListing.Stretch(folder: $0) }
            return StreamedBody.response(contentType: Self.contentType) { body in
                try await listing.write(stretches, "", to: &body)
            }
        }
        let range = DocumentListing.Range(parameters, defaultLimit: DocumentListing.Range.defaultLimit)
        let (stretches, total) = try await listing.stretches(of: range)
        let members = #","totalCount":\#(total),"hasMore":\#(range.hasMore(of: total))"#
        return StreamedBody.response(contentType: Self.contentType) { body in
            try await listing.write(stretches, members, to: &body)
        }
    }

    @Sendable private func listFolder(_ request: Request, _ context: APIContext) async throws -> Response {
        let parameters = QueryParameters(request)
        let listing = try listing(parameters, for: context.caller)
        let range = DocumentListing.Range(parameters, defaultLimit: nil)
        return try await page(of: try context.parameter("foldername"), range, listing, code: "")
    }

    /// - Parameter code: a member of the answer that only one of the two operations has.
    private func page(
        of name: String, _ range: DocumentListing.Range, _ listing: DocumentListing, code: String
    ) async throws -> Response {
        guard let folder = try await directory.folder(name, for: listing.caller) else {
            var body: JSONObject = [
                "folder": .string(name), "documents": [], "totalCount": 0, "hasMore": false,
            ]
            if !code.isEmpty { body["code"] = 404 }
            body["error"] = .string("Folder \"\(name)\" does not exist.")
            return Response(status: .notFound, json: .object(body))
        }
        let total = try await directory.count(folder: folder, listing.search, for: listing.caller)
        let stretch = DocumentListing.Stretch(folder: folder, offset: range.offset, count: range.limit)
        return StreamedBody.response(contentType: Self.contentType) { body in
            try await body.write(#"{"folder":\#(JSON.string(name).text),"documents":["#)
            try await listing.write(stretch, to: &body)
            try await body.write(
                #"],"totalCount":\#(total),"hasMore":\#(range.hasMore(of: total))\#(code),"error":null}"#)
        }
    }

    /// UTF-16 code units.
    private static let maximumSearchLength = 1000

    private func listing(_ parameters: QueryParameters, for caller: Caller) throws -> DocumentListing {
        let words = parameters["search"]
        guard words?.utf16.count ?? 0 <= Self.maximumSearchLength else {
            throw APIError(.badRequest, message: "search may have at most \(Self.maximumSearchLength) characters.")
        }
        return DocumentListing(
            directory: directory, search: DocumentStore.Search(words: words), watchesLinks: watch.isEnabled,
            caller: caller)
    }

    @Sendable private func find(_ request: Request, _ context: APIContext) async throws -> Response {
        guard let found = try await directory.find(try context.parameter("docname"), for: context.caller) else {
            throw APIError(.notFound, message: "Document not found.")
        }
        return Response(json: ["document": .object(found.json(watchesLinks: watch.isEnabled))])
    }

    /// Files that one request may ask for.
    private static let maximumDigests = 500
    /// Documents of one answer.
    private static let maximumKnown = 1000

    /// Which files need not be sent again.
    @Sendable private func known(_ request: Request, _ context: APIContext) async throws -> Response {
        let query = QueryParameters(request)
        let offset = try query.integer("offset", in: 0...Int(Int32.max)) ?? 0
        let limit = try query.integer("limit", in: 1...Self.maximumKnown) ?? Self.maximumKnown
        var request = request
        let payload = try await RequestPayload(&request)
        let digests = payload["sha256"]?.arrayValue?.map { $0.stringValue?.lowercased() ?? "" }
        guard let digests, !digests.isEmpty, digests.allSatisfy(Self.isSHA256) else {
            throw APIError(
                .badRequest,
                message: "sha256 must be an array of SHA-256 digests, each of them 64 hexadecimal digits.")
        }
        guard digests.count <= Self.maximumDigests else {
            throw APIError(
                .contentTooLarge,
                message: "One request may ask for at most \(Self.maximumDigests) files; send several.")
        }
        // One more shows whether there are any behind these.
        let found = try await directory.known(
            sha256: digests.unique, offset: offset, limit: limit + 1, for: context.caller)
        return Response(
            json: [
                "documents": .array(found.prefix(limit).map(\.json)), "hasMore": .bool(found.count > limit),
            ])
    }

    private static func isSHA256(_ text: String) -> Bool {
        text.utf8.count == 64 && text.utf8.allSatisfy { $0.hexadecimalValue != nil }
    }

    @Sendable private func metadataSchema(_ request: Request, _ context: APIContext) -> Response {
        let optional: JSON = "string | nullable"
        return Response(
            json: [
                "schema": [
                    "url": optional, "title": "string", "docAuthor": optional, "description": optional,
                    "docSource": optional, "chunkSource": optional, "published": "epoch timestamp in ms | nullable",
                ]
            ])
    }
}
