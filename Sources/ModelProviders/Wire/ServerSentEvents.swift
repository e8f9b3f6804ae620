import NIOCore

/// The events in a body, read as they are asked for: who does not ask slows the sender down.
struct ServerSentEvents<Body: AsyncSequence>: AsyncSequence where Body.Element == ByteBuffer {
    /// The sender has sent nothing but comments, or what the reader takes for no progress, for too long.
    struct NoProgress: Error {}

    private let body: Body
    private let maximumEventLength: Int
    private let patience: Duration

    /// - Parameters:
    ///   - maximumEventLength: in bytes; a longer one throws `ServerSentEventParser.EventTooLong`.
    ///   - patience: how long there may be no progress; then `NoProgress` is thrown.
    init(_ body: Body, maximumEventLength: Int, patience: Duration) {
        self.body = body
        self.maximumEventLength = maximumEventLength
        self.patience = patience
    }

    func makeAsyncIterator() -> Iterator {
        Iterator(
            chunks: body.makeAsyncIterator(), parser: ServerSentEventParser(maximumEventLength: maximumEventLength),
            patience: patience, maximumNoise: maximumEventLength * 2)
    }

    struct Iterator: AsyncIteratorProtocol {
        private var chunks: Body.AsyncIterator
        private var parser: ServerSentEventParser
        private let patience: Duration
        private let maximumNoise: Int
        /// Read, not yet handed out; the next one last.
        private var waiting: [ServerSentEvent] = []
        private var isFinished = false
        private var deadline: ContinuousClock.Instant
        /// Bytes since the last progress.
        private var noise = 0

        fileprivate init(
            chunks: Body.AsyncIterator, parser: ServerSentEventParser, patience: Duration, maximumNoise: Int
        ) {
            self.chunks = chunks
            self.parser = parser
            self.patience = patience
            self.maximumNoise = maximumNoise
            deadline = .now + patience
        }

        /// To be called where the last event has brought the reader on.
        mutating func noteProgress() {
            deadline = .now + patience
            noise = 0
        }

        mutating func next() async throws -> ServerSentEvent? {
            while waiting.isEmpty, !isFinished {
                // A body that sends on bounds no wait by itself; looking at the clock between two pieces of it does.
                guard noise <= maximumNoise, ContinuousClock.now < deadline else { throw NoProgress() }
                if let chunk = try await chunks.next() {
                    noise += chunk.readableBytes
                    waiting = try parser.append(chunk.readableBytesView).reversed()
                } else {
                    isFinished = true
                    return try parser.finish()
                }
            }
            return waiting.popLast()
        }
    }
}
