import Domain

/// A robots.txt, as far as it speaks to this server (RFC 9309).
struct RobotsRules: Sendable {
    private struct Rule {
        let pattern: [UInt8]
        let isAllowed: Bool
    }

    private let rules: [Rule]

    static let allowAll = RobotsRules(rules: [])
    static let allowNothing = RobotsRules(rules: [Rule(pattern: [UInt8(ascii: "/")], isAllowed: false)])

    /// Bytes that are read, which the RFC asks for at least.
    static let maximumBytes = 500 << 10
    private static let maximumRules = 5000

    private init(rules: [Rule]) { self.rules = rules }

    init(_ text: String) {
        var (ours, everybody): ([Rule], [Rule]) = ([], [])
        var (isOurs, isEverybodys, beginsGroup, hasOwnGroup) = (false, false, true, false)
        for line in text.split(whereSeparator: \.isNewline) {
            let parts = line.prefix { $0 != "#" }.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2 else { continue }
            let (key, value) = (parts[0].trimmed.lowercased(), parts[1].trimmed)
            switch key {
            case "user-agent":
                if beginsGroup == false { (isOurs, isEverybodys) = (false, false) }
                beginsGroup = true
                let agent = value.lowercased().prefix { $0.isLetter || $0 == "-" || $0 == "_" || $0 == "*" }
                if agent == LinkRobots.product.lowercased() { (isOurs, hasOwnGroup) = (true, true) }
                if agent == "*" { isEverybodys = true }
            case "allow", "disallow":
                beginsGroup = false
                // An empty rule forbids nothing.
                guard !value.isEmpty else { continue }
                let rule = Rule(pattern: Array(value.utf8), isAllowed: key == "allow")
                if isOurs, ours.count < Self.maximumRules { ours.append(rule) }
                if isEverybodys, everybody.count < Self.maximumRules { everybody.append(rule) }
            default: continue
            }
        }
        rules = hasOwnGroup ? ours : everybody
    }

    /// The longest rule that fits decides; of two, the one that allows.
    func allow(_ address: LinkAddress) -> Bool {
        let path = Array((address.path + address.query).utf8)
        let fitting = rules.filter { Self.matches(path, $0.pattern) }
        guard let longest = fitting.map(\.pattern.count).max() else { return true }
        return fitting.contains { $0.pattern.count == longest && $0.isAllowed }
    }

    /// `*` stands for anything, `$` at the end for the end. One position to go back to is enough, so that no pattern takes
    /// longer than its length times the path's.
    private static func matches(_ path: [UInt8], _ pattern: [UInt8]) -> Bool {
        let isWhole = pattern.last == UInt8(ascii: "$")
        // A pattern is a beginning unless it says where it ends.
        let pattern = isWhole ? Array(pattern.dropLast()) : pattern + [UInt8(ascii: "*")]
        var (position, sign) = (0, 0)
        var retry: (position: Int, sign: Int)?
        while position < path.count {
            if sign < pattern.count, pattern[sign] == UInt8(ascii: "*") {
                retry = (position, sign + 1)
                sign += 1
            } else if sign < pattern.count, pattern[sign] == path[position] {
                position += 1
                sign += 1
            } else if let last = retry {
                retry = (last.position + 1, last.sign)
                (position, sign) = (last.position + 1, last.sign)
            } else {
                return false
            }
        }
        return pattern[sign...].allSatisfy { $0 == UInt8(ascii: "*") }
    }
}
