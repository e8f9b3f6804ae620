import Domain

/// The rules of single fields. Each returns what is wrong, in the words of the wire.
enum UserRules {
    private static let maximumNameLength = 64
    private static let maximumBioLength = 1000

    static func problem(withName name: String) -> String? {
        guard name.utf16.count <= maximumNameLength else {
            return "Username cannot be longer than \(maximumNameLength) characters"
        }
        guard name.utf16.count >= 2 else { return "Username must be at least 2 characters" }
        let isLetter: (UInt8) -> Bool = { (0x61...0x7A).contains($0) }
        let isRight = name.utf8.allSatisfy { isLetter($0) || (0x30...0x39).contains($0) || "._@-".utf8.contains($0) }
        guard isRight, name.utf8.first.map(isLetter) == true else {
            return "Username must start with a lowercase letter and only contain lowercase letters, numbers, "
                + "underscores, hyphens, and periods"
        }
        return nil
    }

    static func problem(withBio bio: String) -> String? {
        bio.utf16.count > maximumBioLength ? "Bio cannot be longer than 1,000 characters" : nil
    }

    static func problem(withLimit limit: Int?) -> String? {
        limit.map { $0 >= 1 } ?? true
            ? nil : "Daily message limit must be null or a number greater than or equal to 1"
    }

    /// - Throws: `invalid` where there is no such role.
    static func role(_ name: String) throws(ServiceError) -> Caller.Role {
        guard let role = Caller.Role(rawValue: name) else {
            throw ServiceError.invalid("Invalid role. Allowed roles are: default, admin, manager")
        }
        return role
    }
}
