import Concurrency
import Domain
import Persistence

/// Stores documents that were made of an upload: beside what is there already, not at all, or in its place.
struct DuplicateResolver: Sendable {
    private let documents: DocumentStore
    private let memberships: WorkspaceDocumentStore
    private let indexer: WorkspaceIndexer
    private let removal: DocumentRemoval
    /// Two versions of one file do not take each other's place at once.
    private let lock = KeyedLock<String>()

    init(
        documents: DocumentStore, memberships: WorkspaceDocumentStore, indexer: WorkspaceIndexer,
        removal: DocumentRemoval
    ) {
        self.documents = documents
        self.memberships = memberships
        self.indexer = indexer
        self.removal = removal
    }

    /// What is in the library for an upload.
    struct Resolved: Sendable {
        var documents: [Document]
        /// Why a document stays as it was, or is not in all workspaces, for people, by its id.
        var failures: [String: String] = [:]
        /// What was done with what was there; `nil` where nothing was.
        var policy: Ingestion.DuplicatePolicy?
    }

    typealias Progress = @Sendable (JobProgress) async -> Void

    /// - Parameter made: not stored yet, all of one upload. Where a job runs again, what it did the first time counts as done.
    func store(
        _ made: [Document], _ policy: Ingestion.DuplicatePolicy, event: Event, by caller: Caller,
        progress: @escaping Progress
    ) async throws -> Resolved {
        switch policy {
        case .keep:
            return Resolved(documents: try await documents.insert(made, event: event, by: caller, at: .now))
        case .skip:
            let stored = try await documents.insert(made, event: event, by: caller, at: .now, onlyNew: true)
            if !stored.isEmpty { return Resolved(documents: stored) }
            let known = try await Self.byMember(documents.duplicates(of: made, for: caller))
            return Resolved(documents: made.compactMap { known[$0.member] }, policy: .skip)
        case .replace:
            guard let upload = made.first?.upload else { return Resolved(documents: []) }
            return try await lock.withLock("\(upload.folder)/\(upload.name)") {
                try await replace(upload, with: made, event: event, by: caller, progress: progress)
            }
        }
    }

    /// The first of each member of a file.
    private static func byMember(_ documents: [Document]) -> [String: Document] {
        Dictionary(documents.map { ($0.member, $0) }) { first, _ in first }
    }

    private func replace(
        _ upload: Document.Upload, with made: [Document], event: Event, by caller: Caller,
        progress: @escaping Progress
    ) async throws -> Resolved {
        let old = try await documents.uploaded(as: upload.name, to: upload.folder, for: caller)
        guard !old.isEmpty else {
            return Resolved(documents: try await documents.insert(made, event: event, by: caller, at: .now))
        }
        let replacement = { @Sendable (document: Document) in
            Event.documentReplaced(title: document.title, folder: document.path.folder)
        }
        return try await replace(old, with: made, event: replacement, by: caller, progress: progress)
    }

    /// Gives documents what a newer version of their file holds, in all their workspaces: the same parts by their names, further
    /// ones as documents beside them. Parts that the new version does not have go.
    ///
    /// - Parameters:
    ///   - previous: not empty; of several copies of a part all get the new content, and the first stands for them. Further
    ///     documents lie beside the first.
    ///   - made: not stored yet.
    ///   - event: what is logged of each that changes or comes.
    func replace(
        _ previous: [Document], with made: [Document], event: @escaping @Sendable (Document) -> Event,
        by caller: Caller, progress: @escaping Progress
    ) async throws -> Resolved {
        var old = Dictionary(grouping: previous, by: \.member)
        var workspaces: Set<Workspace.ID> = []
        for document in previous { workspaces.formUnion(try await memberships.workspaces(of: document.id)) }
        var resolved = Resolved(documents: [], policy: .replace)
        var series = DocumentSeries(made)
        for document in made {
            let place = series
            let report: Progress = { await progress(place.progress($0, of: document)) }
            // One that cannot be embedded does not keep the others from it.
            if let copies = old.removeValue(forKey: document.member) {
                var stored = copies
                resolved.failures[copies[0].id] = try await failure(of: document, among: made) {
                    for (place, copy) in copies.enumerated() {
                        stored[place] = try await exchange(
                            copy, for: document, event: event, by: caller, progress: report)
                    }
                }
                resolved.documents.append(stored[0])
            } else {
                var document = document
                if let folder = previous.first?.path.folder {
                    document.path = DocumentPath(folder: folder, name: document.path.name)
                }
                let stored = try await documents.insert([document], event: event(document), by: caller, at: .now)
                resolved.failures[document.id] = try await failure(of: document, among: made) {
                    for workspace in workspaces.sorted() {
                        for stored in stored { try await indexer.add(stored, to: workspace, progress: report) }
                    }
                }
                resolved.documents += stored
            }
            series.finish(document)
        }
        // Parts that the new version of the file does not have.
        _ = try await removal.remove(old.values.joined().map(\.path), by: caller)
        return resolved
    }

    /// The old document's id, path and memberships with the new one's content.
    private func exchange(
        _ old: Document, for new: Document, event: @Sendable (Document) -> Event, by caller: Caller,
        progress: @escaping Progress
    ) async throws -> Document {
        var document = new
        document.id = old.id
        document.path = old.path
        document.upload = old.upload.flatMap { upload in
            (new.upload?.sha256).map {
                Document.Upload(folder: upload.folder, name: upload.name, sha256: $0, member: upload.member)
            }
        }
        guard document != old else { return old }
        let (event, exchanged) = (event(document), document)
        try await indexer.exchange(document, progress: progress) { chunkSets in
            try await documents.replace(
                with: exchanged, chunkSets: chunkSets, event: event, by: caller, at: .now)
        }
        if old.contentID != new.contentID { try await documents.removeContent(old.contentID) }
        return document
    }

    /// What went wrong with one of several documents, for people; where there is but one, it is thrown.
    private func failure(
        of document: Document, among made: [Document], _ work: () async throws -> Void
    ) async throws -> String? {
        do {
            try await work()
            return nil
        } catch let error as ServiceError {
            try await documents.abandonContent(document.contentID)
            guard made.count > 1 else { throw error }
            return error.message
        }
    }
}

extension Document {
    /// Tells the documents of one file apart.
    var member: String { upload?.member ?? "" }
}
