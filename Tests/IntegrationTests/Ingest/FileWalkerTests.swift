import Domain
import Foundation
import Testing

@testable import App

@Suite struct FileWalkerTests {
    /// A directory `docs` with these files in it, by path, and with links to what stands behind.
    private func inDirectory(
        _ files: [String: String], links: [String: String] = [:], _ body: (String) throws -> Void
    ) throws {
        let parent = FileManager.default.temporaryDirectory.appending(path: "lectern-\(UUID().uuidString)").path
        let docs = parent + "/docs"
        defer { try? FileManager.default.removeItem(atPath: parent) }
        try FileManager.default.createDirectory(atPath: docs, withIntermediateDirectories: true)
        for (path, text) in files {
            let file = URL(fileURLWithPath: "\(docs)/\(path)").standardizedFileURL
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(text.utf8).write(to: file)
        }
        for (path, target) in links {
            try FileManager.default.createSymbolicLink(atPath: "\(docs)/\(path)", withDestinationPath: target)
        }
        try body(docs)
    }

    private func names(_ walk: FileWalker.Walk) -> [String] { walk.files.map(\.relativePath) }

    private func reasons(_ walk: FileWalker.Walk, below root: String) -> [String: FileWalker.Skipped.Reason] {
        Dictionary(uniqueKeysWithValues: walk.skipped.map { (String($0.path.dropFirst(root.count + 1)), $0.reason) })
    }

    @Test func `files come in the order of their names, each with the folder of its directory`() throws {
        try inDirectory(["b.txt": "x", "a/z.txt": "x", "a/B/c.txt": "x", "B.txt": "x"]) { docs in
            let walk = FileWalker().walk([try IngestRoot(docs)])
            #expect(names(walk) == ["B.txt", "a/B/c.txt", "a/z.txt", "b.txt"])
            #expect(walk.files.map(\.place.folder.text) == ["docs", "docs - a - B", "docs - a", "docs"])
            #expect(walk.files.map(\.place.fileName) == ["B.txt", "c.txt", "z.txt", "b.txt"])
            #expect(walk.skipped == [] && walk.failures == [] && walk.isComplete)
        }
    }

    @Test func `what is hidden, empty, left out or of another type is said`() throws {
        let files = [
            "a.txt": "x", ".git/config": "x", ".env": "x", "e.txt": "", "p.EXE": "x", "PIC.TXT": "x",
            "drafts/d.txt": "x",
            "x.log.txt": "x", "Makefile": "x",
        ]
        try inDirectory(files) { docs in
            let walker = FileWalker(excluded: ["drafts", "*.log.*"], fileExtensions: [".txt"])
            let walk = walker.walk([try IngestRoot(docs)])
            #expect(names(walk) == ["PIC.TXT", "a.txt"])
            #expect(
                reasons(walk, below: docs) == [
                    ".git": .hidden, ".env": .hidden, "e.txt": .empty, "p.EXE": .type(".exe"), "Makefile": .type(""),
                    "drafts": .excluded, "x.log.txt": .excluded,
                ])
            let all = FileWalker(includesHidden: true).walk([try IngestRoot(docs)])
            #expect(names(all).contains(".git/config") && names(all).contains("Makefile"))
        }
    }

    @Test func `links lead out of the directory only where that is wanted, and never in a circle`() throws {
        let links = ["in": "a.txt", "out.txt": "../outside.txt", "up": "..", "nothing": "none", "folder": "../far"]
        let files = ["a.txt": "x", "../outside.txt": "x", "../far/f.txt": "x"]
        try inDirectory(files, links: links) { docs in
            let walk = FileWalker().walk([try IngestRoot(docs)])
            #expect(names(walk) == ["a.txt"])
            #expect(walk.skipped.count == 5)
            #expect(reasons(walk, below: docs)["nothing"] == .link("to nothing"))
            let following = FileWalker(followsLinks: true).walk([try IngestRoot(docs)])
            #expect(names(following) == ["a.txt", "folder/f.txt", "out.txt", "up/outside.txt"])
        }
    }

    @Test func `a file that is named has the folder of the directory it lies in`() throws {
        try inDirectory(["sub/a.txt": "x", "sub/b.txt": "x"]) { docs in
            let file = try IngestRoot("\(docs)/sub/a.txt")
            let walk = FileWalker().walk([file, try IngestRoot("\(docs)/sub"), try IngestRoot("\(docs)/sub/")])
            #expect(names(walk) == ["a.txt", "b.txt"])
            #expect(walk.files.map(\.place.folder.text) == ["sub", "sub"])
            #expect(try IngestRoot(docs, name: "Manuals").name == "Manuals")
            #expect(throws: IngestRoot.Problem.self) { try IngestRoot("\(docs)/none") }
        }
    }

    @Test func `two files that the library would take for one are not both taken`() throws {
        try inDirectory(["a?.txt": "x", "a.txt": "y"]) { docs in
            let walk = FileWalker().walk([try IngestRoot(docs)])
            #expect(names(walk) == ["a.txt"])
            #expect(walk.failures.map(\.path) == ["\(docs)/a?.txt"])
            #expect(walk.failures.first?.message.contains("\(docs)/a.txt") == true)
        }
    }

    @Test func `a directory that is gone makes a walk incomplete`() throws {
        try inDirectory(["a.txt": "x"]) { docs in
            let root = try IngestRoot(docs)
            try FileManager.default.removeItem(atPath: docs)
            let walk = FileWalker().walk([root])
            #expect(!walk.isComplete && walk.failures.count == 1 && root.isOnOtherDisk)
        }
    }

    @Test(arguments: [
        (["docs"], "docs"), (["docs", "a", "b"], "docs - a - b"), (["notes.md"], "notes.md_"),
        (["a.json"], "a.json_"), ([".hidden"], "_.hidden"), ([".x.md"], "_.x.md_"), (["a\nb"], "a_b"),
        ([#"a\b"#], "a_b"), (["日本語"], "日本語"),
    ])
    func `a directory has a folder whatever it is called`(names: [String], folder: String) throws {
        #expect(try FolderName.mirroring(names).text == folder)
    }

    @Test func `folders of long paths stay apart`() throws {
        let long = (0..<20).map { "directory number \($0) of many" }
        let (one, other) = (try FolderName.mirroring(long + ["a"]), try FolderName.mirroring(long + ["b"]))
        #expect(one != other && one.text.utf8.count <= 255)
        #expect(try FolderName.mirroring(long + ["a"]) == one)
    }
}
