import Domain
import OrderedJSON

/// Events as rows hold them. Names and keys are those that other programs read.
extension Event {
    /// By whom it was done tells some of them apart.
    func name(by caller: Caller) -> String {
        switch self {
        case .workspaceCreated: "api_workspace_created"
        case .workspaceUpdated: "api_workspace_updated"
        case .workspaceDeleted: "api_workspace_deleted"
        case .threadCreated: "api_workspace_thread_created"
        case .threadRenamed: "api_workspace_thread_updated"
        case .threadDeleted: "api_workspace_thread_deleted"
        case .chatSent: "api_sent_chat"
        case .chatRated: "api_chat_feedback"
        case .documentsUploaded: "api_document_uploaded"
        case .rawTextUploaded: "api_raw_document_uploaded"
        case .documentReplaced: "api_document_replaced"
        case .linkUploaded: "api_link_uploaded"
        case .documentRefreshed: "document_refreshed"
        case .documentsWatched(let isWatched, _): isWatched ? "documents_watched" : "documents_unwatched"
        case .linkUnwatched: "link_unwatched"
        case .documentsAdded: "workspace_documents_added"
        case .documentsFailed: "workspace_documents_failed"
        case .documentsRemoved: "workspace_documents_removed"
        case .documentsMoved: "documents_moved"
        case .folderCreated: "folder_created"
        case .folderRemoved: "folder_removed"
        case .documentPinned(let isPinned, _, _):
            isPinned ? "workspace_document_pinned" : "workspace_document_unpinned"
        case .settingChanged(let event): event
        case .settingsUpdated: "update_settings"
        case .preferencesUpdated: "update_preferences"
        case .multiUserModeEnabled: "multi_user_mode_enabled"
        case .signedIn: "login_event"
        case .signInFailed(let failure, _): failure.rawValue
        case .signedOut: "sessions_ended"
        case .passwordChanged: "password_changed"
        case .accountRecovered: "account_recovered"
        case .userCreated: caller.isKey ? "api_user_created" : "user_created"
        case .userUpdated: "user_updated"
        case .userDeleted: caller.isKey ? "api_user_deleted" : "user_deleted"
        case .membersChanged: "workspace_members_updated"
        case .inviteCreated: "invite_created"
        case .inviteDeleted: "invite_deleted"
        case .inviteAccepted: "invite_accepted"
        case .signInTokenIssued: "temporary_auth_token_issued"
        case .keyCreated: "api_key_created"
        case .keyDeleted: "api_key_deleted"
        case .embedCreated: "embed_created"
        case .embedUpdated: "embed_updated"
        case .embedDeleted: "embed_deleted"
        case .modelRouterCreated: "model_router_created"
        case .modelRouterUpdated: "model_router_updated"
        case .modelRouterDeleted: "model_router_deleted"
        case .chatsExported: "exported_chats"
        case .chatDeleted(let id): id == nil ? "workspace_chats_cleared" : "workspace_chat_deleted"
        case .embedChatDeleted: "embed_chat_deleted"
        case .chatsExpired: "chats_expired"
        case .jobCancelled: "job_cancelled"
        case .environmentWritten: "environment_written"
        case .eventsCleared: Self.clearing
        }
    }

    /// What a clearing leaves behind.
    static let clearing = "event_logs_cleared"

    func metadata(by caller: Caller) -> JSON {
        guard case .user(let user) = caller, let role = authorKey, case .object(var metadata) = metadata else {
            return metadata
        }
        metadata[role] = .string(user.name)
        return .object(metadata)
    }

    /// Under which key other programs look for who did it.
    private var authorKey: String? {
        switch self {
        case .userCreated, .inviteCreated, .keyCreated: "createdBy"
        case .userDeleted, .inviteDeleted, .keyDeleted: "deletedBy"
        default: nil
        }
    }

