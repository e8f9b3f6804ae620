import Domain
import OrderedJSON

/// A user as requests about threads name one: by an id, as a number or in digits.
struct UserReference {
    /// `nil` for what is no id.
    let id: User.ID?

    init(_ value: JSON?) {
        switch value ?? .null {
        case .string(let text): id = Int64(text)
        case .integer(let number): id = number
        case .number: id = value?.integerValue.flatMap { Int64(exactly: $0) }
        case .null, .bool, .array, .object: id = nil
        }
    }
}
