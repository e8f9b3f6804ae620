import Engine
import HTTPTypes
import Hummingbird

/// Notes whether a request brings a valid API key: the second word of `Authorization`, whatever the first one is.
struct APIKeyMiddleware: RouterMiddleware {
    let keys: APIKeys

    /// Bytes of a header that can hold a key at all.
    private static let maximumLength = 512

    func handle(
        _ request: Request, context: APIContext, next: (Request, APIContext) async throws -> Response
    ) async throws -> Response {
        var context = context
        if let key = Self.key(in: request) { context.isAuthenticated = try await keys.isKnown(key) }
        return try await next(request, context)
    }

    private static func key(in request: Request) -> String? {
        let values = request.headers[values: .authorization]
        guard values.count == 1, let value = values.first, value.utf8.count <= maximumLength else { return nil }
        let words = value.split(separator: " ", omittingEmptySubsequences: true)
        return words.count == 2 ? String(words[1]) : nil
    }
}
