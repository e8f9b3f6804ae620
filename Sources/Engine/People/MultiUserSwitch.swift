package import Domain
package import Persistence

/// Turns an instance for one person into one for many.
package struct MultiUserSwitch: Sendable {
    private let users: UserStore
    private let accounts: UserAccounts
    private let sessions: Sessions
    private let mode: InstanceMode

    package init(users: UserStore, accounts: UserAccounts, sessions: Sessions, mode: InstanceMode) {
        self.users = users
        self.accounts = accounts
        self.sessions = sessions
        self.mode = mode
    }

    /// Makes the first administrator and turns the mode on, in one transaction. Sessions of single-user mode end; API keys
    /// go on working.
    ///
    /// - Throws: `conflict` where the mode is on already, `invalid` for a name or password that breaks a rule.
    package func turnOn(_ fields: UserFields, by caller: Caller) async throws {
        let isOn = ServiceError(.conflict, "Multi-user mode is already enabled.")
        guard try await !mode.isMultiUser() else { throw isOn }
        var administrator = try await accounts.checked(fields)
        administrator.role = .admin
        guard try await users.enableMultiUserMode(administrator, by: caller, at: .now) else { throw isOn }
        mode.multiUserModeBegan()
        sessions.forgetVerdicts()
    }
}
