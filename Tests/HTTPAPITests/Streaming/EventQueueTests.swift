import NIOCore
import Testing

@testable import HTTPAPI

@Suite(.timeLimit(.minutes(1))) struct EventQueueTests {
    @Test func `what gathers is taken at once, in order, and then the end`() async throws {
        let queue = EventQueue()
        for text in ["a", "b", "c"] { try await queue.add(Array(text.utf8)) }
        let first = try await queue.next()
        #expect(first.map { String(buffer: $0) } == "abc")
        try await queue.add(Array("d".utf8))
        queue.finish()
        let second = try await queue.next()
        #expect(second.map { String(buffer: $0) } == "d")
        let end = try await queue.next()
        #expect(end == nil)
    }

    @Test func `one who takes waits for one who makes, and the other way round`() async throws {
        let queue = EventQueue()
        async let taken = Self.all(of: queue)
        // Far more than may wait, so this only ends if somebody takes.
        let event = [UInt8](repeating: 1, count: 10_000)
        for _ in 0..<100 { try await queue.add(event) }
        queue.finish()
        let bytes = try await taken
        #expect(bytes == 1_000_000)
    }

    @Test func `one who makes events for nobody is told so`() async throws {
        let queue = EventQueue()
        let maker = Task {
            while true { try await queue.add([UInt8](repeating: 1, count: 10_000)) }
        }
        _ = try await queue.next()
        queue.abandon()
        await #expect(throws: CancellationError.self) { try await maker.value }
    }

    @Test func `a task that is cancelled while it waits goes on`() async throws {
        let queue = EventQueue()
        let maker = Task { while true { try await queue.add([UInt8](repeating: 1, count: 50_000)) } }
        let idle = EventQueue()
        let taker = Task { try await idle.next() }
        maker.cancel()
        taker.cancel()
        await #expect(throws: CancellationError.self) { try await maker.value }
        await #expect(throws: CancellationError.self) { try await taker.value }
    }

    @Test func `signs of life are added in silence only`() async throws {
        let queue = EventQueue()
        let ping = Array(": ping\n\n".utf8)
        var mark = queue.addIfSilent(ping, since: 0)
        #expect(mark == 0)
        try await queue.add(Array("x".utf8))
        mark = queue.addIfSilent(ping, since: mark)
        let bytes = try await queue.next()
        #expect(bytes.map { String(buffer: $0) } == ": ping\n\nx")
        #expect(queue.addIfSilent(ping, since: mark) == mark)
        queue.finish()
        _ = try await queue.next()
        #expect(queue.addIfSilent(ping, since: mark) == mark)
        let end = try await queue.next()
        #expect(end == nil)
    }

    private static func all(of queue: EventQueue) async throws -> Int {
        var count = 0
        while let bytes = try await queue.next() { count += bytes.readableBytes }
        return count
    }
}
