import Domain
package import Logging

/// Ends the answers of callers whose rights were taken away while they were being answered.
///
/// It looks into the database again and again, for it may be another process that revokes a key.
package struct RevocationWatch: Sendable {
    private let running: RunningAnswers
    private let keys: APIKeys
    private let sessions: Sessions
    private let logger: Logger

    /// With the time that `APIKeys` trusts a verdict, a revoked key is heard for less than a second.
    private static let interval = Duration.milliseconds(400)

    package init(running: RunningAnswers, keys: APIKeys, sessions: Sessions, logger: Logger) {
        self.running = running
        self.keys = keys
        self.sessions = sessions
        self.logger = logger
    }

    /// Runs until the task is cancelled.
    package func run() async {
        while (try? await Task.sleep(for: Self.interval)) != nil {
            do {
                try await check()
            } catch {
                logger.warning("Revoked rights could not be looked for", metadata: ["error": "\(error)"])
            }
        }
    }

    private func check() async throws {
        let answered = running.callers
        let asking = Set(answered.compactMap { caller in if case .key(let key) = caller { key } else { nil } })
        let valid = try await keys.valid(asking)
        for key in asking.subtracting(valid) { running.end(caller: .key(key)) }
        let users = Set(answered.compactMap { caller in if case .user(let user) = caller { user } else { nil } })
        guard !users.isEmpty else { return }
        for user in users.subtracting(try await sessions.valid(users)) { running.end(caller: .user(user)) }
    }
}
