/// One variable that a batch sets or unsets.
package struct SettingChange: Sendable, Equatable {
    package let variable: String
    /// The plain value; an empty one hides the environment's value. `nil` takes back what was stored, so that the
    /// environment or the default holds again.
    package let value: String?
    /// Whether the value must be encrypted where it is kept.
    package let isSecret: Bool
}

// The value may be secret, so printing a change shows only what it concerns.
extension SettingChange: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    package var description: String { "\(variable) \(value == nil ? "unset" : "set")" }
    package var debugDescription: String { description }
    package var customMirror: Mirror { Mirror(self, children: []) }
}
