/// Of the alternatives in which a document holds the same content for programs of different age, the first
/// (`mc:AlternateContent`, ECMA-376 part 3).
struct ChoiceFilter {
    private static let names: Set<String> = ["AlternateContent", "Choice", "Fallback"]

    /// Whether a choice was met, for each place with alternatives that is open.
    private var met: [Bool] = []

    /// Whether the element, which has just begun, is to be read. One that is not is left out with all that it holds.
    mutating func admits(_ element: XMLCursor.Element) -> Bool {
        // Names first: they are short, and nearly all others.
        guard Self.names.contains(element.name),
            element.namespace.contains("/markup-compatibility")
        else { return true }
        switch element.name {
        case "AlternateContent": met.append(false)
        case "Choice":
            guard met.last != true else { return false }
            if !met.isEmpty { met[met.count - 1] = true }
        case "Fallback": return met.last == false
        default: break
        }
        return true
    }

    mutating func endAlternatives() { _ = met.popLast() }
}
