/// What operators find in the event log.
package enum Event: Sendable, Equatable {
    case workspaceCreated(name: String)
    case workspaceDeleted(name: String)
    case threadCreated(workspace: String)
    /// A question was asked; `model` is the workspace's own choice, if it has one.
    case chatSent(workspace: String, model: String?, thread: String?)
    case documentsUploaded(titles: [String], folder: String)
    case rawTextUploaded
    case documentsAdded(Int, workspace: String)
    /// Documents that could not be embedded, by their paths.
    case documentsFailed([String], workspace: String)
    case documentsRemoved(Int, workspace: String)
    /// A setting was changed that has an event of its own.
    case settingChanged(event: String)
}
