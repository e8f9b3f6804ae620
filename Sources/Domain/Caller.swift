/// Who asks for something. Made once, where a request comes in; whatever reads or changes something takes it.
package enum Caller: Sendable, Hashable {
    /// Somebody who showed nothing, or nothing that is known here.
    case nobody
    case key(APIKey)
    /// The one person whose instance it is, signed in; there is none in multi-user mode.
    case owner
    /// Somebody who has signed in.
    case user(User)
    /// Somebody who writes into a chat widget on another site.
    case visitor(Visitor)
    /// This program itself: its own jobs and the command line.
    case system

    package struct APIKey: Sendable, Hashable {
        package var id: Int64
        package var name: String?
        /// What the key may be used for; without any it may be used for everything.
        package var scopes: Set<Scope>
        package var workspaces: WorkspaceReach
        package var limits: Limits

        package init(
            id: Int64, name: String? = nil, scopes: Set<Scope> = [], workspaces: WorkspaceReach = .all,
            limits: Limits = Limits()
        ) {
            self.id = id
            self.name = name
            self.scopes = scopes
            self.workspaces = workspaces
            self.limits = limits
        }

        /// How much a key may be used; `nil` for any amount.
        package struct Limits: Sendable, Hashable {
            package var requestsPerMinute: Int?
            /// Questions to models in a day of UTC.
            package var messagesPerDay: Int?
            /// Of prompts and answers together, in a month of UTC.
            package var tokensPerMonth: Int?

            package init(requestsPerMinute: Int? = nil, messagesPerDay: Int? = nil, tokensPerMonth: Int? = nil) {
                self.requestsPerMinute = requestsPerMinute
                self.messagesPerDay = messagesPerDay
                self.tokensPerMonth = tokensPerMonth
            }
        }
    }

    package struct User: Sendable, Hashable {
        package var id: Int64
        package var name: String
        package var role: Role
        package var workspaces: WorkspaceReach
        /// Questions within 24 hours; `nil` for any number.
        package var dailyMessageLimit: Int?
        /// Of the session that the user came with, see `User`.
        package var sessionVersion: Int64

        package init(
            id: Int64, name: String, role: Role, workspaces: WorkspaceReach, dailyMessageLimit: Int? = nil,
            sessionVersion: Int64 = 0
        ) {
            self.id = id
            self.name = name
            self.role = role
            self.workspaces = workspaces
            self.dailyMessageLimit = dailyMessageLimit
            self.sessionVersion = sessionVersion
        }
    }

    package struct Visitor: Sendable, Hashable {
        package var embedID: Int64
        package var sessionID: String
        package var workspaceID: Workspace.ID

        package init(embedID: Int64, sessionID: String, workspaceID: Workspace.ID) {
            self.embedID = embedID
            self.sessionID = sessionID
            self.workspaceID = workspaceID
        }
    }

    /// What a key may be used for. Each scope holds those before it.
    package enum Scope: String, Sendable, CaseIterable {
        case read, chat, manage, admin
    }

    package enum Role: String, Sendable, CaseIterable {
        case `default`, manager, admin
    }

    /// The workspaces that a caller may know of.
    package var workspaces: WorkspaceReach {
        switch self {
        case .nobody: .only([])
        case .key(let key): key.workspaces
        case .user(let user): user.workspaces
        case .visitor(let visitor): .only([visitor.workspaceID])
        case .owner, .system: .all
        }
    }

    /// Whose conversations the caller's are; `nil` where they are nobody's in particular.
    package var userID: Int64? {
        if case .user(let user) = self { user.id } else { nil }
    }
}

// MARK: - How callers are recorded

extension Caller {
    /// A caller as it is kept with what it did.
    package struct Record: Sendable, Hashable {
        /// See `Caller.kind`; `nil` for what is older than callers.
        package let kind: String?
        package let id: Int64?
        package let name: String?

        package init(kind: String?, id: Int64?, name: String?) {
            self.kind = kind
            self.id = id
            self.name = name
        }

        /// The user, where it was one.
        package var userID: Int64? { kind == "user" ? id : nil }
    }

    /// What `kind` may be.
    package static let kinds = ["nobody", "key", "owner", "user", "visitor", "system"]

    /// One word, for logs and rows.
    package var kind: String {
        switch self {
        case .nobody: "nobody"
        case .key: "key"
        case .owner: "owner"
        case .user: "user"
        case .visitor: "visitor"
        case .system: "system"
        }
    }

    /// Of the key, the user or the embed.
    package var id: Int64? {
        switch self {
        case .nobody, .owner, .system: nil
        case .key(let key): key.id
        case .user(let user): user.id
        case .visitor(let visitor): visitor.embedID
        }
    }

    /// What people know the caller by.
    package var name: String? {
        switch self {
        case .nobody, .owner, .system: nil
        case .key(let key): key.name
        case .user(let user): user.name
        case .visitor(let visitor): visitor.sessionID
        }
    }
}

/// All workspaces, or some.
package enum WorkspaceReach: Sendable, Hashable {
    case all
    case only(Set<Workspace.ID>)

    package func includes(_ workspace: Workspace.ID) -> Bool {
        switch self {
        case .all: true
        case .only(let some): some.contains(workspace)
        }
    }
}
