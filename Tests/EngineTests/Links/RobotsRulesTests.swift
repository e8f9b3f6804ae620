import Domain
import Testing

@testable import Engine

@Suite struct RobotsRulesTests {
    private static let text = """
        User-agent: other
        Disallow: /

        User-agent: *
        User-agent: some # a comment
        Disallow: /private
        Allow: /private/open
        Disallow: /*.pdf$
        Disallow:
        Sitemap: https://example.com/sitemap.xml
        """

    @Test(arguments: [
        ("/", true), ("/private", false), ("/private/x", false), ("/private/open/y", true), ("/a/b.pdf", false),
        ("/a/b.pdf?x", true), ("/publicprivate", true),
    ])
    func `the longest rule that fits decides`(path: String, isAllowed: Bool) throws {
        let address = try #require(LinkAddress("https://example.com\(path)"))
        #expect(RobotsRules(Self.text).allow(address) == isAllowed)
    }

    @Test func `rules for this server alone count before those for everybody`() throws {
        let rules = RobotsRules("User-agent: *\nDisallow: /\n\nUser-agent: LECTERN\nDisallow: /x\n")
        #expect(rules.allow(try #require(LinkAddress("https://example.com/y"))))
        #expect(!rules.allow(try #require(LinkAddress("https://example.com/x"))))
    }

    @Test func `a pattern of many stars takes no longer than others`() throws {
        let pattern = String(repeating: "*a", count: 2000)
        let address = try #require(LinkAddress("https://example.com/" + String(repeating: "a", count: 1999)))
        #expect(RobotsRules("User-agent: *\nDisallow: \(pattern)").allow(address))
    }
}
