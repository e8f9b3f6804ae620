import Domain
import Testing

@testable import Engine

/// When a rule with conditions holds.
@Suite struct RoutingRuleTests {
    private static let matcher: PatternMatcher = { pattern, text in
        (try? Regex(pattern).ignoresCase()).map { text.firstMatch(of: $0) != nil }
    }

    private static let facts = RoutingFacts(
        question: "Write a SQL query for Ärzte", tokenCount: 1200, messageCount: 4, hour: 23, hasImage: true)

    @Test(
        arguments: [
            (.promptContent, .contains, "python, sql", true), (.promptContent, .contains, "python,", false),
            (.promptContent, .contains, "ÄRZTE", true), (.promptContent, .matches, #"^write .* query\b"#, true),
            (.promptContent, .matches, "^query", false), (.promptContent, .eq, "write a sql query for ärzte", true),
            (.promptContent, .neq, "x", true), (.conversationTokenCount, .gt, "1199", true),
            (.conversationTokenCount, .gte, "1200", true), (.conversationTokenCount, .gt, "1200", false),
            (.conversationTokenCount, .lt, "1200.5", true), (.conversationMessageCount, .lte, "4", true),
            (.conversationMessageCount, .between, "4,5", true), (.conversationMessageCount, .between, "5, 9", false),
            (.conversationMessageCount, .eq, "4", true), (.conversationMessageCount, .neq, "4", false),
            (.currentHour, .between, "22,6", true), (.currentHour, .between, "8,18", false),
            (.hasImageAttachment, .eq, "true", true), (.hasImageAttachment, .neq, "TRUE", false),
            (.hasImageAttachment, .eq, "maybe", false), (.currentHour, .gt, "soon", false),
        ] as [(RoutingCondition.Property, RoutingCondition.Comparator, String, Bool)])
    func `a condition holds`(
        property: RoutingCondition.Property, comparator: RoutingCondition.Comparator, value: String, expected: Bool
    ) {
        let condition = RoutingCondition(property, comparator, value)
        #expect(condition.holds(for: Self.facts, matcher: Self.matcher) == expected)
    }

    @Test func `conditions are joined by all or any, and none at all hold for nothing`() {
        let conditions = [RoutingCondition(.currentHour, .eq, "23"), RoutingCondition(.currentHour, .eq, "1")]
        func holds(_ test: RoutingRule.Test) -> Bool {
            RoutingRule(name: "r", test: test, route: ModelRoute(provider: "openai"))
                .holds(for: Self.facts, matcher: Self.matcher)
        }
        #expect(holds(.conditions(conditions, any: true)) && !holds(.conditions(conditions, any: false)))
        #expect(!holds(.conditions([], any: false)) && !holds(.judgement("questions about SQL")))
    }

    @Test(
        arguments: [
            (.promptContent, .matches, "("), (.promptContent, .gt, "3"), (.promptContent, .contains, " "),
            (.currentHour, .between, "3"), (.currentHour, .contains, "3"), (.currentHour, .between, "25,3"),
            (.conversationTokenCount, .gt, "many"),
            (.hasImageAttachment, .eq, "yes"), (.hasImageAttachment, .gt, "true"),
        ] as [(RoutingCondition.Property, RoutingCondition.Comparator, String)])
    func `a condition that can never hold is a problem`(
        property: RoutingCondition.Property, comparator: RoutingCondition.Comparator, value: String
    ) {
        #expect(RoutingCondition(property, comparator, value).problem(matcher: Self.matcher)?.isEmpty == false)
    }
}
