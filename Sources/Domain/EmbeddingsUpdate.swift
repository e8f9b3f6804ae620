/// Which documents go into a workspace and which come out.
package struct EmbeddingsUpdate: Sendable, Equatable {
    /// Documents that one update may name.
    package static let maximumCount = 20_000

    package var workspaceID: Workspace.ID
    /// Document paths, as the client sent them.
    package var additions: [String]
    package var removals: [String]

    package init(workspaceID: Workspace.ID, additions: [String], removals: [String]) {
        self.workspaceID = workspaceID
        self.additions = additions
        self.removals = removals
    }
}

/// What became of documents that were to be embedded.
package struct EmbeddingsOutcome: Sendable, Equatable {
    /// Those that are not in their workspace now.
    package var failures: [Failure]

    package init(failures: [Failure]) { self.failures = failures }

    package struct Failure: Sendable, Equatable {
        /// The document's, as the client sent it.
        package var path: String
        /// For people.
        package var error: String

        package init(path: String, error: String) {
            self.path = path
            self.error = error
        }
    }
}
