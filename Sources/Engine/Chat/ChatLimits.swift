package import Domain
package import Persistence

/// How many questions callers may ask, and how many tokens these may cost.
package struct ChatLimits: Sendable {
    private let keys: APIKeys
    private let users: UserStore

    package init(keys: APIKeys, users: UserStore) {
        self.keys = keys
        self.users = users
    }

    /// Lets a question pass, before anything is spent on it.
    ///
    /// - Parameter asker: the user whom a key asks for, whose limit holds as well.
    /// - Throws: `tooMany` where the caller, or the asker, has no more.
    package func admit(_ caller: Caller, askingFor asker: User.ID? = nil) async throws {
        switch caller {
        case .key(let key):
            if let asker, let user = try await users.find(id: asker) {
                try await count(user.id, user.role, limit: user.dailyMessageLimit)
            }
            try await keys.countMessage(of: key)
        case .user(let user): try await count(user.id, user.role, limit: user.dailyMessageLimit)
        case .nobody, .owner, .visitor, .system: return
        }
    }

    /// Questions of administrators are not limited.
    private func count(_ user: User.ID, _ role: Caller.Role, limit: Int?) async throws {
        let now = Timestamp.now
        let limit = role == .admin ? nil : limit
        guard try await !users.countQuestion(of: user, limit: limit, at: now), let limit else { return }
        let next = try await users.nextFreeQuestion(of: user, at: now)
        throw ServiceError(
            .tooMany, "You have met your maximum 24 hour chat quota of \(limit) chats. Try again later.",
            retryAfter: next?.seconds(after: now))
    }

    func recordTokens(_ metrics: ChatMetrics?, of caller: Caller) async throws {
        guard case .key(let key) = caller, let metrics else { return }
        try await keys.addTokens(metrics.promptTokens + metrics.completionTokens, of: key)
    }
}
