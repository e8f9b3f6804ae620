package import Domain
package import Persistence

/// Invites people to make themselves an account.
package struct Invitations: Sendable {
    private let invites: InviteStore
    private let accounts: UserAccounts
    private let workspaces: WorkspaceStore
    private let box: SecretBox
    private let mode: InstanceMode
    private let settings: Settings
    private let limiter: AttemptLimiter

    /// What the codes are sealed for, see `SecretBox`.
    private static let purpose = "invite"

    package init(
        invites: InviteStore, accounts: UserAccounts, workspaces: WorkspaceStore, box: SecretBox, mode: InstanceMode,
        settings: Settings, limiter: AttemptLimiter
    ) {
        self.invites = invites
        self.accounts = accounts
        self.workspaces = workspaces
        self.box = box
        self.mode = mode
        self.settings = settings
        self.limiter = limiter
    }

    /// An invite, with its code as long as that works.
    package struct Shown: Sendable {
        package let invite: Invite
        package let code: String?
    }

    package func all() async throws -> [Shown] { try await invites.all().map(shown) }

    /// - Throws: `forbidden` where passwords are not taken, so that nobody could follow an invite.
    package func requirePasswords() throws(ServiceError) {
        guard !settings.snapshot.allowsOnlySingleSignOn else {
            throw ServiceError(.forbidden, "Login via credentials has been disabled by the administrator.")
        }
    }

    /// - Throws: `invalid` where a workspace does not exist.
    package func create(
        workspaces ids: [Workspace.ID], validFor: Duration?, maximumUses: Int = 1, by caller: Caller
    ) async throws -> Shown {
        for id in ids where try await workspaces.find(id: id) == nil {
            throw ServiceError.invalid("There is no workspace with the id \(id).")
        }
        let code = SecretCode.random()
        let invite = try await invites.insert(
            hash: SecretCode.hash(code), sealedCode: try box.seal(code, for: Self.purpose), workspaces: ids.unique,
            maximumUses: maximumUses, expiresAt: validFor.map { .now + $0 }, by: caller, at: .now)
        return Shown(invite: invite, code: code)
    }

    /// Takes an invite back; one that is claimed stays claimed.
    ///
    /// - Throws: `notFound`.
    package func disable(id: Int64, by caller: Caller) async throws {
        guard try await invites.disable(id: id, by: caller, at: .now) != nil else {
            throw ServiceError.notFound("Invite not found or already disabled")
        }
    }

    private func shown(_ invite: Invite) -> Shown {
        Shown(
            invite: invite,
            code: invite.status == .pending ? try? box.open(invite.sealedCode, for: Self.purpose) : nil)
    }

    // MARK: Without a credential

    /// - Throws: `notFound` and `conflict` with what the wire says; `tooMany` after too many failures.
    package func check(code: String) async throws {
        let subjects = AttemptLimiter.Subject.guess("invite", maximum: 100)
        try limiter.take(subjects)
        guard let invite = try await invites.find(hash: SecretCode.hash(code.uppercased())) else {
            throw ServiceError.notFound("Invite not found.")
        }
        limiter.giveBack(subjects)
        guard invite.status == .pending, invite.expiresAt.map({ $0 > .now }) ?? true else {
            throw ServiceError(.conflict, "Invite is no longer valid.")
        }
    }

    /// Makes the account. Of several who claim one invite at once, as many get it as it lets in.
    ///
    /// - Throws: `forbidden` where passwords are not taken; `invalid` with what the wire says.
    package func claim(code: String, _ fields: UserFields) async throws -> User {
        if try await mode.isMultiUser() { try requirePasswords() }
        let unusable = ServiceError.invalid("Invite not found or is invalid.")
        do {
            try await check(code: code)
        } catch let error as ServiceError where error.code != .tooMany {
            throw unusable
        }
        var fields = fields
        fields.role = nil
        let user = try await accounts.checked(fields)
        switch try await invites.claim(
            hash: SecretCode.hash(code.uppercased()), claim: UUIDText.random(), as: user, at: .now)
        {
        case .claimed(let user): return user
        case .unusable: throw unusable
        case .nameTaken: throw UserAccounts.nameTaken
        }
    }
}
