import Domain
import Persistence
import TestSupport
import Testing

@testable import Engine

@Suite(.timeLimit(.minutes(1))) struct JobQueueTests {
    @Test func `a job runs, and who waits for it gets its result`() async throws {
        let fixture = try await JobFixture()
        let queue = await fixture.queue()
        let result = try await fixture.running(queue) {
            try await queue.submit(JobFixture.job("a"))
            return try await queue.ingestionOutcome(of: "a")
        }
        #expect(result.documents == ["a"])
        let stored = try await fixture.store.find(id: "a")
        #expect(stored?.state == .succeeded)
        #expect(stored?.attempts == 1)
    }

    @Test func `of two nodes on one database one runs each job, and either hears of its end`() async throws {
        let fixture = try await JobFixture()
        let nodes = [await fixture.queue(JobPolicy(node: "one")), await fixture.queue(JobPolicy(node: "two"))]
        let names = (0..<40).map { "job\($0)" }
        try await fixture.running(nodes[0]) {
            try await fixture.running(nodes[1]) {
                try await withThrowingTaskGroup(of: IngestionOutcome.self) { group in
                    for (number, name) in names.enumerated() {
                        let node = nodes[number % 2]
                        group.addTask {
                            try await node.submit(JobFixture.job(name))
                            return try await node.ingestionOutcome(of: name)
                        }
                    }
                    var ended = 0
                    for try await _ in group { ended += 1 }
                    #expect(ended == names.count)
                }
            }
        }
        #expect(fixture.handler.begun.value.sorted() == names.sorted())
    }

    @Test func `a node that starts again goes on at once with what it had claimed`() async throws {
        let fixture = try await JobFixture()
        try await fixture.store.insert(JobFixture.job("a"), node: "n")
        try await fixture.crash("n")
        let queue = await fixture.queue(JobPolicy(node: "n"))
        let result = try await fixture.running(queue) { try await queue.ingestionOutcome(of: "a") }
        #expect(result.documents == ["a"])
        #expect(try await fixture.store.find(id: "a")?.attempts == 2)
    }

    @Test func `another node leaves a job alone while its lease lasts, and takes it over afterwards`() async throws {
        let fixture = try await JobFixture()
        try await fixture.store.insert(JobFixture.job("a"), node: "dead")
        let all: [Job.Lane] = [.interactive, .background, .resumed]
        let claimed = try await fixture.store.claim(from: all, for: "dead", at: .now, until: .now + .seconds(3600))
        #expect(claimed?.id == "a")
        let queue = await fixture.queue(JobPolicy(node: "living"))
        try await fixture.running(queue) {
            try await queue.upkeep()
            #expect(try await fixture.store.find(id: "a")?.owner == "dead")
            // The node is silent until its lease has run out.
            #expect(try await fixture.store.renew(for: "dead", until: .now - .seconds(1)) == ["a"])
            try await queue.upkeep()
            _ = try await queue.ingestionOutcome(of: "a")
        }
        #expect(fixture.handler.begun.value == ["a"])
        // What it would still say does not count.
        var late = try #require(claimed)
        late.state = .failed
        try await fixture.store.finish(late, by: "dead", at: .now)
        #expect(try await fixture.store.find(id: "a")?.state == .succeeded)
    }

    @Test func `a job that the process has not survived twice fails with the reason, and is cleaned up`() async throws {
        let fixture = try await JobFixture()
        try await fixture.store.insert(JobFixture.job("poison"), node: "n")
        for _ in 0..<2 {
            try await fixture.crash("n")
            if try await fixture.store.find(id: "poison")?.attempts == 1 {
                try await fixture.store.resume(heldBy: "n", since: .now, expired: .now)
            }
        }
        let queue = await fixture.queue(JobPolicy(node: "n"))
        let error = try await fixture.running(queue) {
            await #expect(throws: ServiceError.self) { try await queue.ingestionOutcome(of: "poison") }
        }
        #expect(error?.message.contains("each time it worked on this") == true)
        #expect(fixture.handler.begun.value.isEmpty)
        #expect(fixture.handler.discarded.value == ["poison"])
        #expect(try await fixture.store.find(id: "poison")?.state == .failed)
    }

    @Test(arguments: [
        ([JobProgress.Stage.parsing, .chunking], 1), ([.chunking, .embedding], 2), ([.parsing], 2),
    ])
    func `a job that gets further than before its process died is counted anew`(
        stages: [JobProgress.Stage], attempts: Int
    ) async throws {
        let fixture = try await JobFixture()
        try await fixture.store.insert(JobFixture.job("a"), node: "n")
        try await fixture.crash("n")
        fixture.handler.steps.change { $0 = stages.map { JobProgress($0) } }
        fixture.handler.isOpen.change { $0 = false }
        let queue = await fixture.queue(JobPolicy(node: "n"))
        try await fixture.running(queue) {
            try await fixture.handler.begun.wait { $0 == ["a"] }
            #expect(try await fixture.store.find(id: "a")?.attempts == attempts)
            fixture.handler.isOpen.change { $0 = true }
            _ = try await queue.ingestionOutcome(of: "a")
        }
    }

    @Test func `chunks that are stored are progress that lasts`() {
        var before = JobProgress(.embedding)
        (before.doneCount, before.totalCount) = (256, 1000)
        var after = before
        #expect(!after.lasts(after: before))
        after.doneCount = 512
        #expect(after.lasts(after: before))
        // Another document's.
        after.totalCount = 2000
        #expect(!after.lasts(after: before))
    }

    @Test func `jobs that were interrupted by a crash run one at a time`() async throws {
        let fixture = try await JobFixture()
        for number in 0..<6 { try await fixture.store.insert(JobFixture.job("old\(number)"), node: "n") }
        try await fixture.crash("n")
        fixture.handler.isOpen.change { $0 = false }
        let queue = await fixture.queue(JobPolicy(node: "n"))
        try await fixture.running(queue) {
            try await fixture.handler.begun.wait { $0.count == 1 }
            // A new one is not held up, and shows that everybody has looked for work.
            try await queue.submit(JobFixture.job("new"))
            try await fixture.handler.begun.wait { $0.contains("new") }
            try await queue.upkeep()
            #expect(fixture.handler.begun.value.count == 2)
            fixture.handler.isOpen.change { $0 = true }
            try await fixture.handler.begun.wait { $0.count == 7 }
        }
    }

    @Test(arguments: [Job.Lane.resumed, .background])
    func `what a client waits for does not wait behind a backlog`(lane: Job.Lane) async throws {
        let fixture = try await JobFixture()
        for number in 0..<40 { try await fixture.store.insert(JobFixture.job("old\(number)", lane)) }
        fixture.handler.isOpen.change { $0 = false }
        let queue = await fixture.queue()
        try await fixture.running(queue) {
            // The backlog takes what it may have, and nothing of it comes to an end.
            try await fixture.handler.begun.wait { $0.count == (lane == .resumed ? 1 : 4) }
            try await queue.submit(JobFixture.job("new"))
            try await fixture.handler.begun.wait { $0.contains("new") }
            fixture.handler.isOpen.change { $0 = true }
            try await fixture.handler.begun.wait { $0.count == 41 }
        }
    }

    @Test func `what takes a moment does not wait for what takes long`() async throws {
        let fixture = try await JobFixture()
        fixture.handler.isOpen.change { $0 = false }
        let queue = await fixture.queue()
        try await fixture.running(queue) {
            for number in 0..<20 { try await queue.submit(JobFixture.job("long\(number)")) }
            try await fixture.handler.begun.wait { $0.count == 4 }
            try await queue.submit(JobFixture.job("short", .quick))
            try await fixture.handler.begun.wait { $0.contains("short") }
            #expect(fixture.handler.begun.value.count == 5)
            fixture.handler.isOpen.change { $0 = true }
            try await fixture.handler.begun.wait { $0.count == 21 }
        }
    }

    @Test(arguments: [1, 2, 3, 4, 6]) func `however few workers there are, each lane has one`(count: Int) {
        let lanes = JobWorkers(count: count).all.flatMap(\.lanes)
        #expect(Set(lanes) == Set(Job.Lane.allCases))
    }

    @Test func `a backlog goes on although clients keep coming`() async throws {
        let fixture = try await JobFixture()
        fixture.handler.isOpen.change { $0 = false }
        let queue = await fixture.queue()
        try await fixture.running(queue) {
            for number in 0..<20 { try await queue.submit(JobFixture.job("new\(number)")) }
            try await fixture.handler.begun.wait { $0.count == 4 }
            try await fixture.store.insert(JobFixture.job("old", .resumed))
            try await queue.upkeep()
            try await fixture.handler.begun.wait { $0.contains("old") }
            fixture.handler.isOpen.change { $0 = true }
            try await fixture.handler.begun.wait { $0.count == 21 }
        }
    }

    @Test func `more than may wait is refused, with the time to come again`() async throws {
        let fixture = try await JobFixture()
        let queue = await fixture.queue(JobPolicy(waitingLimit: 2))
        for name in ["a", "b"] { try await queue.submit(JobFixture.job(name)) }
        let error = await #expect(throws: ServiceError.self) { try await queue.submit(JobFixture.job("c")) }
        #expect(error?.code == .unavailable)
        #expect(error?.retryAfter != nil)
        #expect(try await fixture.store.find(id: "c") == nil)
    }

    @Test func `a job that is recorded in somebody's transaction runs when the queue is told`() async throws {
        let fixture = try await JobFixture()
        let queue = await fixture.queue()
        let result = try await fixture.running(queue) {
            let job = JobFixture.job("a", .background)
            try await fixture.database.write([JobStore.insertion(of: job)])
            await queue.enqueue(job)
            return try await queue.ingestionOutcome(of: "a")
        }
        #expect(result.documents == ["a"])
    }
}

