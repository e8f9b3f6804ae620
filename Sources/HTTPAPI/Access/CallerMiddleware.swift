import Domain
import Engine
import HTTPTypes
import Hummingbird

/// Says who calls, by the credential in `Authorization` (RFC 6750): an API key, or the token of a session. What the caller may
/// do, each route decides.
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
        let rules = settings.accessRules
        let address = rules.client(of: request, peer: ClientConnection.current?.address)
        do {
            if let credential = Self.credential(in: request) {
                // Most requests come from somebody who was looked up a moment ago, and need not wait.
                let verdict =
                    if let known = remembered(credential) { known } else { try await examine(credential) }
                try admit(verdict, address, &context)
            }
            try limit(context.caller, address, rules)
        } catch let error as ServiceError {
            var answer = APIError(error.status, message: error.message)
            answer.headers[.retryAfter] = error.retryAfter.map(String.init)
            throw answer.shaped(for: request)
        }
        // The connection has said it already, unless a proxy holds it.
        guard address != ClientAddress.current else { return try await next(request, context) }
        return try await ClientAddress.$current.withValue(address) { try await next(request, context) }
    }

    private func remembered(_ credential: CallerCredential) -> CallerCredential.Verdict? {
        credential.isToken ? sessions.remembered(credential) : keys.remembered(credential)
    }

    private func examine(_ credential: CallerCredential) async throws -> CallerCredential.Verdict {
        try await credential.isToken ? sessions.verdict(on: credential) : keys.verdict(on: credential)
    }

    private func admit(
        _ verdict: CallerCredential.Verdict, _ address: String?, _ context: inout APIContext
    ) throws(ServiceError) {
        switch verdict {
        case .caller(let caller): context.identify(caller)
        case .refused(let reason):
            context.refusedCredential = reason
            // Whoever has a key passes, whatever others at the same address try.
            try guesses.take([.init(address ?? "", maximum: Self.maximumGuesses)])
        }
    }

    private func limit(_ caller: Caller, _ address: String?, _ rules: AccessRules) throws(ServiceError) {
        if case .key(let key) = caller, let limit = key.limits.requestsPerMinute {
            try limiter.take("key \(key.id)", perMinute: limit)
        }
        if case .user(let user) = caller, let limit = rules.requestsPerUserAndMinute {
            try limiter.take("user \(user.id)", perMinute: limit)
        }
        if let address, let limit = rules.requestsPerAddressAndMinute {
            try limiter.take("address \(address)", perMinute: limit)
        }
    }

    /// What stands behind `Bearer`, in whatever case and behind whatever blanks.
    private static func credential(in request: Request) -> CallerCredential? {
        let values = request.headers[values: .authorization]
        guard values.count == 1, let value = values.first, value.utf8.count <= maximumLength else { return nil }
        let words = value.utf8.split(maxSplits: 2) { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
        guard words.count == 2, String(Substring(words[0])).lowercased() == "bearer" else { return nil }
        return CallerCredential(String(Substring(words[1])))
    }
}
