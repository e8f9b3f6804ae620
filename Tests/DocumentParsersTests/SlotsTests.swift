import Testing

@testable import DocumentParsers

@Suite(.timeLimit(.minutes(1))) struct SlotsTests {
    @Test func `no more run at once than there are places`() async throws {
        let slots = Slots(count: 3)
        let counter = Counter()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<60 {
                group.addTask {
                    try await slots.withSlot {
                        await counter.enter()
                        await Task.yield()
                        await counter.leave()
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(await counter.entered == 60)
        #expect(await counter.most <= 3)
    }

    @Test func `one who gives up waiting leaves the place to the next`() async throws {
        let slots = Slots(count: 1)
        let (signal, open) = AsyncStream<Void>.makeStream()
        let holder = Task {
            try await slots.withSlot { for await _ in signal { break } }
        }
        let impatient = Task { try await slots.withSlot {} }
        impatient.cancel()
        await #expect(throws: CancellationError.self) { try await impatient.value }
        open.yield()
        try await holder.value
        try await slots.withSlot {}
    }

    @Test func `a place is given back when the work throws`() async throws {
        struct Failure: Error {}
        let slots = Slots(count: 1)
        await #expect(throws: Failure.self) { try await slots.withSlot { throw Failure() } }
        try await slots.withSlot {}
    }
}

private actor Counter {
    private var inside = 0
    private(set) var most = 0
    private(set) var entered = 0

    func enter() {
        inside += 1
        entered += 1
        most = max(most, inside)
    }

    func leave() { inside -= 1 }
}
