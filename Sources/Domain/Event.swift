/// What operators find in the event log.
package enum Event: Sendable {
    case workspaceCreated(name: String)
    case workspaceUpdated(name: String)
    case workspaceDeleted(name: String)
    case threadCreated(workspace: String)
    case threadRenamed(workspace: String, thread: String)
    case threadDeleted(workspace: String, thread: String)
    /// A question was asked; `model` is the workspace's own choice, if it has one.
    case chatSent(workspace: String, model: String?, thread: String?)
    /// A reader said what an answer is worth.
    case chatRated(workspace: String)
    case documentsUploaded(titles: [String], folder: String)
    case rawTextUploaded
    /// A document got the content of a newer version of its file.
    case documentReplaced(title: String, folder: String)
    /// An address, without user name and password.
    case linkUploaded(String)
    /// A document got what is behind its address now.
    case documentRefreshed(title: String, folder: String, link: String)
    /// Documents of links are watched from now on, or not any more, by their paths.
    case documentsWatched(Bool, paths: [String])
    /// An address could not be checked several times in a row and is not watched any more; says why.
    case linkUnwatched(String, reason: String)
    case documentsAdded(Int, workspace: String)
    /// Documents that could not be embedded, by their paths.
    case documentsFailed([String], workspace: String)
    case documentsRemoved(Int, workspace: String)
    case documentsMoved(Int)
    case folderCreated(name: String)
    /// A folder was removed, with so many documents.
    case folderRemoved(name: String, documents: Int)
    /// A document was pinned to a workspace, or its pin taken away.
    case documentPinned(Bool, path: String, workspace: String)
    /// A setting was changed that has an event of its own.
    case settingChanged(event: String)
    /// Settings were changed, by their keys; values are nobody's business.
    case settingsUpdated(keys: [String])
    case preferencesUpdated(names: [String])
    case multiUserModeEnabled
    case signedIn(username: String?)
    case signInFailed(SignInFailure, username: String?)
    case signedOut
    case passwordChanged
    case accountRecovered(username: String)
    /// `workspaces` are those that the user belongs to from the beginning.
    case userCreated(username: String, workspaces: [Workspace.ID] = [])
    /// What changed, as `old => new`; never a password.
    case userUpdated(id: User.ID, username: String, changes: [(field: String, change: String)])
    /// `heir` is whose the conversations have become, if anybody's.
    case userDeleted(id: User.ID, username: String, heir: String?)
    case membersChanged(workspace: String, added: [Person], removed: [Person])
    case inviteCreated(workspaces: [Workspace.ID], maximumUses: Int)
    case inviteDeleted(id: Int64)
    case inviteAccepted(id: Int64, username: String)
    case signInTokenIssued(username: String)
    case keyCreated(id: Int64, name: String?)
    case keyDeleted(id: Int64, name: String?)
    case embedCreated(uuid: String)
    /// `fields` are those that have another value now.
    case embedUpdated(uuid: String, fields: [String])
    case embedDeleted(uuid: String)
    case modelRouterCreated(name: String)
    case modelRouterUpdated(name: String)
    case modelRouterDeleted(name: String)
    /// Of visitors where `isOfEmbeds`, else of workspaces.
    case chatsExported(type: String, isOfEmbeds: Bool)
    /// Somebody deleted a stored chat, or all of them where `id` is `nil`.
    case chatDeleted(id: Int64?)
    case embedChatDeleted(id: Int64)
    case chatsExpired(Int)
    case jobCancelled(id: String, kind: Job.Kind)
    case environmentWritten
    case eventsCleared

    /// Somebody whom an event is about, as they were called then.
    package struct Person: Sendable, Equatable {
        package let id: User.ID
        package let name: String

        package init(_ user: User) {
            id = user.id
            name = user.name
        }
    }

    package enum SignInFailure: String, Sendable {
        case invalidUsername = "failed_login_invalid_username"
        case invalidPassword = "failed_login_invalid_password"
        case suspended = "failed_login_account_suspended"
        case invalidToken = "failed_login_invalid_temporary_auth_token"
        case identityProvider = "failed_login_identity_provider"
    }
}
