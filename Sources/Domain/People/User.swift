/// Somebody who may sign in, once the instance is in multi-user mode.
package struct User: Sendable, Hashable {
    package typealias ID = Int64

    package let id: ID
    package var name: String
    package var role: Caller.Role
    package var isSuspended: Bool
    /// Questions within 24 hours; `nil` for any number.
    package var dailyMessageLimit: Int?
    package var bio: String
    package var hasSeenRecoveryCodes: Bool
    /// Counts up whenever all sessions end: with the password, the role, a suspension.
    package let sessionVersion: Int64
    package let createdAt: Timestamp
    package let lastUpdatedAt: Timestamp

    package init(
        id: ID, name: String, role: Caller.Role, isSuspended: Bool, dailyMessageLimit: Int?, bio: String,
        hasSeenRecoveryCodes: Bool, sessionVersion: Int64, createdAt: Timestamp, lastUpdatedAt: Timestamp
    ) {
        self.id = id
        self.name = name
        self.role = role
        self.isSuspended = isSuspended
        self.dailyMessageLimit = dailyMessageLimit
        self.bio = bio
        self.hasSeenRecoveryCodes = hasSeenRecoveryCodes
        self.sessionVersion = sessionVersion
        self.createdAt = createdAt
        self.lastUpdatedAt = lastUpdatedAt
    }
}

/// What a new user starts with.
package struct NewUser: Sendable {
    package var name: String
    /// `nil` for one who signs in elsewhere.
    package var passwordHash: String?
    package var role: Caller.Role
    package var dailyMessageLimit: Int?
    package var bio: String
    /// Who the user is for an identity provider.
    package var identity: ExternalIdentity?

    package init(
        name: String, passwordHash: String?, role: Caller.Role = .default, dailyMessageLimit: Int? = nil,
        bio: String = "", identity: ExternalIdentity? = nil
    ) {
        self.name = name
        self.passwordHash = passwordHash
        self.role = role
        self.dailyMessageLimit = dailyMessageLimit
        self.bio = bio
        self.identity = identity
    }
}

/// Somebody as an identity provider knows them; both parts together never change.
package struct ExternalIdentity: Sendable, Hashable {
    package let issuer: String
    package let subject: String

    package init(issuer: String, subject: String) {
        self.issuer = issuer
        self.subject = subject
    }
}

/// What is to change about a user; `nil` leaves a field as it is.
package struct UserChange: Sendable, Equatable {
    package var name: String?
    package var passwordHash: String?
    package var role: Caller.Role?
    package var isSuspended: Bool?
    /// `.some(nil)` takes the limit away.
    package var dailyMessageLimit: Int??
    package var bio: String?

    package init() {}

    /// Whether whoever has signed in as the user has to do it again.
    package var endsSessions: Bool { passwordHash != nil || role != nil || isSuspended == true }
}

/// Who is a member of a workspace, and since when.
package struct WorkspaceMember: Sendable, Equatable {
    package let user: User
    package let since: Timestamp

    package init(user: User, since: Timestamp) {
        self.user = user
        self.since = since
    }
}
