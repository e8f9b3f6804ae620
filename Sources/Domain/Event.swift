/// What operators find in the event log.
package enum Event: Sendable, Equatable {
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
    case documentsAdded(Int, workspace: String)
    /// Documents that could not be embedded, by their paths.
    case documentsFailed([String], workspace: String)
    case documentsRemoved(Int, workspace: String)
    /// A document was pinned to a workspace, or its pin taken away.
    case documentPinned(Bool, path: String, workspace: String)
    /// A setting was changed that has an event of its own.
    case settingChanged(event: String)
}
