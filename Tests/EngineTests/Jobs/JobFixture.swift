import Domain
import Engine
import Logging
import Persistence
import SQLiteDriver
import TestSupport

/// Queues on one database, and a handler that does what each test says.
struct JobFixture: Sendable {
    let database: SQLiteDatabase
    let store: JobStore
    let handler = GatedHandler()

    init() async throws {
        database = try SQLiteDatabase.inMemory()
        try await Migrator(database).migrate()
        store = JobStore(database)
    }

    func queue(_ policy: JobPolicy = JobPolicy()) async -> JobQueue {
        let queue = JobQueue(
            store: store, policy: policy, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        await queue.register(handler, for: .upload)
        return queue
    }

    /// Runs the queue while `body` does, and ends it as a stop does.
    func running<Value: Sendable>(
        _ queue: JobQueue, _ body: @escaping @Sendable () async throws -> Value
    ) async throws -> Value {
        try await withThrowingTaskGroup(of: Value?.self) { group in
            group.addTask {
                try await queue.run()
                return nil
            }
            group.addTask { try await body() }
            defer { group.cancelAll() }
            while let value = try await group.next() {
                if let value { return value }
            }
            throw CancellationError()
        }
    }

    static func job(_ name: String, _ lane: Job.Lane = .interactive) -> Job {
        // What is to be done matters to the handler alone.
        Job(.unreadable(.upload), by: .system, id: name, lane: lane)
    }

    /// Claims everything that waits for a node that then dies.
    func crash(_ node: String) async throws {
        while try await store.claim(
            from: [.interactive, .background, .resumed], for: node, at: .now, until: .now + .seconds(3600)) != nil
        {}
    }
}

/// Notes which jobs began, and lets each end when its gate is open.
final class GatedHandler: JobHandler {
    let begun = Observed<[String]>([])
    let discarded = Observed<[String]>([])
    let isOpen = Observed(true)
    /// What each job tells of itself before it waits.
    let steps = Observed<[JobProgress]>([])

    func run(_ job: Job, progress: @escaping @Sendable (JobProgress) async -> Void) async throws -> Job.Outcome {
        for step in steps.value { await progress(step) }
        begun.change { $0.append(job.id) }
        try await isOpen.wait { $0 }
        return .ingestion(IngestionOutcome(documents: [job.id]))
    }

    func discard(_ job: Job) async { discarded.change { $0.append(job.id) } }
}
