import Domain
import Engine
import OrderedJSON

extension User {
    /// The public record, as every client reads it.
    var json: JSON {
        [
            "id": .integer(id), "username": .string(name), "pfpFilename": .null, "role": .string(role.rawValue),
            "suspended": .integer(isSuspended ? 1 : 0), "seen_recovery_codes": .bool(hasSeenRecoveryCodes),
            "createdAt": .string(createdAt.iso8601), "lastUpdatedAt": .string(lastUpdatedAt.iso8601),
            "dailyMessageLimit": JSON(dailyMessageLimit), "bio": .string(bio),
        ]
    }
}

extension UserFields {
    /// Reads the fields that were sent; others are passed over.
    ///
    /// - Throws: `invalid` for a value of the wrong type.
    init(_ payload: RequestPayload) throws(ServiceError) {
        self.init()
        switch payload["username"] {
        case nil: break
        case .string(let text)?: name = text
        default: throw ServiceError.invalid("Username must be a string.")
        }
        switch payload["password"] {
        case nil: break
        case .string(let text)?: password = text
        default: throw ServiceError.invalid("\"value\" must be a string")
        }
        switch payload["role"] {
        case nil: break
        case .string(let text)?: role = text
        default: throw ServiceError.invalid("Invalid role. Allowed roles are: default, admin, manager")
        }
        switch payload["bio"] {
        case nil: break
        case .null?: bio = ""
        case .string(let text)?: bio = text
        default: throw ServiceError.invalid("Bio must be a string.")
        }
        if let value = payload["suspended"] { isSuspended = try Self.flag(value, "suspended") }
        if let value = payload["dailyMessageLimit"] { dailyMessageLimit = .some(try Self.limit(value)) }
    }

    private static func limit(_ value: JSON) throws(ServiceError) -> Int? {
        if value == .null { return nil }
        let number: Double? =
            switch value {
            case .integer, .number: value.doubleValue
            case .string(let text): Double(text)
            default: nil
            }
        guard let limit = number.flatMap(Int.init(exactly:)), limit >= 1 else {
            throw ServiceError.invalid("Daily message limit must be null or a number greater than or equal to 1")
        }
        return limit
    }

    private static func flag(_ value: JSON, _ name: String) throws(ServiceError) -> Bool {
        switch value {
        case .bool(let flag): return flag
        case 0, .null, "0", "false", "": return false
        case 1, "1", "true": return true
        default: throw ServiceError.invalid("\(name) must be true or false.")
        }
    }
}

extension WorkspaceMember {
    var json: JSON {
        [
            "userId": .integer(user.id), "username": .string(user.name), "role": .string(user.role.rawValue),
            "lastUpdatedAt": .string(since.iso8601),
        ]
    }
}

extension Invitations.Shown {
    var json: JSON {
        let claimer: JSON =
            invite.claimedBy.map { user in
                var json: JSONObject = ["id": .integer(user.id)]
                json["username"] = user.name.map(JSON.string)
                return .object(json)
            } ?? .null
        let creator: JSON =
            invite.createdBy.userID.map { id in
                ["id": .integer(id), "username": .string(invite.createdBy.name ?? "")]
            } ?? 0
        let ids = JSON.array(invite.workspaces.map(JSON.integer))
        return [
            "id": .integer(invite.id), "code": JSON(code), "status": .string(invite.status.rawValue),
            "claimedBy": claimer, "workspaceIds": .string(ids.text), "createdBy": creator,
            "createdAt": .string(invite.createdAt.iso8601), "lastUpdatedAt": .string(invite.lastUpdatedAt.iso8601),
            "workspaceIdList": ids, "expiresAt": JSON(invite.expiresAt?.iso8601), "uses": JSON(invite.uses),
            "maxUses": JSON(invite.maximumUses),
        ]
    }
}
