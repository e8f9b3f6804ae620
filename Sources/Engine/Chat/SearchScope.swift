package import Domain

/// Where documents are searched for a question, and how.
package struct SearchScope: Sendable {
    package var workspaces: [Workspace.ID]
    /// Passages that are found at most.
    package var limit: Int
    /// Chunks that do not reach this similarity are left out, 0...1.
    package var threshold: Double
    package var mode: VectorSearchMode
    /// Only chunks of documents that match are found.
    package var filter: MetadataFilter?

    /// As the workspace's settings have it.
    package init(of workspace: Workspace) {
        workspaces = [workspace.id]
        limit = workspace.settings.resultLimit
        threshold = workspace.settings.similarityThreshold
        mode = workspace.settings.vectorSearchMode
    }
}

/// What a search for a question came to.
package struct SearchReport: Sendable, Equatable {
    /// What was searched for.
    package let queries: [String]
    /// What was found, best first.
    package let found: [Source]
    /// All that the model is shown, in the order of the numbers by which its answer cites it.
    package let sources: [Source]
}
