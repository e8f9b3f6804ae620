import Concurrency
import Domain
package import Persistence

/// Puts documents into workspaces and takes them out, in SQL first and then in the indexes.
///
/// Changes of one workspace are made one after the other, so that SQL and indexes cannot pass each other.
package struct WorkspaceIndexer: Sendable {
    private let builder: ChunkSetBuilder
    let chunks: ChunkStore
    private let memberships: WorkspaceDocumentStore
    private let workspaces: WorkspaceStore
    let indexes: ChunkIndexes
    private let embedders: WorkspaceEmbedders
    let lock = KeyedLock<Workspace.ID>()

    package init(
        builder: ChunkSetBuilder, chunks: ChunkStore, memberships: WorkspaceDocumentStore,
        workspaces: WorkspaceStore, indexes: ChunkIndexes, embedders: WorkspaceEmbedders
    ) {
        self.builder = builder
        self.chunks = chunks
        self.memberships = memberships
        self.workspaces = workspaces
        self.indexes = indexes
        self.embedders = embedders
    }

    /// Embeds a document where that is not done yet and makes it findable in the workspace. A document that is in it
    /// already stays as it is.
    func add(
        _ document: Document, to workspace: Workspace.ID,
        progress: @escaping @Sendable (JobProgress) async -> Void = { _ in }
    ) async throws {
        var usesCurrent = false
        while true {
            let embedder = try await embedders.embedder(forAdditionsTo: workspace, whateverServes: usesCurrent)
            let set: Int64
            do {
                set = try await builder.chunkSet(for: document, embedder: embedder, progress: progress)
            } catch DatabaseError.foreignKeyViolation {
                // Meanwhile the workspace has moved to another embedder, and these chunks were of use to nobody.
                guard
                    try await embedders.embedder(forAdditionsTo: workspace).model.fingerprint
                        != embedder.model.fingerprint
                else { throw ServiceError.notFound("The document was removed.") }
                continue
            } catch let error as ServiceError where error.code == .upstream && !usesCurrent {
                // Perhaps another embedder was chosen because the one that still serves is out of order.
                guard embedders.embedding.model.fingerprint != embedder.model.fingerprint else { throw error }
                usesCurrent = true
                continue
            }
            let isLinked = try await lock.withLock(workspace) {
                try await link(document, to: workspace, chunkSet: set, embedder: embedder.model.fingerprint)
            }
            if isLinked { return }
            guard try await workspaces.find(id: workspace) != nil else {
                throw ServiceError.notFound("The workspace or the document was removed.")
            }
            // The embedder has been changed meanwhile: on with the new one, once it is in force.
            try await embedders.waitForChange()
            guard
                try await embedders.embedder(forAdditionsTo: workspace, whateverServes: usesCurrent).model.fingerprint
                    != embedder.model.fingerprint
            else { throw ServiceError(.conflict, "The embedding model was changed by another server.") }
        }
    }

    private func link(
        _ document: Document, to workspace: Workspace.ID, chunkSet set: Int64, embedder: String
    ) async throws -> Bool {
        do {
            let isLinked = try await memberships.link(
                document.id, to: workspace, chunkSet: set, embedder: embedder, docID: UUIDText.random(), at: .now)
            guard isLinked else { return false }
        } catch DatabaseError.foreignKeyViolation {
            throw ServiceError.notFound("The workspace or the document was removed.")
        }
        try await indexes.add(set, to: Namespace(workspace, embedder: embedder))
        return true
    }

    /// Lets a document that has got another content be found by that, in all its workspaces in one step. Until `commit`
    /// stores it, with the chunks that are to be in force in each workspace, the old ones are found, and afterwards the new.
    func exchange(
        _ document: Document, progress: @escaping @Sendable (JobProgress) async -> Void,
        commit: @escaping @Sendable ([Workspace.ID: Int64]) async throws -> Void
    ) async throws {
        var prepared: [Workspace.ID: (embedder: String, chunkSet: Int64)] = [:]
        while true {
            let current = try await memberships.chunkSets(of: document.id)
            for (workspace, chunkSet, serving) in current {
                let embedder = try await embedders.embedder(forAdditionsTo: workspace)
                let fingerprint = embedder.model.fingerprint
                guard prepared[workspace]?.embedder != fingerprint else { continue }
                let set = try await builder.chunkSet(
                    for: document, embedder: embedder, keepingThoseOf: serving == fingerprint ? chunkSet : nil,
                    progress: progress)
                prepared[workspace] = (fingerprint, set)
            }
            let ready = prepared
            let isDone = try await withLocks(current.map(\.workspace)[...]) {
                try await exchange(document.id, prepared: ready, commit: commit)
            }
            // Meanwhile it was put into another workspace, or one has moved to another embedder.
            if isDone { return }
            try await embedders.waitForChange()
        }
    }

    private func exchange(
        _ document: String, prepared: [Workspace.ID: (embedder: String, chunkSet: Int64)],
        commit: @Sendable ([Workspace.ID: Int64]) async throws -> Void
    ) async throws -> Bool {
        let old = try await memberships.chunkSets(of: document)
        guard old.allSatisfy({ prepared[$0.workspace]?.embedder == $0.embedder }) else { return false }
        var chunkSets: [Workspace.ID: Int64] = [:]
        for membership in old {
            guard let set = prepared[membership.workspace]?.chunkSet, set != membership.chunkSet else { continue }
            chunkSets[membership.workspace] = set
            // What no membership refers to is found by nobody.
            try await indexes.add(set, to: Namespace(membership.workspace, embedder: membership.embedder))
        }
        try await commit(chunkSets)
        for membership in old where chunkSets[membership.workspace] != nil {
            try await indexes.delete(
                try await chunks.chunks(of: membership.chunkSet, unusedIn: membership.workspace),
                from: Namespace(membership.workspace, embedder: membership.embedder))
        }
        return true
    }

    /// - Parameter workspaces: in ascending order, so that no two wait for each other.
    func withLocks<Value: Sendable>(
        _ workspaces: ArraySlice<Workspace.ID>, _ body: () async throws -> Value
    ) async throws -> Value {
        guard let first = workspaces.first else { return try await body() }
        return try await lock.withLock(first) { try await withLocks(workspaces.dropFirst(), body) }
    }

    /// Brings a workspace from the embedder that serves it to `embedder`: embeds its documents, then moves all of them in
    /// one step. Until then the old vectors serve.
    ///
    /// - Parameter series: what is embedded, in this workspace and in others.
    /// - Returns: `false` where `embedder` is not the current one any more.
    func move(
        _ workspace: Workspace.ID, to embedder: any Embedder, in series: inout DocumentSeries,
        progress: @escaping @Sendable (JobProgress) async -> Void
    ) async throws -> Bool {
        let fingerprint = embedder.model.fingerprint
        var sets: [Int64: Int64] = [:]
        while true {
            for membership in try await memberships.outdated(in: workspace, embedder: fingerprint)
            where sets[membership.id] == nil {
                let (document, place) = (membership.document, series)
                sets[membership.id] = try await builder.chunkSet(for: document, embedder: embedder) { state in
                    await progress(place.progress(state, of: document))
                }
                series.finish(document)
            }
            let prepared = sets
            let isMoved = try await lock.withLock(workspace) { () -> Bool? in
                let left = try await memberships.outdated(in: workspace, embedder: fingerprint)
                // Documents have been added meanwhile.
                guard left.allSatisfy({ prepared[$0.id] != nil }) else { return nil }
                let moving = prepared.filter { set in left.contains { $0.id == set.key } }
                return try await commit(moving, in: workspace, to: fingerprint)
            }
            if let isMoved { return isMoved }
        }
    }

    private func commit(
        _ sets: [Int64: Int64], in workspace: Workspace.ID, to fingerprint: String
    ) async throws -> Bool {
        let old = try await embedders.serving(workspace)
        guard try await memberships.move(sets, in: workspace, to: fingerprint) else {
            // A workspace that is gone needs no move.
            return try await workspaces.find(id: workspace) == nil
        }
        for set in Set(sets.values).sorted() {
            try await indexes.add(set, to: Namespace(workspace, embedder: fingerprint))
        }
        if let old, old != fingerprint { try await indexes.drop(Namespace(workspace, embedder: old)) }
        return true
    }

    /// Takes those of the documents out of a workspace that are in it, and says how many these were.
    func remove(_ paths: [DocumentPath], from workspace: Workspace.ID) async throws -> Int {
        guard !paths.isEmpty else { return 0 }
        let members = Set(try await memberships.all(in: workspace).map(\.document.path)).intersection(paths)
        for path in members { try await remove(path, from: workspace) }
        return members.count
    }

    /// Takes a document out of a workspace; its chunks stay stored, so that putting it back costs nothing. Does nothing
    /// where it is not in it.
    private func remove(_ path: DocumentPath, from workspace: Workspace.ID) async throws {
        try await lock.withLock(workspace) {
            guard let old = try await memberships.unlink(path, from: workspace) else { return }
            let unused = try await chunks.chunks(of: old.chunkSet, unusedIn: workspace)
            try await indexes.delete(unused, from: Namespace(workspace, embedder: old.embedder))
        }
    }

    /// Deletes a workspace with everything that hangs on it; `nil` where it is gone already.
    func delete(_ workspace: Workspace) async throws -> Workspace? {
        try await lock.withLock(workspace.id) {
            let serving = try await embedders.serving(workspace.id)
            let deleted = try await workspaces.delete(slug: workspace.slug)
            if let serving { try await indexes.drop(Namespace(workspace.id, embedder: serving)) }
            return deleted
        }
    }
}