@Suite(.timeLimit(.minutes(1))) struct JobQueueStopTests {
    @Test func `a stop lets what runs come to its end, and tells the others to come again`() async throws {
        let fixture = try await JobFixture()
        fixture.handler.isOpen.change { $0 = false }
        // One worker: the second job waits behind the first.
        let queue = await fixture.queue(JobPolicy(node: "n", concurrency: 1))
        try await fixture.running(queue) {
            for name in ["a", "b"] { try await queue.submit(JobFixture.job(name)) }
            try await fixture.handler.begun.wait { $0 == ["a"] }
            async let first = queue.ingestionOutcome(of: "a")
            let second = Task { try await queue.ingestionOutcome(of: "b") }
            async let stopped: Void = queue.stop(after: .seconds(600))
            let error = await #expect(throws: ServiceError.self) { try await second.value }
            #expect(error?.code == .unavailable)
            #expect(error?.retryAfter != nil)
            await #expect(throws: ServiceError.self) { try await queue.submit(JobFixture.job("c")) }
            fixture.handler.isOpen.change { $0 = true }
            #expect(try await first.documents == ["a"])
            await stopped
        }
        #expect(try await fixture.store.find(id: "a")?.state == .succeeded)
        #expect(try await fixture.store.find(id: "b")?.state == .waiting)
    }

    @Test func `what runs beyond the grace is interrupted, which does not count as an attempt`() async throws {
        let fixture = try await JobFixture()
        fixture.handler.isOpen.change { $0 = false }
        let queue = await fixture.queue(JobPolicy(node: "n"))
        try await fixture.running(queue) {
            try await queue.submit(JobFixture.job("a"))
            try await fixture.handler.begun.wait { $0 == ["a"] }
            let waiting = Task { try await queue.ingestionOutcome(of: "a") }
            await queue.stop(after: .zero)
            let error = await #expect(throws: ServiceError.self) { try await waiting.value }
            #expect(error?.code == .unavailable)
        }
        let stored = try await fixture.store.find(id: "a")
        #expect(stored?.state == .waiting)
        #expect(stored?.attempts == 0)
        #expect(stored?.owner == nil)
    }
}
