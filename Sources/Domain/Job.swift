/// Work that must survive a crash: recorded before it starts, taken up again at the next start.
package struct Job: Sendable, Equatable {
    package enum Kind: String, Sendable {
        /// An uploaded file on its way from bytes to documents, and into workspaces.
        case upload
        /// Documents on their way into and out of one workspace.
        case updateEmbeddings = "update-embeddings"
        /// Everything that is stored, embedded once more with another model.
        case reembed
    }

    package enum State: String, Sendable {
        case waiting, running, succeeded, failed
        package var isFinished: Bool { self == .succeeded || self == .failed }
    }

    /// A random UUID in lower case.
    package var id: String
    package var kind: Kind
    package var state: State
    package var payload: JSON
    package var result: JSON?
    /// For people, where it failed.
    package var error: String?
    package var createdAt: Timestamp
    package var updatedAt: Timestamp

    package init(id: String, kind: Kind, payload: JSON, createdAt: Timestamp) {
        self.id = id
        self.kind = kind
        self.payload = payload
        state = .waiting
        self.createdAt = createdAt
        updatedAt = createdAt
    }
}

/// How far a running job is.
package struct JobProgress: Sendable, Equatable {
    package enum Stage: String, Sendable { case received, parsing, chunking, embedding, stored }

    package var stage = Stage.received
    /// Chunks embedded so far, and how many there are, once that is known.
    package var doneCount = 0
    package var totalCount = 0

    package init() {}
}
