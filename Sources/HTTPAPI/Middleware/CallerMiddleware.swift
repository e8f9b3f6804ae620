import Domain
import Engine
import HTTPTypes
import Hummingbird

/// Says who calls, by the second word of `Authorization`, whatever the first one is. What the caller may do, each route
/// decides.
struct CallerMiddleware: RouterMiddleware {
    let keys: APIKeys

    /// Bytes of a header that can hold a key at all.
    private static let maximumLength = 512

    func handle(
        _ request: Request, context: APIContext, next: (Request, APIContext) async throws -> Response
    ) async throws -> Response {
        var context = context
        if let key = Self.credential(in: request), let caller = try await keys.caller(with: key) {
            context.identify(caller)
        }
        return try await next(request, context)
    }

    private static func credential(in request: Request) -> String? {
        let values = request.headers[values: .authorization]
        guard values.count == 1, let value = values.first, value.utf8.count <= maximumLength else { return nil }
        let words = value.split(separator: " ", omittingEmptySubsequences: true)
        return words.count == 2 ? String(words[1]) : nil
    }
}
