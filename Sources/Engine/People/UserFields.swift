/// What somebody wants a user to be, as it was sent; checked by `UserAccounts`.
package struct UserFields: Sendable {
    package var name: String?
    package var password: String?
    package var role: String?
    package var isSuspended: Bool?
    /// `.some(nil)` takes the limit away.
    package var dailyMessageLimit: Int??
    package var bio: String?

    package init() {}

    var isEmpty: Bool {
        name == nil && password == nil && role == nil && isSuspended == nil && dailyMessageLimit == nil && bio == nil
    }
}
