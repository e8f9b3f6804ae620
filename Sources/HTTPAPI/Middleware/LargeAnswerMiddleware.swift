import HTTPTypes
import Hummingbird
import Logging
import NIOCore

/// Keeps large answers on the disk while their readers take them, so that slow readers do not hold them in memory.
struct LargeAnswerMiddleware: RouterMiddleware {
    /// For files that are deleted as soon as they are open.
    let directory: String

    /// Bytes up to which an answer stays in memory.
    private static let limit = 256 << 10

    func handle(
        _ request: Request, context: APIContext, next: (Request, APIContext) async throws -> Response
    ) async throws -> Response {
        var response = try await next(request, context)
        guard let length = response.body.contentLength, length > Self.limit else { return response }
        guard let file = await file(holding: response.body, context) else { return response }
        response.body = ResponseBody(contentLength: length) { writer in
            var offset = 0
            while offset < length {
                let piece = try await file.read(from: offset)
                guard piece.readableBytes > 0 else { break }
                offset += piece.readableBytes
                try await writer.write(piece)
            }
            try await writer.finish(nil)
        }
        return response
    }

    /// `nil` where the disk does not take it: the answer then stays where it is.
    private func file(holding body: ResponseBody, _ context: APIContext) async -> AnswerFile? {
        do {
            let collector = BodyCollector()
            try await body.write(collector)
            return try await AnswerFile.holding(collector.bytes ?? ByteBuffer(), in: directory)
        } catch {
            context.logger.warning("A large answer stays in memory", metadata: ["error": "\(error)"])
            return nil
        }
    }
}
