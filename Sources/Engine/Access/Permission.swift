package import Domain

/// What a caller may or may not do. Routes name one each; `Caller.refusal(of:)` is the only rule that reads them.
package enum Permission: String, Sendable, CaseIterable {
    case readWorkspaces, createWorkspaces, changeWorkspaces
    case readDocuments, addDocuments
    case search
    case readConversations, converse
    /// Asks models directly, without a workspace.
    case useModels
    case readJobs
    case readSettings, changeSettings
    /// Counts and measurements of the whole instance.
    case observe
    case manageUsers, manageInvites, manageMembers
    /// Lets somebody else in as a user.
    case issueSignInTokens
    case readPreferences, changePreferences
    /// Conversations of everybody, in lists and files.
    case readAllConversations, deleteConversations
    case removeDocuments
    case manageKeys, manageEmbeds, readEvents, clearEvents
    /// Turns multi-user mode on, and changes the owner's password.
    case changeMode

    /// The smallest scope of a key that holds the permission.
    package var scope: Caller.Scope {
        switch self {
        case .readWorkspaces, .readDocuments, .search, .readConversations, .readJobs, .observe: .read
        case .converse, .useModels: .chat
        case .createWorkspaces, .changeWorkspaces, .addDocuments: .manage
        case .readSettings, .changeSettings, .manageUsers, .manageInvites, .manageMembers, .issueSignInTokens,
            .readPreferences, .changePreferences, .readAllConversations, .deleteConversations, .manageKeys,
            .manageEmbeds,
            .readEvents, .clearEvents, .changeMode:
            .admin
        case .removeDocuments: .manage
        }
    }

    /// The smallest role of a user that holds the permission.
    package var role: Caller.Role {
        switch self {
        case .readWorkspaces, .search, .readConversations, .converse, .useModels, .readJobs: .default
        case .createWorkspaces, .changeWorkspaces, .readDocuments, .addDocuments, .observe, .manageUsers,
            .manageInvites, .manageMembers, .readPreferences, .changePreferences, .readAllConversations,
            .deleteConversations, .removeDocuments:
            .manager
        case .readSettings, .changeSettings, .issueSignInTokens, .manageKeys, .manageEmbeds, .readEvents, .clearEvents,
            .changeMode:
            .admin
        }
    }

    /// Whether it concerns the whole instance, and so nobody who is confined to some workspaces.
    package var concernsInstance: Bool {
        switch self {
        case .createWorkspaces, .readSettings, .changeSettings, .observe, .manageUsers, .manageInvites, .manageMembers,
            .issueSignInTokens, .readPreferences, .changePreferences, .readAllConversations, .deleteConversations,
            .removeDocuments, .manageKeys, .manageEmbeds, .readEvents, .clearEvents, .changeMode:
            true
        default: false
        }
    }

    /// What somebody may do who writes into a chat widget.
    fileprivate static let ofVisitors: Set<Permission> = [.readConversations, .converse]
}

extension Caller {
    /// Why the caller may not, for people; `nil` where it may.
    package func refusal(of permission: Permission) -> String? {
        switch self {
        case .nobody: "No valid api key found."
        case .key(let key): key.refusal(of: permission)
        case .user(let user): user.refusal(of: permission)
        case .visitor: Permission.ofVisitors.contains(permission) ? nil : "Visitors may only chat."
        case .owner, .system: nil
        }
    }
}

extension Caller.APIKey {
    fileprivate func refusal(of permission: Permission) -> String? {
        let level = scopes.map(\.level).max() ?? .max
        guard level >= permission.scope.level else {
            return "This API key may not do that: it needs the scope \(permission.scope.rawValue)."
        }
        guard workspaces == .all || !permission.concernsInstance else {
            return "This API key may not do that: it is limited to some workspaces."
        }
        return nil
    }
}

extension Caller.User {
    /// A default user's workspaces are always some, and what concerns the instance is beyond that role anyway.
    fileprivate func refusal(of permission: Permission) -> String? {
        role.level >= permission.role.level
            ? nil : "You may not do that: it needs the role \(permission.role.rawValue)."
    }
}

extension Caller.Scope {
    fileprivate var level: Int { Self.allCases.firstIndex(of: self) ?? 0 }
}

extension Caller.Role {
    fileprivate var level: Int { Self.allCases.firstIndex(of: self) ?? 0 }
}
