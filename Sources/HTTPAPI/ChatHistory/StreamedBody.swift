import Concurrency
import Domain
import Engine
import HTTPTypes
import Hummingbird
import NIOCore
import Persistence

/// Writes stored chats into an answer while they are read, a few at a time, so that neither their number nor what is
/// attached to them fills the memory.
struct StreamedBody {
    /// Chats that are in memory at once: one of them may hold a hundred megabytes of pictures.
    private static let batch = 4

    private(set) var writer: any ResponseBodyWriter

    private var hasChats = false

    init(_ writer: any ResponseBodyWriter) { self.writer = writer }

    mutating func write(_ text: String) async throws {
        guard !text.isEmpty else { return }
        try await writer.write(ByteBuffer(string: text))
    }

    /// Writes what `text` makes of each chat, with `separator` between any two in this body.
    mutating func write(
        _ ids: [Chat.ID], of conversations: ConversationDirectory, separator: String,
        as text: @escaping @Sendable (StoredChat) -> String
    ) async throws {
        var rest = ids[...]
        while !rest.isEmpty {
            let found = try await conversations.chats(Array(rest.prefix(Self.batch)))
            rest = rest.dropFirst(Self.batch)
            // One of them may hold megabytes of pictures.
            for chat in found {
                if hasChats { try await write(separator) }
                hasChats = true
                try await write(try await ComputePool.shared.run { text(chat) })
            }
        }
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
                try await body.writer.finish(nil)
            })
    }
}