    private var metadata: JSON {
        switch self {
        case .workspaceCreated(let name), .workspaceUpdated(let name), .workspaceDeleted(let name),
            .threadCreated(let name), .chatRated(let name):
            return ["workspaceName": .string(name)]
        case .threadRenamed(let workspace, let thread), .threadDeleted(let workspace, let thread):
            return ["workspaceName": .string(workspace), "threadName": .string(thread)]
        case .documentPinned(_, let path, let workspace):
            return ["workspaceName": .string(workspace), "document": .string(path)]
        case .chatSent(let workspace, let model, let thread):
            var metadata: JSONObject = [
                "workspaceName": .string(workspace), "chatModel": .string(model ?? "System Default"),
            ]
            metadata["threadName"] = thread.map(JSON.string)
            return .object(metadata)
        case .documentReplaced(let title, let folder):
            return ["documentName": .string(title), "folder": .string(folder)]
        case .documentsUploaded(let titles, let folder):
            return ["documentName": .string(titles.joined(separator: ", ")), "folder": .string(folder)]
        case .linkUploaded(let link): return ["link": .string(link)]
        case .documentRefreshed(let title, let folder, let link):
            return ["documentName": .string(title), "folder": .string(folder), "link": .string(link)]
        case .documentsWatched(_, let paths):
            return ["numberOfDocuments": JSON(paths.count), "documents": .array(paths.prefix(100).map(JSON.string))]
        case .linkUnwatched(let link, let reason): return ["link": .string(link), "reason": .string(reason)]
        case .documentsAdded(let count, let workspace):
            return ["workspaceName": .string(workspace), "numberOfDocumentsAdded": JSON(count)]
        case .documentsFailed(let paths, let workspace):
            return [
                "workspaceName": .string(workspace), "numberOfDocumentsFailed": JSON(paths.count),
                "documents": .array(paths.map(JSON.string)),
            ]
        case .documentsRemoved(let count, let workspace):
            return ["workspaceName": .string(workspace), "numberOfDocuments": JSON(count)]
        case .documentsMoved(let count): return ["numberOfDocuments": JSON(count)]
        case .folderCreated(let name): return ["folder": .string(name)]
        case .folderRemoved(let name, let count):
            return ["folder": .string(name), "numberOfDocuments": JSON(count)]
        case .settingsUpdated(let keys): return ["keys": .array(keys.map(JSON.string))]
        case .preferencesUpdated(let names): return ["keys": .array(names.map(JSON.string))]
        case .signedIn(let username), .signInFailed(_, let username):
            var metadata: JSONObject = ["ip": JSON(ClientAddress.current)]
            if let username {
                metadata["username"] = .string(username)
            } else {
                metadata["multiUserMode"] = .bool(isOfUsers)
            }
            return .object(metadata)
        case .accountRecovered(let username), .signInTokenIssued(let username):
            return ["username": .string(username)]
        case .inviteAccepted(let id, let username): return ["username": .string(username), "inviteId": .integer(id)]
        case .userCreated(let username, let workspaces):
            var metadata: JSONObject = ["userName": .string(username)]
            if !workspaces.isEmpty { metadata["workspaceIds"] = .array(workspaces.map(JSON.integer)) }
            return .object(metadata)
        case .userDeleted(let id, let username, let heir):
            var metadata: JSONObject = ["userName": .string(username), "userId": .integer(id)]
            metadata["chatsReassignedTo"] = heir.map(JSON.string)
            return .object(metadata)
        case .userUpdated(let id, let username, let changes):
            let members = changes.map { (key: $0.field, value: JSON.string($0.change)) }
            return [
                "username": .string(username), "userId": .integer(id), "changes": .object(JSONObject(members: members)),
            ]
        case .membersChanged(let workspace, let added, let removed):
            return [
                "workspaceName": .string(workspace), "added": .array(added.map(\.json)),
                "removed": .array(removed.map(\.json)),
            ]
        case .inviteCreated(let workspaces, let uses):
            return ["workspaceIds": .array(workspaces.map(JSON.integer)), "maxUses": JSON(uses)]
        case .inviteDeleted(let id): return ["inviteId": .integer(id)]
        case .keyCreated(let id, let name), .keyDeleted(let id, let name):
            return ["id": .integer(id), "name": JSON(name)]
        case .embedCreated(let uuid), .embedDeleted(let uuid): return ["embedId": .string(uuid)]
        case .embedUpdated(let uuid, let fields):
            return ["embedId": .string(uuid), "changes": .array(fields.map(JSON.string))]
        case .modelRouterCreated(let name), .modelRouterUpdated(let name), .modelRouterDeleted(let name):
            return ["name": .string(name)]
        case .chatsExported(let type, let isOfEmbeds):
            return ["type": .string(type), "chatType": isOfEmbeds ? "embed" : "workspace"]
        case .chatDeleted(let id): return id.map { ["chatId": .integer($0)] } ?? [:]
        case .embedChatDeleted(let id): return ["chatId": .integer(id)]
        case .chatsExpired(let count): return ["numberOfChats": JSON(count)]
        case .jobCancelled(let id, let kind): return ["jobId": .string(id), "kind": .string(kind.rawValue)]
        case .rawTextUploaded, .settingChanged, .multiUserModeEnabled, .signedOut, .passwordChanged,
            .environmentWritten, .eventsCleared:
            return [:]
        }
    }

    /// Whether it was an attempt to sign in as a user whom nobody has named: in a way that single-user mode does not have.
    private var isOfUsers: Bool {
        switch self {
        case .signInFailed(.invalidToken, _), .signInFailed(.identityProvider, _): true
        default: false
        }
    }
}

extension Event.Person {
    fileprivate var json: JSON { ["id": .integer(id), "username": .string(name)] }
}

extension Caller {
    fileprivate var isKey: Bool { if case .key = self { true } else { false } }
}
