/// An invitation to make oneself an account. Its code works once, or as often as whoever made it has said.
package struct Invite: Sendable, Equatable {
    package enum Status: String, Sendable { case pending, claimed, disabled }

    package let id: Int64
    /// Encrypted: whoever reads the database alone cannot use it.
    package let sealedCode: String
    package let status: Status
    /// The workspaces that the new user becomes a member of, those that still exist then.
    package let workspaces: [Workspace.ID]
    /// Who came last.
    package let claimedBy: NamedUser?
    package let uses: Int
    package let maximumUses: Int
    package let createdBy: Caller.Record
    package let createdAt: Timestamp
    package let lastUpdatedAt: Timestamp
    package let expiresAt: Timestamp?

    /// A user, or the id of one who is gone.
    package struct NamedUser: Sendable, Equatable {
        package let id: User.ID
        package let name: String?

        package init(id: User.ID, name: String?) {
            self.id = id
            self.name = name
        }
    }

    package init(
        id: Int64, sealedCode: String, status: Status, workspaces: [Workspace.ID], claimedBy: NamedUser?,
        uses: Int, maximumUses: Int, createdBy: Caller.Record, createdAt: Timestamp, lastUpdatedAt: Timestamp,
        expiresAt: Timestamp?
    ) {
        self.id = id
        self.sealedCode = sealedCode
        self.status = status
        self.workspaces = workspaces
        self.claimedBy = claimedBy
        self.uses = uses
        self.maximumUses = maximumUses
        self.createdBy = createdBy
        self.createdAt = createdAt
        self.lastUpdatedAt = lastUpdatedAt
        self.expiresAt = expiresAt
    }
}
