/// A file on its way into a workspace.
package struct WorkspaceFile: Sendable, Equatable {
    package enum State: String, Sendable, CaseIterable {
        case inProgress = "in_progress"
        /// Embedded, and found by searches.
        case completed, failed, cancelled
    }

    package var fileID: String
    package var workspaceID: Workspace.ID
    package var name: String
    package var state: State
    /// Why it is not there, for people.
    package var error: String?
    package var createdAt: Timestamp

    package init(
        fileID: String, workspaceID: Workspace.ID, name: String, state: State, error: String? = nil,
        createdAt: Timestamp
    ) {
        self.fileID = fileID
        self.workspaceID = workspaceID
        self.name = name
        self.state = state
        self.error = error
        self.createdAt = createdAt
    }
}

/// Files that were put into a workspace together.
package struct FileBatch: Sendable, Equatable {
    package var id: String
    package var workspaceID: Workspace.ID
    package var jobID: String
    package var fileIDs: [String]
    package var createdAt: Timestamp

    package init(
        id: String, workspaceID: Workspace.ID, jobID: String, fileIDs: [String], createdAt: Timestamp
    ) {
        self.id = id
        self.workspaceID = workspaceID
        self.jobID = jobID
        self.fileIDs = fileIDs
        self.createdAt = createdAt
    }
}
