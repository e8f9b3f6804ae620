package import Domain
import FoundationEssentials

/// The instruction that a conversation begins with.
package enum SystemPrompt {
    /// Used where neither the workspace nor the instance has one of its own.
    package static let standard = """
        You answer questions about the documents of this workspace. Use the conversation so far and the context \
        below; where they hold the answer, rely on them and not on general knowledge, and cite what you use by its number \
        in brackets, as [1]. Where they do not, say so plainly before you answer from general knowledge. Answer the latest question, in the language it \
        is asked in, as briefly as it allows. It is {datetime} now.
        """

    /// Replaces `{variables}`; those that nobody knows stay as they are.
    package static func expanded(_ prompt: String, workspace: Workspace, now: Timestamp) -> String {
        var result = ""
        var rest = prompt[...]
        while let open = rest.firstIndex(of: "{"),
            let close = rest[open...].firstIndex(of: "}")
        {
            result += rest[..<open]
            let name = rest[rest.index(after: open)..<close]
            result += value(of: name, workspace: workspace, now: now) ?? String(rest[open...close])
            rest = rest[rest.index(after: close)...]
        }
        return result + rest
    }

    private static func value(of name: Substring, workspace: Workspace, now: Timestamp) -> String? {
        switch name {
        case "time": return now.clock12
        case "time_24": return now.clock24
        case "date": return now.longDate
        case "datetime": return "\(now.weekday), \(now.longDate) \(now.clock12WithoutSeconds)"
        case "datetime_24": return "\(now.numericDate) \(now.clock24)"
        case "workspace.id": return String(workspace.id)
        case "workspace.name": return workspace.name
        default:
            for (prefix, subject) in [("user.", "User"), ("workspace.", "Workspace")] where name.hasPrefix(prefix) {
                return "[\(subject) \(name.dropFirst(prefix.count))]"
            }
            return nil
        }
    }

    /// The passages as the system message quotes them.
    static func context(_ passages: [(passage: ContextPassage, quoted: String)]) -> String {
        guard !passages.isEmpty else { return "" }
        return "\nContext:\n"
            + passages.enumerated().map { place, entry in
                let name = QuotedText.harmless(entry.passage.citation).split(whereSeparator: \.isNewline).joined(
                    separator: " ")
                let source = entry.passage.number.map { "Cite as [\($0)]: \(name)\n" } ?? ""
                return "[CONTEXT \(place)]:\n\(source)\(entry.quoted)\n[END CONTEXT \(place)]\n\n"
            }.joined()
    }
}

extension Timestamp {
    fileprivate var clock24: String {
        let parts = localParts
        return "\(two(parts.hour)):\(two(parts.minute)):\(two(parts.second))"
    }

    fileprivate var clock12: String { "\(hour12):\(two(localParts.minute)):\(two(localParts.second)) \(half)" }

    fileprivate var clock12WithoutSeconds: String { "\(hour12):\(two(localParts.minute)) \(half)" }

    /// `March 4, 2026`
    fileprivate var longDate: String {
        let parts = localParts
        return "\(Self.months[(parts.month ?? 1) - 1]) \(parts.day ?? 1), \(parts.year ?? 1970)"
    }

    /// `2026-03-04`
    fileprivate var numericDate: String {
        let parts = localParts
        return "\(parts.year ?? 1970)-\(two(parts.month))-\(two(parts.day))"
    }

    fileprivate var weekday: String { Self.weekdays[(localParts.weekday ?? 1) - 1] }

    private var hour12: Int { (localParts.hour ?? 0) % 12 == 0 ? 12 : (localParts.hour ?? 0) % 12 }
    private var half: String { (localParts.hour ?? 0) < 12 ? "AM" : "PM" }

    private func two(_ number: Int?) -> String { (number ?? 0) < 10 ? "0\(number ?? 0)" : "\(number ?? 0)" }

    private static let months = [
        "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
        "December",
    ]
    private static let weekdays = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"]
}
