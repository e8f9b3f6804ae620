import Domain
import OrderedJSON

/// Events as rows hold them. Names and keys are those that other programs read.
extension Event {
    var name: String {
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
        case .documentsAdded: "workspace_documents_added"
        case .documentsFailed: "workspace_documents_failed"
        case .documentsRemoved: "workspace_documents_removed"
        case .documentPinned(let isPinned, _, _):
            isPinned ? "workspace_document_pinned" : "workspace_document_unpinned"
        case .settingChanged(let event): event
        }
    }

    var metadata: JSON {
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
        case .documentsUploaded(let titles, let folder):
            return ["documentName": .string(titles.joined(separator: ", ")), "folder": .string(folder)]
        case .documentsAdded(let count, let workspace):
            return ["workspaceName": .string(workspace), "numberOfDocumentsAdded": JSON(count)]
        case .documentsFailed(let paths, let workspace):
            return [
                "workspaceName": .string(workspace), "numberOfDocumentsFailed": JSON(paths.count),
                "documents": .array(paths.map(JSON.string)),
            ]
        case .documentsRemoved(let count, let workspace):
            return ["workspaceName": .string(workspace), "numberOfDocuments": JSON(count)]
        case .rawTextUploaded, .settingChanged: return [:]
        }
    }
}
