import AsyncHTTPClient
import Domain
import NIOCore

/// The body of a provider's answer. Whatever stops it is thrown as a `ServiceError` that says so, or as a
/// `CancellationError` where the reader's task was cancelled; dropping the iterator early closes the connection.
struct ProviderBody: AsyncSequence, Sendable {
    private let chunks: HTTPClientResponse.Body
    private let deadline: ContinuousClock.Instant
    private let connection: ProviderConnection

    init(_ chunks: HTTPClientResponse.Body, of connection: ProviderConnection) {
        self.chunks = chunks
        self.connection = connection
        deadline = .now + connection.timeouts.total
    }

    func makeAsyncIterator() -> Iterator {
        Iterator(chunks: chunks.makeAsyncIterator(), deadline: deadline, connection: connection)
    }

    struct Iterator: AsyncIteratorProtocol {
        fileprivate var chunks: HTTPClientResponse.Body.AsyncIterator
        fileprivate let deadline: ContinuousClock.Instant
        fileprivate let connection: ProviderConnection

        mutating func next() async throws -> ByteBuffer? {
            let chunk: ByteBuffer?
            do { chunk = try await chunks.next() } catch {
                try Task.checkCancellation()
                throw connection.failure(for: error, hasBegun: true).serviceError
            }
            // A cancelled sequence may just end.
            try Task.checkCancellation()
            // The idle limit bounds each wait, so looking at the clock between two of them is enough.
            guard ContinuousClock.now < deadline else { throw connection.unusable("did not come to an end") }
            return chunk
        }
    }

    /// The whole body.
    /// - Parameter limit: in bytes; a longer body throws.
    func collect(upTo limit: Int) async throws -> ByteBuffer {
        var collected = ByteBuffer()
        for try await var chunk in self {
            guard collected.readableBytes + chunk.readableBytes <= limit else {
                throw connection.unusable("is longer than \(limit) bytes")
            }
            collected.writeBuffer(&chunk)
        }
        return collected
    }

    /// The first bytes of the body, as many as come before it ends or breaks off.
    func prefix(upTo limit: Int) async throws -> ByteBuffer {
        var collected = ByteBuffer()
        do {
            for try await var chunk in self {
                collected.writeBuffer(&chunk)
                if collected.readableBytes >= limit { break }
            }
        } catch is ServiceError {
            // What came so far may still say what is wrong.
        }
        return collected.getSlice(at: collected.readerIndex, length: Swift.min(limit, collected.readableBytes))
            ?? collected
    }
}
