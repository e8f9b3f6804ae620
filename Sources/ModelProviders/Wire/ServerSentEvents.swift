import NIOCore

/// The events in a body, read as they are asked for: who does not ask slows the sender down.
struct ServerSentEvents<Body: AsyncSequence>: AsyncSequence where Body.Element == ByteBuffer {
    private let body: Body
    private let maximumEventLength: Int

    /// - Parameter maximumEventLength: in bytes; a longer one throws `ServerSentEventParser.EventTooLong`.
    init(_ body: Body, maximumEventLength: Int) {
        self.body = body
        self.maximumEventLength = maximumEventLength
    }

    func makeAsyncIterator() -> Iterator {
        Iterator(
            chunks: body.makeAsyncIterator(), parser: ServerSentEventParser(maximumEventLength: maximumEventLength))
    }

    struct Iterator: AsyncIteratorProtocol {
        private var chunks: Body.AsyncIterator
        private var parser: ServerSentEventParser
        /// Read, not yet handed out; the next one last.
        private var waiting: [ServerSentEvent] = []
        private var isFinished = false

        fileprivate init(chunks: Body.AsyncIterator, parser: ServerSentEventParser) {
            self.chunks = chunks
            self.parser = parser
        }

        mutating func next() async throws -> ServerSentEvent? {
            while waiting.isEmpty, !isFinished {
                if let chunk = try await chunks.next() {
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
