/// Work that must survive a crash: recorded before it starts, taken up again at the next start.
package struct Job: Sendable, Equatable {
    package enum Kind: String, Sendable {
        /// An uploaded file on its way from bytes to documents, and into workspaces.
        case upload
        /// A text that came without a file, on the same way.
        case rawText = "raw-text"
        /// What is behind a link, fetched and on the same way.
        case link
        /// The same for several links, and for what they lead to.
        case links
        /// Documents on their way into and out of one workspace.
        case updateEmbeddings = "update-embeddings"
        /// Documents of links, checked for what is behind the links now.
        case refresh
        /// Everything that is stored, embedded once more with another model.
        case reembed
    }

    /// What is to be done.
    package enum Work: Sendable, Equatable {
        case ingestion(Ingestion)
        case link(LinkIngestion)
        case crawl(LinkCrawl)
        case embeddingsUpdate(EmbeddingsUpdate)
        case refresh(LinkRefresh)
        case reembedding
        /// Recorded in a form that this program does not know; it fails when its turn comes.
        case unreadable(Kind)
    }

    /// What was done.
    package enum Outcome: Sendable, Equatable {
        case ingestion(IngestionOutcome)
        case crawl(LinkCrawlOutcome)
        case embeddings(EmbeddingsOutcome)
        case refresh(LinkRefreshOutcome)
    }

    package enum State: String, Sendable, CaseIterable {
        case waiting, running, succeeded, failed
        /// Somebody did not want it done any more. What was done of it by then stays.
        case cancelled

        package var isFinished: Bool { self != .waiting && self != .running }
    }

    /// Whose turn comes before whose.
    package enum Lane: String, Sendable, CaseIterable {
        /// A client waits for it, and it takes a moment: a short text.
        case quick
        /// A client waits for it.
        case interactive
        /// Nobody waits for it.
        case background
        /// The process ended while it ran. Only one of these runs at a time.
        case resumed
    }

    /// A random UUID in lower case.
    package var id: String
    package var state: State
    /// Who wants it done. It is done with the rights that the caller had then.
    package var caller: Caller
    package var lane: Lane
    /// How often it has been begun, interruptions by a stop left out.
    package var attempts = 0
    /// The node that works on it or, while it waits, whose client waits for it.
    package var owner: String?
    package var work: Work
    /// Where it succeeded.
    package var outcome: Outcome?
    /// For people, where it failed.
    package var error: String?
    package var createdAt: Timestamp
    package var updatedAt: Timestamp

    package init(
        _ work: Work, by caller: Caller, id: String = UUIDText.random(), lane: Lane? = nil,
        createdAt: Timestamp = .now
    ) {
        // The server's own work is what nobody waits for.
        self.lane = lane ?? (work == .reembedding ? .background : .interactive)
        self.id = id
        self.caller = caller
        self.work = work
        state = .waiting
        self.createdAt = createdAt
        updatedAt = createdAt
    }

    package var kind: Kind {
        switch work {
        case .ingestion(let ingestion):
            switch ingestion.origin {
            case .file: .upload
            case .rawText: .rawText
            case .page, .linkedFile, .video: .link
            }
        case .link: .link
        case .crawl: .links
        case .embeddingsUpdate: .updateEmbeddings
        case .refresh: .refresh
        case .reembedding: .reembed
        case .unreadable(let kind): kind
        }
    }

    /// The file that an unfinished ingestion needs; `nil` for other jobs.
    package var spoolFile: SpoolFileName? {
        if case .ingestion(let ingestion) = work { ingestion.spoolFile } else { nil }
    }
}

/// How far a running job is. Numbers are 0 until they are known.
package struct JobProgress: Sendable, Equatable {
    package enum Stage: String, Sendable { case received, fetching, parsing, chunking, embedding, stored }

    package var stage = Stage.received
    /// How many documents there are; a crawl may still find more.
    package var documentCount = 0
    /// Of these, those that are in place or have failed.
    package var finishedDocumentCount = 0
    /// Pages, rows and the like in all of them.
    package var divisionCount = 0
    /// Of these, those that have been read.
    package var readDivisionCount = 0
    /// Chunks of the current document embedded so far, and how many there are.
    package var doneCount = 0
    package var totalCount = 0
    /// How much is done of reading or, once that has ended, of cutting and embedding, of all documents together, from 0 to 1;
    /// `nil` where nobody can say.
    package var share: Double?
    /// How long that takes yet, judged by how long it took so far; `nil` until that can be said.
    package var remaining: Duration?

    package init() {}

    package init(_ stage: Stage) { self.stage = stage }

    /// Whether what was done since `earlier` need not be done again after a crash: a text that is read is stored before it is
    /// cut, and so are chunks before the next ones are embedded.
    package func lasts(after earlier: JobProgress) -> Bool {
        switch (earlier.stage, stage) {
        case (.parsing, .chunking), (.parsing, .embedding): true
        case (.embedding, .embedding): doneCount > earlier.doneCount && totalCount == earlier.totalCount
        default: false
        }
    }

    /// How much of the chunks of the current document is done.
    package var documentShare: Double { totalCount > 0 ? Double(doneCount) / Double(totalCount) : 0 }
}
