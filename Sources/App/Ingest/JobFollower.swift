import NIOHTTP1
import OrderedJSON

/// Follows jobs to their end, many of them by one request.
actor JobFollower {
    private let client: LibraryClient
    private var waiters: [String: CheckedContinuation<JSON?, any Error>] = [:]
    /// Why nothing is followed any more.
    private var failure: (any Error)?
    private let wakeUps = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))

    /// Between two looks: short while jobs end, longer while they do not.
    private static let shortest = Duration.milliseconds(40)
    private static let longest = Duration.seconds(1)
    /// Jobs that one request asks for; the API takes 200.
    private static let batch = 100

    init(client: LibraryClient) { self.client = client }

    /// Returns when the job has ended, and what it came to, while somebody runs `run`.
    func end(of id: String) async throws -> JobEnd {
        let job = try await withCheckedThrowingContinuation {
            (continuation: CheckedContinuation<JSON?, any Error>) in
            if let failure { return continuation.resume(throwing: failure) }
            waiters[id] = continuation
            wakeUps.continuation.yield()
        }
        // Lists tell of few documents of each.
        if let end = job.flatMap(JobEnd.init(whole:)) { return end }
        return try await client.end(of: id)
    }

    /// Looks after jobs until the task is cancelled, or the server cannot be asked any more.
    func run() async {
        do {
            for await _ in wakeUps.stream { try await watch() }
            throw CancellationError()
        } catch {
            failure = error
            for waiter in waiters.values { waiter.resume(throwing: error) }
            waiters = [:]
        }
    }

    private func watch() async throws {
        var interval = Self.shortest
        while !waiters.isEmpty {
            try await Task.sleep(for: interval)
            let ended = try await look(at: waiters.keys.sorted())
            interval = ended ? Self.shortest : min(interval * 1.5, Self.longest)
        }
    }

    /// - Returns: whether any has ended.
    private func look(at ids: [String]) async throws -> Bool {
        var hasEnded = false
        for start in stride(from: 0, to: ids.count, by: Self.batch) {
            let part = ids[start..<min(start + Self.batch, ids.count)]
            let answer = try await client.json(.GET, "/jobs?ids=\(part.joined(separator: ","))")
            let jobs = answer["jobs"]?.arrayValue ?? []
            for id in part {
                // Of one that the server does not know any more, whoever waits finds out.
                let job = jobs.first { $0["id"]?.stringValue == id }
                guard !["waiting", "running"].contains(job?["state"]?.stringValue) else { continue }
                waiters.removeValue(forKey: id)?.resume(returning: job)
                hasEnded = true
            }
        }
        return hasEnded
    }
}
