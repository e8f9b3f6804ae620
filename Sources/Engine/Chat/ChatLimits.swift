package import Domain
package import Persistence

/// How many questions callers may ask, and how many tokens these may cost.
package struct ChatLimits: Sendable {
    private let keys: APIKeys
    private let users: UserStore
    private let running: RunningAnswers

    package init(keys: APIKeys, users: UserStore, running: RunningAnswers) {
        self.keys = keys
        self.users = users
        self.running = running
    }

    /// Lets a question pass, before anything is spent on it.
    ///
    /// - Throws: `tooMany` where the caller has no more.
    package func admit(_ caller: Caller) async throws {
        switch caller {
        case .key(let key): try await keys.countMessage(of: key)
        case .user(let user):
            guard let limit = user.dailyMessageLimit else { return }
            let stored = try await users.messageCount(of: user.id, since: .now - .seconds(86_400))
            // This question is among those that are being answered.
            guard stored + max(0, running.count(userID: user.id) - 1) < limit else {
                throw ServiceError(
                    .tooMany, "You have met your maximum 24 hour chat quota of \(limit) chats. Try again later.")
            }
        case .nobody, .owner, .visitor, .system: return
        }
    }

    func recordTokens(_ metrics: ChatMetrics?, of caller: Caller) async throws {
        guard case .key(let key) = caller, let metrics else { return }
        try await keys.addTokens(metrics.promptTokens + metrics.completionTokens, of: key)
    }
}
