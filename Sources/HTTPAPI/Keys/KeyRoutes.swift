import Domain
import Engine
import HTTPTypes
import Hummingbird
import OrderedJSON
import Persistence

/// API keys. The same operations have one address for each mode of the instance.
struct KeyRoutes: Sendable {
    let keys: APIKeys
    let workspaces: WorkspaceDirectory

    var endpoints: RouteTable {
        RouteTable([
            RouteTable(under: "/api/system")
                .get("api-keys", .requires(.manageKeys).inSingleUserMode, use: list)
                .post("generate-api-key", .requires(.manageKeys).inSingleUserMode, use: create)
                .delete("api-key/{id}", .requires(.manageKeys).inSingleUserMode, use: delete),
            RouteTable(under: "/api/admin")
                .get("api-keys", .requires(.manageKeys).inMultiUserMode, use: list)
                .post("generate-api-key", .requires(.manageKeys).inMultiUserMode, use: create)
                .delete("delete-api-key/{id}", .requires(.manageKeys).inMultiUserMode, use: delete),
        ])
    }

    @Sendable private func list(_ request: Request, _ context: APIContext) async throws -> Response {
        let slugs = try await slugs(for: context.caller)
        let entries = try await keys.all().map { JSON.object($0.json(slugs: slugs)) }
        return Response(json: ["apiKeys": .array(entries), "error": .null])
    }

    @Sendable private func create(_ request: Request, _ context: APIContext) async throws -> Response {
        var request = request
        let payload = try await RequestPayload(&request)
        let made = try await keys.create(try await newKey(payload, for: context.caller), by: context.caller)
        var json = made.entry.json(slugs: try await slugs(for: context.caller))
        json["secret"] = .string(made.key)
        return Response(json: ["apiKey": .object(json), "error": .null]).uncached
    }

    @Sendable private func delete(_ request: Request, _ context: APIContext) async throws -> Response {
        guard let id = try context.id("id") else { throw APIError(.badRequest, message: "Invalid key id") }
        _ = try await keys.revoke(id: id, by: context.caller)
        return Response(status: .ok)
    }

    private func slugs(for caller: Caller) async throws -> [Workspace.ID: String] {
        Dictionary(try await workspaces.all(for: caller).map { ($0.id, $0.slug) }) { first, _ in first }
    }

    // MARK: What a key is asked to be

    private func newKey(_ payload: RequestPayload, for caller: Caller) async throws -> APIKeyStore.NewKey {
        guard payload["name"].map({ $0 == .null || $0.stringValue != nil }) ?? true else {
            throw APIError(.badRequest, message: "name must be a text.")
        }
        let name = payload.text("name")?.trimmed ?? ""
        guard name.utf16.count <= 255 else {
            throw APIError(.badRequest, message: "name must have at most 255 characters.")
        }
        var new = APIKeyStore.NewKey(name: name.isEmpty ? nil : name)
        if let names = try Self.texts(payload, "scopes") {
            new.scopes = Set(
                try names.map { name in
                    guard let scope = Caller.Scope(rawValue: name) else {
                        throw APIError(
                            .badRequest, message: "\(name) is no scope: those are admin, manage, chat, read.")
                    }
                    return scope
                })
        }
        if let slugs = try Self.texts(payload, "workspaces") {
            let found = try await workspaces.find(slugs: slugs, for: caller)
            if let missing = slugs.first(where: { slug in !found.contains { $0.slug == slug } }) {
                throw APIError(.badRequest, message: "There is no workspace \(missing).")
            }
            new.workspaces = .only(Set(found.map(\.id)))
        }
        new.expiresAt = try Self.expiry(payload["expiresAt"])
        new.limits.requestsPerMinute = try Self.limit(payload, "requestsPerMinute")
        new.limits.messagesPerDay = try Self.limit(payload, "messagesPerDay")
        new.limits.tokensPerMonth = try Self.limit(payload, "tokensPerMonth")
        return new
    }

    /// `nil` where nothing is said, which means no bound: a list that came out empty does not.
    private static func texts(_ payload: RequestPayload, _ key: String) throws(APIError) -> [String]? {
        guard let value = payload[key], value != .null else { return nil }
        guard let items = value.arrayValue, !items.isEmpty, items.allSatisfy({ $0.stringValue != nil }) else {
            throw APIError(.badRequest, message: "\(key) must be an array of texts that is not empty, or null.")
        }
        return items.compactMap(\.stringValue)
    }

    private static func expiry(_ value: JSON?) throws(APIError) -> Timestamp? {
        guard let value, value != .null else { return nil }
        guard let time = value.stringValue.flatMap({ Timestamp(iso8601: $0) }), time > .now else {
            throw APIError(.badRequest, message: "expiresAt must be an ISO 8601 date that is still to come.")
        }
        return time
    }

    private static func limit(_ payload: RequestPayload, _ key: String) throws(APIError) -> Int? {
        guard let value = payload[key], value != .null else { return nil }
        guard case .integer(let number) = value, let limit = Int(exactly: number), limit > 0 else {
            throw APIError(.badRequest, message: "\(key) must be a whole number above 0.")
        }
        return limit
    }
}

extension APIKeyStore.Entry {
    /// Without the key itself, which was shown when it was made.
    fileprivate func json(slugs: [Workspace.ID: String]) -> JSONObject {
        let creator: JSON =
            createdBy.userID.map { id in
                // Only while its maker is an administrator is a key of any use.
                ["id": .integer(id), "username": .string(createdBy.name ?? ""), "role": isOrphaned ? .null : "admin"]
            } ?? .null
        let reach: JSON =
            switch key.workspaces {
            case .all: .null
            case .only(let some): .array(some.sorted().compactMap { slugs[$0] }.map(JSON.string))
            }
        return [
            "id": .integer(key.id), "name": JSON(key.name), "prefix": .string(prefix),
            "scopes": .array(key.scopes.map(\.rawValue).sorted().map(JSON.string)), "workspaces": reach,
            "expiresAt": JSON(expiresAt?.iso8601), "requestsPerMinute": JSON(key.limits.requestsPerMinute),
            "messagesPerDay": JSON(key.limits.messagesPerDay), "tokensPerMonth": JSON(key.limits.tokensPerMonth),
            "createdBy": creator, "createdAt": .string(createdAt.iso8601),
            "lastUpdatedAt": .string(createdAt.iso8601), "lastUsedAt": JSON(lastUsedAt?.iso8601),
        ]
    }
}
