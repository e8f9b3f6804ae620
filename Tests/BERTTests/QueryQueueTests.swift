import Dispatch
import Domain
import TestSupport
import Testing

@testable import BERT

@Suite(.timeLimit(.minutes(1))) struct QueryQueueTests {
    /// Embeds nothing before the gate is opened; the number is the length of what it was given.
    private func line(_ gate: DispatchSemaphore, _ begun: Observed<Int>, maximumBytes: Int = .max) -> QueryQueue {
        QueryQueue(maximumBatch: 32, maximumBytes: maximumBytes) { texts in
            begun.change { $0 += 1 }
            gate.wait()
            gate.signal()
            return texts.map { Embedding([Float($0.utf8.count)]) }
        }
    }

    @Test func `of a long question no more is looked at than the model can read`() async throws {
        let gate = DispatchSemaphore(value: 1)
        let line = line(gate, Observed(0), maximumBytes: 5)
        // The third letter would begin within the limit and end beyond it.
        #expect(try await line.embed(["ääx", "ää€", "abc"]).map(\.values) == [[5], [4], [3]])
    }

    @Test func `what could not be embedded in time is refused, with the time to come again`() async throws {
        let (gate, begun, refused) = (DispatchSemaphore(value: 0), Observed(0), Observed([Int?]()))
        let line = line(gate, begun)
        let first = Task { try await line.embed(["first"]) }
        try await begun.wait { $0 == 1 }
        // Each takes as long as one may have to wait.
        let long = String(repeating: "a", count: Int(QueryQueue.maximumWait / QueryQueue.expectedCost))
        let questions = (0..<4).map { _ in
            Task {
                do { return try await line.embed([long]).count } catch let error as ServiceError {
                    #expect(error.code == .unavailable)
                    refused.change { $0.append(error.retryAfter) }
                    return 0
                }
            }
        }
        try await refused.wait { $0.count == 3 }
        #expect(refused.value.allSatisfy { ($0 ?? 0) >= 5 })
        gate.signal()
        #expect(try await first.value.count == 1)
        var answered = 0
        for question in questions { answered += try await question.value }
        #expect(answered == 1)
        // There is room again.
        #expect(try await line.embed(["last"]).count == 1)
    }

    @Test func `a question whose client has gone leaves the line`() async throws {
        let (gate, begun) = (DispatchSemaphore(value: 0), Observed(0))
        let line = line(gate, begun)
        let first = Task { try await line.embed(["first"]) }
        try await begun.wait { $0 == 1 }
        let second = Task { try await line.embed(["second"]) }
        second.cancel()
        // The first is still being computed.
        await #expect(throws: CancellationError.self) { try await second.value }
        gate.signal()
        #expect(try await first.value.count == 1)
    }
}
