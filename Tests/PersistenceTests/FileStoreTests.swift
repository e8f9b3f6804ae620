import Domain
import Persistence
import TestSupport
import Testing

@Suite struct FileStoreTests {
    private func file(_ id: String, purpose: String = "user_data") -> LibraryFile {
        LibraryFile(id: id, name: "\(id).txt", purpose: purpose, byteCount: 99, createdAt: .now)
    }

    @Test(arguments: DatabaseEngine.allCases)
    func `every document is a file, and what is known of an upload comes with it`(engine: DatabaseEngine) async throws {
        try await withLibrary(engine) { library in
            let store = FileStore(library.database)
            let (plain, sent) = (try await library.add("a", title: "A"), try await library.add("b"))
            try await store.insert(file(sent.id), documents: [sent.id])
            let found = try await store.find(ids: [plain.id, sent.id, "none"], for: .owner).sorted { $0.id < $1.id }
            #expect(found.map(\.name) == ["A", "\(sent.id).txt"])
            #expect(found.map(\.purpose) == ["assistants", "user_data"])
            #expect(found.map(\.byteCount) == ["text of a".count, 99])
            await #expect(throws: DatabaseError.foreignKeyViolation) {
                try await store.insert(file("none"), documents: ["none"])
            }
        }
    }

    @Test(arguments: DatabaseEngine.allCases)
    func `a file of several documents is listed once, and has all of them in order`(engine: DatabaseEngine) async throws
    {
        try await withLibrary(engine) { library in
            let store = FileStore(library.database)
            var documents: [Document] = []
            for name in ["c", "a", "b"] { documents.append(try await library.add(name)) }
            let ids = documents.map(\.id)
            try await store.insert(file(ids[0]), documents: ids)
            let listed = try await store.list(isDescending: false, limit: 10, for: .owner)
            #expect(listed.map(\.id) == [ids[0]])
            #expect(try await store.documents(of: [ids[0]])[ids[0]]?.map(\.id) == ids)
            // A part may be asked for by itself.
            #expect(try await store.documents(of: [ids[2]]) == [ids[2]: [documents[2]]])
            #expect(try await store.furtherParts(among: ids) == Set(ids.dropFirst()))
            #expect(try await store.furtherPartCounts(in: [library.workspace, 99]) == [library.workspace: 2])
        }
    }

    @Test(arguments: DatabaseEngine.allCases)
    func `files are listed a page at a time in either direction`(engine: DatabaseEngine) async throws {
        try await withLibrary(engine) { library in
            let store = FileStore(library.database)
            for name in ["a", "b", "c", "d"] { try await library.add(name) }
            try await store.insert(file("id-b"), documents: ["id-b"])
            func list(
                _ purpose: String? = nil, after id: String? = nil, isDescending: Bool = false, limit: Int = 10
            ) async throws -> [String] {
                try await store.list(
                    purpose: purpose, after: id, isDescending: isDescending, limit: limit, for: .owner
                ).map(\.id)
            }
            let all = try await list()
            #expect(Set(all) == ["id-a", "id-b", "id-c", "id-d"])
            #expect(try await list(isDescending: true) == all.reversed())
            #expect(try await list(limit: 2) == Array(all.prefix(2)))
            #expect(try await list(after: all[1]) == Array(all.dropFirst(2)))
            #expect(try await list(after: all[1], isDescending: true) == [all[0]])
            #expect(try await list("user_data") == ["id-b"])
            #expect(try await list("assistants") == all.filter { $0 != "id-b" })
        }
    }

    @Test(arguments: DatabaseEngine.allCases)
    func `who is confined to some workspaces sees what is in these and removes what is its own`(
        engine: DatabaseEngine
    ) async throws {
        try await withLibrary(engine) { library in
            let store = FileStore(library.database)
            try await library.add("a")
            let here = Caller.key(.init(id: 1, workspaces: .only([library.workspace])))
            let elsewhere = Caller.key(.init(id: 1, workspaces: .only([99])))
            #expect(try await store.list(isDescending: true, limit: 9, for: here).map(\.id) == ["id-a"])
            #expect(try await store.list(isDescending: true, limit: 9, for: elsewhere).isEmpty)
            #expect(try await store.find(ids: ["id-a"], for: elsewhere).isEmpty)
            #expect(try await store.removable(["id-a"], by: here).isEmpty)
            #expect(try await store.removable(["id-a"], by: .owner) == ["id-a"])
        }
    }
}

