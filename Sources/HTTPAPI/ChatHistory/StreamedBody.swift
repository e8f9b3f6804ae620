import Concurrency
import Domain
import Engine
import HTTPTypes
import Hummingbird
import NIOCore
import Persistence

/// Writes an answer while what it holds is read, a few at a time, so that its length does not fill the memory.
struct StreamedBody {
    /// Bytes that are sent at once: pieces of a few bytes cost the system more than what is in them.
    private static let pieceSize = 32_768

    private var writer: any ResponseBodyWriter
    private var pending = ByteBuffer()
    private var hasChats = false

    init(_ writer: any ResponseBodyWriter) { self.writer = writer }

    mutating func write(_ text: String) async throws {
        pending.writeString(text)
        if pending.readableBytes >= Self.pieceSize { try await flush() }
    }

    /// Writes what `text` makes of each chat, with `separator` between any two in this body.
    mutating func write(
        _ ids: [Chat.ID], of conversations: ConversationDirectory, separator: String,
        as text: @escaping @Sendable (StoredChat) -> String
    ) async throws {
        for batch in try await conversations.batches(of: ids) {
            let found = try await conversations.chats(batch)
            let texts = try await ComputePool.shared.run { found.map(text) }
            for chat in texts {
                if hasChats { try await write(separator) }
                hasChats = true
                try await write(chat)
            }
        }
    }

    private mutating func flush() async throws {
        guard pending.readableBytes > 0 else { return }
        let piece = pending
        pending = ByteBuffer()
        try await writer.write(piece)
    }

    private mutating func finish() async throws {
        try await flush()
        try await writer.finish(nil)
    }

    /// Answers with what `produce` writes.
    static func response(
        contentType: String, headers: HTTPFields = [:],
        _ produce: @escaping @Sendable (inout StreamedBody) async throws -> Void
    ) -> Response {
        var headers = headers
        headers[.contentType] = contentType
        headers[.xContentTypeOptions] = "nosniff"
        return Response(
            status: .ok, headers: headers,
            body: ResponseBody { writer in
                var body = StreamedBody(writer)
                try await produce(&body)
                try await body.finish()
            })
    }
}
