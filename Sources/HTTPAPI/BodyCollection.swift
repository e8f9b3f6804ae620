import Domain
import Hummingbird
import NIOCore

/// Collects a request's body in memory, and counts it among those of all connections until it is released.
struct BodyCollection {
    /// Bytes of one body.
    let limit: Int

    private let budget = ClientConnection.current?.bodyBudget
    private var taken = 0

    /// Bytes that are taken from the budget at a time. What is smaller is not counted: their number is bounded by that of the
    /// connections.
    private static let step = 1 << 20

    init(limit: Int) { self.limit = limit }

    /// - Throws: 413 above the limit, before anything is read where the client says its length; 503 where all bodies
    ///   together would be too many.
    mutating func collect(_ request: Request) async throws -> ByteBuffer {
        let announced = request.headers[.contentLength].flatMap { Int($0) } ?? 0
        guard announced <= limit else { throw tooLarge }
        ClientConnection.current?.inviteBody()
        var body: ByteBuffer?
        for try await piece in request.body {
            let bytes = (body?.readableBytes ?? 0) + piece.readableBytes
            guard bytes <= limit else { throw tooLarge }
            try account(for: bytes)
            body.setOrWriteImmutableBuffer(piece)
        }
        return body ?? ByteBuffer()
    }

    /// What arrived counts, not what was announced: a client that sends nothing takes nothing from the others.
    private mutating func account(for bytes: Int) throws {
        guard let budget else { return }
        while bytes - taken > Self.step {
            guard budget.take(Self.step) else {
                throw ServiceError(
                    .unavailable, "The server is reading too many large requests at the moment.", retryAfter: 5)
            }
            taken += Self.step
        }
    }

    mutating func release() {
        budget?.giveBack(taken)
        taken = 0
    }

    private var tooLarge: APIError {
        APIError(.contentTooLarge, message: "The request is larger than \(limit >> 20) MiB.")
    }
}
