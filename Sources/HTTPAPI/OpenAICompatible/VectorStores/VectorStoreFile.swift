import Domain
import Engine
import HTTPTypes
import Hummingbird
import OrderedJSON

/// A document of a workspace, or a file on its way there, as a file of a vector store.
struct VectorStoreFile: Sendable {
    /// The document's.
    let fileID: String
    /// Of the document's membership, by which it was known before files were; `nil` where it is none yet.
    let docID: String?
    let name: String
    let createdAt: Timestamp
    let state: WorkspaceFile.State
    let error: String?
    let attributes: JSONObject

    init(_ member: WorkspaceDocument, state: WorkspaceFile.State) {
        fileID = member.document.id
        docID = member.docID
        name = member.document.title
        createdAt = member.createdAt
        self.state = state
        error = nil
        attributes = member.document.filterValues
    }

    init(_ file: WorkspaceFile) {
        fileID = file.fileID
        docID = nil
        name = file.name
        createdAt = file.createdAt
        state = file.state
        error = file.error
        attributes = JSONObject()
    }

    var id: String { FileID(document: fileID).text }

    /// - Parameter bytes: of its vectors.
    func json(in workspace: Workspace, bytes: Int) -> JSON {
        [
            "id": .string(id), "object": "vector_store.file", "created_at": .integer(createdAt.seconds),
            "usage_bytes": JSON(bytes), "vector_store_id": .string(workspace.slug), "status": .string(state.rawValue),
            "last_error": lastError, "filename": .string(name), "attributes": .object(attributes),
            "chunking_strategy": ["type": "other"],
        ]
    }

    private var lastError: JSON {
        guard state == .failed else { return nil }
        return ["code": "server_error", "message": .string(error ?? "The file could not be embedded.")]
    }
}

/// How many files are in which state, of a vector store or of a batch.
struct FileCounts {
    private var counts: [WorkspaceFile.State: Int] = [:]

    init(_ states: some Sequence<WorkspaceFile.State>) {
        for state in states { counts[state, default: 0] += 1 }
    }

    subscript(state: WorkspaceFile.State) -> Int {
        get { counts[state] ?? 0 }
        set { counts[state] = newValue }
    }

    var json: JSON {
        var object = JSONObject(
            members: WorkspaceFile.State.allCases.map { (key: $0.rawValue, value: JSON(self[$0])) })
        object["total"] = JSON(counts.values.reduce(0, +))
        return .object(object)
    }

    /// Of a batch as a whole: one whose files were not all embedded is completed all the same, as with OpenAI.
    var status: WorkspaceFile.State {
        if self[.inProgress] > 0 { return .inProgress }
        if self[.cancelled] > 0 { return .cancelled }
        return self[.failed] > 0 && self[.completed] == 0 ? .failed : .completed
    }
}

/// Finds the files of vector stores.
struct VectorStoreFinder: Sendable {
    let workspaces: WorkspaceDirectory
    let documents: DocumentDirectory
    let library: FileLibrary
    let files: WorkspaceFiles
    let embedding: EmbeddingService

    func store(_ context: APIContext) async throws -> Workspace {
        let slug = try context.parameter("id")
        guard let workspace = try await workspaces.find(slug: slug, for: context.caller) else {
            throw Self.missing(slug)
        }
        return workspace
    }

    static func missing(_ slug: String) -> APIError {
        APIError.openAI(.notFound, "No vector store found with id '\(slug)'.", parameter: "vector_store_id")
    }

    /// Those that are in it, in the order in which they came, then those that are not: they are on their way, or something has
    /// kept them.
    func files(in workspace: Workspace, for caller: Caller) async throws -> [VectorStoreFile] {
        let members = try await documents.documents(in: workspace, for: caller)
        let parts = try await library.furtherParts(among: members.map(\.document.id))
        let sent = try await files.files(in: [workspace])[workspace.id] ?? []
        let unfinished = Set(sent.filter { $0.state == .inProgress }.map(\.fileID))
        let known = Set(members.map(\.document.id))
        return members.filter { !parts.contains($0.document.id) }.map { member in
            VectorStoreFile(member, state: unfinished.contains(member.document.id) ? .inProgress : .completed)
        } + sent.filter { !known.contains($0.fileID) }.map(VectorStoreFile.init)
    }

    /// - Parameter id: of the file, or of the document's membership.
    func file(_ id: String, in workspace: Workspace, for caller: Caller) async throws -> VectorStoreFile {
        guard let file = try await files(in: workspace, for: caller).first(where: { $0.id == id || $0.docID == id })
        else {
            throw APIError.openAI(
                .notFound, "No file found with id '\(id)' in vector store '\(workspace.slug)'.", parameter: "file_id")
        }
        return file
    }

    /// A page of files, as it is sent.
    func json(of page: CursorPage<VectorStoreFile>, in workspace: Workspace) async throws -> JSON {
        let sizes = try await sizes(of: page.items, in: workspace)
        return page.json(id: \.id) { $0.json(in: workspace, bytes: sizes[$0.fileID] ?? 0) }
    }

    func json(of file: VectorStoreFile, in workspace: Workspace) async throws -> JSON {
        file.json(in: workspace, bytes: try await sizes(of: [file], in: workspace)[file.fileID] ?? 0)
    }

    /// Bytes of their vectors.
    private func sizes(of items: [VectorStoreFile], in workspace: Workspace) async throws -> [String: Int] {
        let size = 4 * (embedding.model.dimensions ?? 0)
        return try await files.chunkCounts(of: items.map(\.fileID), in: workspace).mapValues { $0 * size }
    }

    /// The files of these ids in a request.
    func library(_ ids: [String], named parameter: String, for caller: Caller) async throws -> [LibraryFile] {
        let documents = ids.map { FileID($0)?.document ?? "" }.unique
        let found = try await library.find(ids: documents, for: caller)
        let known = Set(found.map(\.id))
        if let place = ids.firstIndex(where: { !known.contains(FileID($0)?.document ?? "") }) {
            throw APIError.openAI(.notFound, "No file found with id '\(ids[place])'.", parameter: parameter)
        }
        return found
    }
}

extension OpenAIFields {
    /// Ids of files that are to be put into a vector store.
    func fileIDs(_ key: String) throws -> [String]? {
        guard let items = try array(key) else { return nil }
        let ids = items.compactMap(\.stringValue)
        guard ids.count == items.count, ids.count <= WorkspaceFiles.maximumBatch else {
            throw invalid(key, "must be an array of at most \(WorkspaceFiles.maximumBatch) texts")
        }
        return ids
    }

    /// What would put a file in otherwise than this server puts in all.
    func checkFileOptions() throws {
        if let attributes = try object("attributes"), !attributes.isEmpty {
            throw invalid("attributes", "is not supported; send metadata with the file when it is uploaded")
        }
        guard let strategy = try object("chunking_strategy") else { return }
        guard try strategy.text("type") ?? "auto" == "auto" else {
            throw strategy.invalid("type", "must be auto: how documents are cut is a setting of the server")
        }
    }

    /// What clients keep with an object: 16 texts at most.
    func metadata() throws -> JSON? {
        guard try object("metadata") != nil, let metadata = self["metadata"], let object = metadata.objectValue else {
            return nil
        }
        guard object.members.count <= 16,
            object.members.allSatisfy({ $0.key.count <= 64 && ($0.value.stringValue.map { $0.count <= 512 } ?? false) })
        else {
            throw invalid(
                "metadata", "may have 16 members: keys of at most 64 characters, values texts of at most 512")
        }
        return metadata
    }
}
