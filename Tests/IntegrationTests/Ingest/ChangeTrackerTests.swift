import Domain
import Foundation
import Testing

@testable import App

@Suite struct ChangeTrackerTests {
    private let start = ContinuousClock.now
    private static let now = Int64(Date.now.timeIntervalSince1970) * 1_000_000_000

    private func file(_ path: String, _ byteCount: Int, modifiedAt: Int64 = Self.now) throws -> LocalFile {
        LocalFile(
            path: path, relativePath: path,
            version: LocalFile.Version(byteCount: byteCount, modifiedAt: modifiedAt, inode: 1),
            place: LibraryPlace(folder: try FolderName.mirroring(["docs"]), fileName: path))
    }

    /// One look at each second.
    private func looks(
        _ walks: [[LocalFile]], complete: [Bool]? = nil
    ) -> [(settled: [String], removed: [String])] {
        var tracker = ChangeTracker(settling: .seconds(2))
        return walks.enumerated().map { second, files in
            var walk = FileWalker.Walk()
            walk.files = files
            walk.isComplete = complete?[second] ?? true
            let changes = tracker.look(at: walk, at: start + .seconds(second))
            return (changes.settled.map(\.path), changes.removed.map(\.path))
        }
    }

    @Test func `a file is given out when it has stayed as it is, once`() throws {
        let a = try file("a", 1)
        #expect(looks([[a], [a], [a], [a]]).map(\.settled) == [[], [], ["a"], []])
    }

    @Test func `a file that is empty for a while is not gone`() throws {
        let a = try file("a", 1)
        var tracker = ChangeTracker(settling: .seconds(2))
        for second in 0..<12 {
            var walk = FileWalker.Walk()
            if (4..<9).contains(second) {
                walk.skipped = [FileWalker.Skipped(path: "a", reason: .empty)]
            } else {
                walk.files = [a]
            }
            let changes = tracker.look(at: walk, at: start + .seconds(second))
            #expect(changes.removed.isEmpty && changes.settled.isEmpty == (second != 2))
        }
    }

    @Test func `a file that grows is waited for`() throws {
        let walks = try [1, 2, 3, 3, 3, 3].map { [try file("a", $0)] }
        #expect(looks(walks).map(\.settled) == [[], [], [], [], ["a"], []])
    }

    @Test func `an old file is given out at the first look, and not taken for old later`() throws {
        let (old, other) = (try file("a", 1, modifiedAt: 0), try file("b", 1, modifiedAt: 0))
        #expect(looks([[old], [old, other], [old, other], [old, other]]).map(\.settled) == [["a"], [], [], ["b"]])
    }

    @Test func `a change is given out again`() throws {
        let (one, two) = (try file("a", 1, modifiedAt: 0), try file("a", 2))
        #expect(looks([[one], [two], [two], [two]]).map(\.settled) == [["a"], [], [], ["a"]])
    }

    @Test func `a file that is gone for a while is removed, once`() throws {
        let a = try file("a", 1, modifiedAt: 0)
        #expect(looks([[a], [], [], [], []]).map(\.removed) == [[], [], [], ["a"], []])
    }

    @Test func `a file that comes back as it was is neither removed nor given out`() throws {
        let a = try file("a", 1, modifiedAt: 0)
        let looks = looks([[a], [], [a], [a], [a], [a]])
        #expect(looks.map(\.settled) == [["a"], [], [], [], [], []] && looks.allSatisfy { $0.removed == [] })
    }

    @Test func `what a walk could not see is not gone`() throws {
        let a = try file("a", 1, modifiedAt: 0)
        let complete = [true, false, false, false, false]
        #expect(looks([[a], [], [], [], []], complete: complete).allSatisfy { $0.removed == [] })
    }

    @Test func `a renamed file comes before it goes`() throws {
        let (a, b) = (try file("a", 1, modifiedAt: 0), try file("b", 1, modifiedAt: 0))
        let looks = looks([[a], [b], [b], [b]])
        #expect(looks[3].settled == ["b"] && looks[3].removed == ["a"])
    }
}
