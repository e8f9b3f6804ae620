import Domain
import Foundation
import NIOPosix

/// One run of the command: a pass over the files, or a watch that begins with one.
struct IngestSession: Sendable {
    let client: LibraryClient
    let roots: [IngestRoot]
    let walker: FileWalker
    let report: IngestReport
    let display: IngestDisplay
    let wishes: UploadWishes
    let limit: Int
    let isTrial: Bool

    /// - Parameter interval: `nil` for one pass; else the watch ends with the task alone.
    /// - Throws: `ClientFailure` where the server cannot be asked any more; `CancellationError`.
    func run(watchingEvery interval: Duration?, removing removes: Bool) async throws {
        var client = client
        // A server that is started anew is waited for.
        if interval != nil { client.patience = nil }
        let follower = JobFollower(client: client)
        var ingester = Ingester(
            client: client, follower: follower, wishes: wishes, report: report, display: display, limit: limit)
        ingester.isTrial = isTrial
        try await withThrowingTaskGroup(of: Void.self) { [ingester, client] group in
            group.addTask { await follower.run() }
            group.addTask { await display.run() }
            defer { group.cancelAll() }
            if let interval {
                let watch = FolderWatch(
                    walker: walker, roots: roots, interval: interval, removes: removes, client: client, report: report,
                    display: display)
                try await watch.run(ingester)
            } else {
                try await pass(ingester)
            }
        }
    }

    private func pass(_ ingester: Ingester) async throws {
        let walk = try await NIOThreadPool.singleton.runIfActive { [walker, roots] in walker.walk(roots) }
        report.note(skipped: walk.skipped)
        display.skipped(walk.skipped)
        for failure in walk.failures {
            report.note(.failed(failure.message), of: failure.path)
            display.tell(.failed(failure.message), of: failure.path)
        }
        try await ingester.ingest(walk.files, taken: Set(walk.files.map(\.place.key)))
    }
}
