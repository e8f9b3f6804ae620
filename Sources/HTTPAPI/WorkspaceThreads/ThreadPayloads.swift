import Domain
import HTTPTypes
import OrderedJSON

extension ChatThread {
    /// As its own endpoints show it.
    var json: JSON {
        [
            "id": .integer(id),
            "name": .string(name),
            "slug": .string(slug),
            "workspace_id": .integer(workspaceID),
            "user_id": JSON(userID),
            "createdAt": .string(createdAt.iso8601),
            "lastUpdatedAt": .string(lastUpdatedAt.iso8601),
        ]
    }

    /// As its workspace lists it.
    var summary: JSON { ["user_id": JSON(userID), "slug": .string(slug), "name": .string(name)] }
}

/// What a request for a new thread says: `userId`, `name` and `slug`, none of which is needed.
struct NewThreadPayload {
    let name: String
    /// As it can be stored; `nil` where the thread gets one of its own.
    let slug: String?
    let userID: User.ID?

    private static let defaultName = "Thread"

    init(_ payload: RequestPayload) throws(APIError) {
        guard Self.isUserID(payload["userId"]) else { throw .noThread("userId must be a whole number.") }
        userID = UserReference(payload["userId"]).id
        guard let name = Self.text(payload["name"]) else { throw .noThread("name must be a string.") }
        guard let slug = Self.text(payload["slug"]) else { throw .noThread("slug must be a string.") }
        self.name = name.isEmpty ? Self.defaultName : name
        self.slug = Slug.thread(slug)
    }

    /// Empty for what JavaScript takes for nothing; `nil` for what is no text.
    private static func text(_ value: JSON?) -> String? {
        switch value ?? .null {
        case .string(let text): text
        case .null, .bool(false), .integer(0): ""
        case .integer, .number: value?.text
        case .bool, .array, .object: nil
        }
    }

    private static func isUserID(_ value: JSON?) -> Bool {
        switch value ?? .null {
        case .null: true
        case .string(let text): text.isEmpty || Int64(text) != nil
        case .integer, .number: value?.integerValue != nil
        case .bool, .array, .object: false
        }
    }
}

extension APIError {
    /// Nothing came of a request about a thread.
    static func noThread(_ message: String) -> APIError {
        APIError(.badRequest, body: ["thread": nil, "message": .string(message)])
    }
}
