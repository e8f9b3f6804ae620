import Domain

/// What rules look at.
package struct RoutingFacts: Sendable {
    package var question: String
    /// Of the question and what was said before.
    package var tokenCount: Int
    /// Of what was said before.
    package var messageCount: Int
    /// 0...23.
    package var hour: Int
    package var hasImage: Bool

    package init(question: String, tokenCount: Int, messageCount: Int, hour: Int, hasImage: Bool) {
        self.question = question
        self.tokenCount = tokenCount
        self.messageCount = messageCount
        self.hour = hour
        self.hasImage = hasImage
    }
}

/// Whether a regular expression matches somewhere in a text, in small letters or capitals; `nil` where it is none, or takes too
/// long.
package typealias PatternMatcher = @Sendable (_ pattern: String, _ text: String) -> Bool?

extension RoutingRule {
    /// Whether its conditions hold; a rule that wants a judgement has none.
    func holds(for facts: RoutingFacts, matcher: PatternMatcher) -> Bool {
        guard case .conditions(let conditions, let any) = test, !conditions.isEmpty else { return false }
        return any
            ? conditions.contains { $0.holds(for: facts, matcher: matcher) }
            : conditions.allSatisfy { $0.holds(for: facts, matcher: matcher) }
    }
}

extension RoutingCondition {
    /// What is looked at of a question by a regular expression, in characters.
    static let maximumMatchedLength = 10_000

    func holds(for facts: RoutingFacts, matcher: PatternMatcher) -> Bool {
        switch property {
        case .promptContent: holds(forText: facts.question, matcher: matcher)
        case .conversationTokenCount: holds(for: Double(facts.tokenCount))
        case .conversationMessageCount: holds(for: Double(facts.messageCount))
        case .currentHour: holds(for: Double(facts.hour))
        case .hasImageAttachment: holds(for: facts.hasImage)
        }
    }

    private func holds(forText text: String, matcher: PatternMatcher) -> Bool {
        switch comparator {
        case .contains:
            let folded = text.caseFolded
            return value.split(separator: ",").map { $0.trimmed.caseFolded }.contains {
                !$0.isEmpty && folded.contains($0)
            }
        case .matches: return matcher(value, String(text.prefix(Self.maximumMatchedLength))) ?? false
        case .eq: return text.trimmed.caseFolded == value.trimmed.caseFolded
        case .neq: return text.trimmed.caseFolded != value.trimmed.caseFolded
        case .gt, .gte, .lt, .lte, .between: return false
        }
    }

    private func holds(for number: Double) -> Bool {
        let bounds = numbers
        guard let bound = bounds.first else { return false }
        switch comparator {
        case .eq: return number == bound
        case .neq: return number != bound
        case .gt: return number > bound
        case .gte: return number >= bound
        case .lt: return number < bound
        case .lte: return number <= bound
        case .between:
            guard bounds.count == 2 else { return false }
            let goesOverMidnight = property == .currentHour && bounds[0] > bounds[1]
            return goesOverMidnight
                ? number >= bounds[0] || number <= bounds[1] : number >= bounds[0] && number <= bounds[1]
        case .contains, .matches: return false
        }
    }

    private func holds(for flag: Bool) -> Bool {
        guard let wanted = self.flag else { return false }
        return comparator == .neq ? flag != wanted : flag == wanted
    }

    /// Empty where the value is none.
    private var numbers: [Double] {
        let parts = value.split(separator: ",").map(\.trimmed)
        let numbers = parts.compactMap(Double.init)
        return numbers.count == parts.count ? numbers : []
    }

    private var flag: Bool? { ["true": true, "false": false][value.trimmed.lowercased()] }

    /// What is wrong with it; `nil` where nothing is.
    func problem(matcher: PatternMatcher) -> String? {
        let takes: [Comparator]
        switch property {
        case .promptContent:
            takes = [.contains, .matches, .eq, .neq]
            if value.trimmed.isEmpty { return "\(property.rawValue) is compared with nothing" }
            if comparator == .matches, matcher(value, "") == nil { return "\(value) is no regular expression" }
        case .hasImageAttachment:
            takes = [.eq, .neq]
            if flag == nil { return "\(property.rawValue) is compared with true or false" }
        case .conversationTokenCount, .conversationMessageCount, .currentHour:
            takes = [.eq, .neq, .gt, .gte, .lt, .lte, .between]
            let wanted = comparator == .between ? 2 : 1
            if property == .currentHour, numbers.contains(where: { !(0...23).contains($0) }) {
                return "\(property.rawValue) is compared with hours from 0 to 23"
            }
            if numbers.count != wanted {
                return
                    "\(property.rawValue) \(comparator.rawValue) takes \(wanted == 1 ? "a number" : "two numbers with a comma")"
            }
        }
        return takes.contains(comparator)
            ? nil : "\(property.rawValue) is compared by \(takes.map(\.rawValue).joined(separator: ", "))"
    }
}
