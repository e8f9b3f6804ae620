import Domain

/// One of the workers of a queue: what it looks for first, and how it is woken.
struct JobWorker: Sendable {
    let number: Int
    /// The lanes that it takes jobs from, in this order.
    let lanes: [Job.Lane]
    /// Something may be waiting. Signals that come while it works are one.
    let signals: AsyncStream<Void>
    fileprivate let signal: AsyncStream<Void>.Continuation

    fileprivate init(number: Int, lanes: [Job.Lane]) {
        self.number = number
        self.lanes = lanes
        (signals, signal) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
    }
}

/// The workers of a queue, and which of them have nothing to do.
///
/// Each lane has its share: one worker prefers jobs that were interrupted, and it alone takes these, one after the other,
/// so that one that ends the process takes no other along; one prefers what nobody waits for; one is kept for what a client
/// waits for, which the others prefer; and one for what takes a moment, so that files which take long keep no text waiting.
struct JobWorkers {
    let all: [JobWorker]
    private var idle: Set<Int>

    init(count: Int) {
        all = (0..<max(1, count)).map { JobWorker(number: $0, lanes: Self.lanes(of: $0, among: count)) }
        idle = Set(all.map(\.number))
    }

    private static func lanes(of number: Int, among count: Int) -> [Job.Lane] {
        if count <= 1 { return [.quick, .interactive, .background, .resumed] }
        return switch number {
        case 0: [.resumed, .background]
        case count - 1 where count > 3: [.quick]
        case count - 1: [.quick, .interactive]
        case count - 2 where count > 3: [.quick, .interactive]
        case 1: [.background, .quick, .interactive]
        default: [.quick, .interactive, .background]
        }
    }

    /// Wakes who is best suited for a job of this lane; where all are busy, whoever is done first looks again.
    mutating func wake(for lane: Job.Lane) {
        let suited = all.filter { $0.lanes.contains(lane) }
        let best = suited.filter { idle.contains($0.number) }
            .min { left, right in
                let places = (left.lanes.firstIndex(of: lane) ?? 0, right.lanes.firstIndex(of: lane) ?? 0)
                // Of equals the one that can do less else.
                return places.0 == places.1 ? left.lanes.count < right.lanes.count : places.0 < places.1
            }
        guard let best else { return suited.forEach { $0.signal.yield() } }
        // At once, so that the next job wakes another one.
        idle.remove(best.number)
        best.signal.yield()
    }

    mutating func wakeAll() {
        idle = []
        for worker in all { worker.signal.yield() }
    }

    mutating func begin(_ worker: JobWorker) { idle.remove(worker.number) }

    mutating func rest(_ worker: JobWorker) { idle.insert(worker.number) }

    /// Lets each come to the end of what it does.
    func finish() {
        for worker in all { worker.signal.finish() }
    }
}
