import Domain
import Engine
import HTTPTypes
import Hummingbird

/// Says who calls, by the second word of `Authorization`, whatever the first one is: an API key, or the token of a session.
/// What the caller may do, each route decides.
struct CallerMiddleware: RouterMiddleware {
    let keys: APIKeys
    let sessions: Sessions
    let settings: Settings
    private let limiter = RateLimiter()
    /// Against guessing at the speed of the network; nobody who has a key comes near it.
    private let guesses = AttemptLimiter(within: .seconds(60))
    private static let maximumGuesses = 1000

    init(keys: APIKeys, sessions: Sessions, settings: Settings) {
        self.keys = keys
        self.sessions = sessions
        self.settings = settings
    }

    /// Bytes of a header that can hold a credential at all.
    private static let maximumLength = 4096

    func handle(
        _ request: Request, context: APIContext, next: (Request, APIContext) async throws -> Response
    ) async throws -> Response {
        var context = context
        let snapshot = settings.snapshot
        let address = ProxyAddresses(snapshot).client(of: request, peer: ClientConnection.current?.address)
        do {
            if let credential = Self.credential(in: request) { try await identify(credential, address, &context) }
            try limit(context.caller, address, snapshot)
        } catch let error as ServiceError {
            var answer = APIError(error.status, message: error.message)
            answer.headers[.retryAfter] = error.retryAfter.map(String.init)
            throw answer.shaped(for: request)
        }
        return try await ClientAddress.$current.withValue(address) { try await next(request, context) }
    }

    private func identify(_ credential: String, _ address: String?, _ context: inout APIContext) async throws {
        if Sessions.isToken(credential) {
            switch try await sessions.verdict(on: credential) {
            case .caller(let caller): return context.identify(caller)
            case .refused(let reason): context.refusedCredential = reason
            }
        } else if let caller = try await keys.caller(with: credential) {
            return context.identify(caller)
        } else {
            context.refusedCredential = "Invalid auth token."
        }
        // Whoever has a key passes, whatever others at the same address try.
        try guesses.take([.init(address ?? "", maximum: Self.maximumGuesses)])
    }

    private func limit(_ caller: Caller, _ address: String?, _ settings: SettingsSnapshot) throws(ServiceError) {
        if case .key(let key) = caller, let limit = key.limits.requestsPerMinute {
            try limiter.take("key \(key.id)", perMinute: limit)
        }
        if case .user(let user) = caller, let limit = settings.amount(for: "LECTERN_USER_REQUESTS_PER_MINUTE") {
            try limiter.take("user \(user.id)", perMinute: limit)
        }
        if let address, let limit = settings.amount(for: "LECTERN_ADDRESS_REQUESTS_PER_MINUTE") {
            try limiter.take("address \(address)", perMinute: limit)
        }
    }

    private static func credential(in request: Request) -> String? {
        let values = request.headers[values: .authorization]
        guard values.count == 1, let value = values.first, value.utf8.count <= maximumLength else { return nil }
        let words = value.split(separator: " ", omittingEmptySubsequences: true)
        return words.count == 2 ? String(words[1]) : nil
    }
}
