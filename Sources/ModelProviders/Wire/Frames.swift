import EventStreams
import NIOCore

/// Takes a stream apart into its events, lines or records as its bytes come in, however they are cut.
protocol FrameParser: Sendable {
    associatedtype Frame: Sendable

    /// - Parameter maximumLength: of a frame, in bytes.
    init(maximumLength: Int)

    /// The frames that `bytes` complete, in order.
    mutating func append(_ bytes: some Collection<UInt8>) throws(FrameTooLong) -> [Frame]
    /// What was under way when the stream ended.
    mutating func finish() throws(FrameTooLong) -> Frame?
}

extension ServerSentEventParser: FrameParser {}

/// The sender has sent nothing but comments, or what the reader takes for no progress, for too long.
struct NoProgress: Error {}

/// The frames in a body, read as they are asked for: who does not ask slows the sender down.
struct Frames<Body: AsyncSequence, Parser: FrameParser>: AsyncSequence where Body.Element == ByteBuffer {
    private let body: Body
    private let maximumLength: Int
    private let patience: Duration

    /// - Parameters:
    ///   - maximumLength: in bytes; a longer frame throws `FrameTooLong`.
    ///   - patience: how long there may be no progress; then `NoProgress` is thrown.
    init(_ body: Body, by parser: Parser.Type, maximumLength: Int, patience: Duration) {
        self.body = body
        self.maximumLength = maximumLength
        self.patience = patience
    }

    func makeAsyncIterator() -> Iterator {
        Iterator(
            chunks: body.makeAsyncIterator(), parser: Parser(maximumLength: maximumLength), patience: patience,
            maximumNoise: maximumLength * 2)
    }

    struct Iterator: AsyncIteratorProtocol {
        private var chunks: Body.AsyncIterator
        private var parser: Parser
        private let patience: Duration
        private let maximumNoise: Int
        /// Read, not yet handed out; the next one last.
        private var waiting: [Parser.Frame] = []
        private var isFinished = false
        private var deadline: ContinuousClock.Instant
        /// Bytes since the last progress.
        private var noise = 0

        fileprivate init(chunks: Body.AsyncIterator, parser: Parser, patience: Duration, maximumNoise: Int) {
            self.chunks = chunks
            self.parser = parser
            self.patience = patience
            self.maximumNoise = maximumNoise
            deadline = .now + patience
        }

        /// To be called where the last frame has brought the reader on.
        mutating func noteProgress() {
            deadline = .now + patience
            noise = 0
        }

        mutating func next() async throws -> Parser.Frame? {
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
