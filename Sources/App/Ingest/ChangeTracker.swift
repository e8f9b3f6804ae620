import Foundation

/// Tells which files have come, changed or gone from one walk to the next, and have stayed so for a while: a file that is
/// still being written is none to take.
struct ChangeTracker: Sendable {
    private struct Entry {
        var file: LocalFile
        /// Since when it has been as it is.
        var since: ContinuousClock.Instant
        /// Whether it was given out as it is.
        var isDone = false
        /// Since when it has not been found.
        var missingSince: ContinuousClock.Instant?
        /// Whether it has ever been given out.
        var isKnown = false
    }

    struct Changes: Sendable {
        var settled: [LocalFile] = []
        var removed: [LocalFile] = []
    }

    private let settling: Duration
    private var entries: [String: Entry] = [:]
    private var isFirst = true

    init(settling: Duration) { self.settling = settling }

    /// Files that are not there at the moment and may come back.
    var missing: [LocalFile] { entries.values.filter { $0.missingSince != nil }.map(\.file) }

    /// Whether nothing waits for its time.
    var isQuiet: Bool { entries.values.allSatisfy { $0.isDone && $0.missingSince == nil } }

    /// - Parameter now: of the same walk.
    /// - Returns: in the order of the walk what is to be taken; each version of a file once. What is missing from a walk that
    ///   did not see everything is not gone.
    mutating func look(at walk: FileWalker.Walk, at now: ContinuousClock.Instant) -> Changes {
        var changes = Changes()
        var found: Set<String> = []
        for file in walk.files {
            found.insert(file.path)
            var entry = entries[file.path] ?? Entry(file: file, since: isFirst && file.isOld ? now - settling : now)
            if entry.file.version != file.version || entry.missingSince != nil {
                if entry.file.version != file.version { entry.isDone = false }
                (entry.since, entry.missingSince) = (now, nil)
            }
            entry.file = file
            if !entry.isDone, entry.since + settling <= now {
                (entry.isDone, entry.isKnown) = (true, true)
                changes.settled.append(file)
            }
            entries[file.path] = entry
        }
        isFirst = false
        guard walk.isComplete else { return changes }
        // A file that is being written anew may be empty for a while.
        for skipped in walk.skipped where skipped.reason == .empty { found.insert(skipped.path) }
        for (path, entry) in entries where !found.contains(path) {
            let since = entry.missingSince ?? now
            entries[path]?.missingSince = since
            guard since + settling <= now else { continue }
            entries[path] = nil
            if entry.isKnown { changes.removed.append(entry.file) }
        }
        changes.removed.sort { $0.path < $1.path }
        return changes
    }
}

extension LocalFile {
    /// Seconds after which nobody is taken to be writing a file still.
    private static let age = 10.0

    /// Whether it was changed a while ago by the clock of this machine; one that says it comes from the future was not.
    fileprivate var isOld: Bool {
        Date.now.timeIntervalSince1970 - Double(version.modifiedAt) / 1e9 > Self.age
    }
}