@Suite struct WorkspaceFileStoreTests {
    private func job(_ state: Job.State, in workspace: Workspace.ID) -> Job {
        var job = Job(.embeddingsUpdate(.init(workspaceID: workspace, additions: [], removals: [])), by: .owner)
        job.state = state
        if state == .failed { job.error = "It cannot be read." }
        return job
    }

    @Test(arguments: DatabaseEngine.allCases)
    func `a file on its way is as its job is, and completed once it is there`(engine: DatabaseEngine) async throws {
        try await withLibrary(engine) { library in
            let store = WorkspaceFileStore(library.database)
            try await library.add("there")
            for name in ["away", "failed", "late"] {
                let document = try await library.add(name)
                _ = try await library.memberships.unlink(document.path, from: library.workspace)
            }
            for (state, file) in [
                (.waiting, "id-away"), (.failed, "id-failed"), (.succeeded, "id-there"), (.cancelled, "id-late"),
            ] as [(Job.State, String)] {
                try await store.insert(
                    job(state, in: library.workspace), files: [file], into: library.workspace, at: .now)
            }
            let files = try await store.files(in: [library.workspace])
            let states = Dictionary(files.map { ($0.fileID, $0.state) }) { first, _ in first }
            #expect(
                states == [
                    "id-away": .inProgress, "id-failed": .failed, "id-there": .completed, "id-late": .cancelled,
                ])
            #expect(files.first { $0.state == .failed }?.error == "It cannot be read.")
            // Put in again, it is as the later job is.
            try await store.insert(
                job(.running, in: library.workspace), files: ["id-failed"], into: library.workspace, at: .now)
            let again = try await store.files(in: [library.workspace]).first { $0.fileID == "id-failed" }
            #expect(again?.state == .inProgress)
            try await store.remove("id-failed", from: library.workspace)
            #expect(try await store.files(in: [library.workspace]).count == 3)
            #expect(try await store.chunkCounts(of: ["id-there", "id-away"], in: library.workspace) == ["id-there": 3])
        }
    }

    @Test(arguments: DatabaseEngine.allCases)
    func `a batch and metadata are kept with their workspace`(engine: DatabaseEngine) async throws {
        try await withLibrary(engine) { library in
            let store = WorkspaceFileStore(library.database)
            try await library.add("a")
            let job = job(.waiting, in: library.workspace)
            let batch = FileBatch(
                id: "b", workspaceID: library.workspace, jobID: job.id, fileIDs: ["id-a"],
                createdAt: Timestamp(milliseconds: 5))
            try await store.insert(job, files: ["id-a"], into: library.workspace, batch: batch, at: .now)
            #expect(try await store.batch(id: "b", in: library.workspace) == batch)
            #expect(try await store.batch(id: "b", in: 99) == nil)
            #expect(try await JobStore(library.database).find(id: job.id)?.kind == .updateEmbeddings)
            try await store.setMetadata(#"{"a":"1"}"#, of: library.workspace)
            try await store.setMetadata(#"{"a":"2"}"#, of: library.workspace)
            #expect(try await store.metadata(of: [library.workspace, 99]) == [library.workspace: #"{"a":"2"}"#])
            _ = try await WorkspaceStore(library.database).delete(slug: "w")
            #expect(try await store.batch(id: "b", in: library.workspace) == nil)
            #expect(try await store.metadata(of: [library.workspace]).isEmpty)
            await #expect(throws: DatabaseError.foreignKeyViolation) {
                try await store.insert(self.job(.waiting, in: 99), files: ["id-a"], into: 99, at: .now)
            }
        }
    }
}
