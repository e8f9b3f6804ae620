import Domain
import Persistence
import TestSupport
import Testing

@Suite struct JobStoreTests {
    @Test(arguments: DatabaseEngine.allCases)
    func `of nodes that ask at once, each job is one node's`(engine: DatabaseEngine) async throws {
        try await engine.withSchema { database in
            let store = JobStore(database)
            let jobs = (0..<24).map { _ in Job(.reembedding, by: .system, createdAt: .now) }
            for job in jobs { try await store.insert(job) }
            let claims = try await withThrowingTaskGroup(of: [String].self) { group in
                for node in ["a", "a", "b", "b"] {
                    group.addTask {
                        var claimed: [String] = []
                        while try await store.waitingCount(atMost: 1) > 0 {
                            let job = try await store.claim(
                                from: [.interactive, .background], for: node, at: .now,
                                until: Timestamp(milliseconds: .max))
                            if let job { claimed.append(job.id) }
                        }
                        return claimed
                    }
                }
                return try await group.reduce(into: []) { $0 += $1 }
            }
            #expect(claims.count == jobs.count)
            #expect(Set(claims) == Set(jobs.map(\.id)))
            let held = try await store.renew(for: "a", until: Timestamp(milliseconds: .max))
            let others = try await store.renew(for: "b", until: Timestamp(milliseconds: .max))
            #expect(Set(held).union(others) == Set(claims) && held.count + others.count == claims.count)
        }
    }

    @Test(arguments: DatabaseEngine.allCases)
    func `what clients waited for before a restart goes behind what they wait for now`(
        engine: DatabaseEngine
    ) async throws {
        try await engine.withSchema { database in
            let store = JobStore(database)
            for lane in [Job.Lane.quick, .interactive] {
                try await store.insert(
                    Job(
                        .reembedding, by: .system, id: lane.rawValue, lane: lane, createdAt: Timestamp(milliseconds: 1)),
                    node: "a")
            }
            try await store.resume(heldBy: "a", since: Timestamp(milliseconds: 2), expired: .now)
            #expect(try await store.waitingCounts() == [.background: 2])
        }
    }

    @Test(arguments: DatabaseEngine.allCases)
    func `what a node leaves behind is another one's when its lease has run out`(engine: DatabaseEngine) async throws {
        try await engine.withSchema { database in
            let store = JobStore(database)
            let job = Job(.reembedding, by: .system, createdAt: .now)
            try await store.insert(job)
            let lanes: [Job.Lane] = [.interactive, .background, .resumed]
            for attempt in 1...2 {
                let claimed = try await store.claim(
                    from: lanes, for: "a", at: Timestamp(milliseconds: 1), until: Timestamp(milliseconds: 10))
                #expect(claimed?.id == job.id, "attempt \(attempt)")
                let failed = try await store.failExhausted(
                    heldBy: nil, expired: Timestamp(milliseconds: 11), attempts: 2, error: "twice")
                #expect(failed.map(\.id) == (attempt == 2 ? [job.id] : []))
                try await store.resume(
                    heldBy: nil, since: Timestamp(milliseconds: 0), expired: Timestamp(milliseconds: 11))
            }
            #expect(try await store.find(id: job.id)?.error == "twice")
            #expect(try await store.unfinished().isEmpty)
        }
    }
}
