import Domain
import Foundation
import NIOPosix
import Synchronization

/// Brings in what changes below directories, until the task is cancelled.
///
/// The directories are walked again and again. Notices of the kernel come for local disks alone, one directory at a time, and
/// are lost where many come at once; a walk sees everything.
struct FolderWatch: Sendable {
    let walker: FileWalker
    let roots: [IngestRoot]
    /// Between two walks, at least.
    let interval: Duration
    /// Whether the documents of files that are removed go, too.
    let removes: Bool
    let client: LibraryClient
    let report: IngestReport
    let display: IngestDisplay

    /// For how long a file must have stayed as it is.
    static let settling = Duration.seconds(2)
    /// A walk may take one in so many parts of the time.
    private static let rest = 10

    func run(_ ingester: Ingester) async throws {
        let locations = DocumentLocations()
        var ingester = ingester
        ingester.isWatching = true
        ingester.placed = { locations.set($1, of: $0.path) }
        var tracker = ChangeTracker(settling: Self.settling)
        var told = ToldFiles()
        var isWaiting = false
        while true {
            let start = ContinuousClock.now
            let walk = try await walk()
            let walkTime = start.duration(to: .now)
            told.tell(walk, report, display)
            let changes = tracker.look(at: walk, at: .now)
            if !changes.settled.isEmpty {
                var taken = Set(walk.files.map(\.place.key))
                // What is about to be removed stands for no other file.
                if removes { taken.formUnion((tracker.missing + changes.removed).map(\.place.key)) }
                try await ingester.ingest(changes.settled, taken: taken)
            }
            for file in changes.removed { try await forget(file, locations.take(of: file.path)) }
            if tracker.isQuiet, !isWaiting {
                display.tellEach()
                display.remark("Watching for changes; Ctrl-C ends.")
                isWaiting = true
            }
            try await Task.sleep(for: max(interval, walkTime * Self.rest))
        }
    }

    private func walk() async throws -> FileWalker.Walk {
        try await NIOThreadPool.singleton.runIfActive { [walker, roots] in
            var walk = walker.walk(roots)
            // An empty directory is left where a disk was mounted.
            if roots.contains(where: \.isOnOtherDisk) { walk.isComplete = false }
            return walk
        }
    }

    private func forget(_ file: LocalFile, _ locations: [String]) async throws {
        report.forget(file.path)
        guard removes, !locations.isEmpty else { return }
        var outcome = IngestReport.Outcome.removed
        do {
            try await client.remove(locations)
        } catch let failure as ClientFailure where failure.status != nil {
            // A key may be one that adds and does not remove.
            outcome = .failed("it is gone, and its documents stay: \(failure.message)")
        }
        report.note(outcome, of: file.path)
        display.tell(outcome, of: file.path)
    }
}

/// Where the documents of files lie, by the files' paths.
private final class DocumentLocations: Sendable {
    private let locations = Mutex<[String: [String]]>([:])

    func set(_ new: [String], of path: String) { locations.withLock { $0[path] = new } }

    func take(of path: String) -> [String] { locations.withLock { $0.removeValue(forKey: path) } ?? [] }
}

/// What people have been told of walks, for they are told once.
private struct ToldFiles {
    private var skipped: Set<String> = []
    private var failures: [String: String] = [:]

    mutating func tell(_ walk: FileWalker.Walk, _ report: IngestReport, _ display: IngestDisplay) {
        report.note(skipped: walk.skipped)
        display.skipped(walk.skipped.filter { !skipped.contains($0.path) })
        skipped = Set(walk.skipped.map(\.path))
        let current = Dictionary(walk.failures.map { ($0.path, $0.message) }) { first, _ in first }
        for (path, message) in current where failures[path] != message {
            report.note(.failed(message), of: path)
            display.tell(.failed(message), of: path)
        }
        for path in failures.keys where current[path] == nil { report.forget(path) }
        failures = current
    }
}
