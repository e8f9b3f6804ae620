import Domain
import Testing

@testable import Engine

private let count = "Value must be a whole number between"

/// What variables of the environment accept, and what becomes of a value that breaks its rule.
@Suite struct EnvironmentRuleTests {
    @Test(arguments: [
        ("30d", 2_592_000), ("30 days", 2_592_000), ("1 Hour", 3600), ("90", 90), (" 15m ", 900), ("2w", 1_209_600),
        ("0d", nil), ("-1d", nil), ("1.5h", nil), ("day", nil), ("9223372036854775807d", nil),
    ])
    func `sessions last as long as is written in figures or words`(_ text: String, _ seconds: Int?) {
        #expect(Sessions.seconds(text) == seconds)
    }

    @Test(
        arguments: [
            ("LECTERN_ADDRESS_REQUESTS_PER_MINUTE", "abc", "\(count) 1 and 1000000."),
            ("LECTERN_USER_REQUESTS_PER_MINUTE", "1.5", "\(count) 1 and 1000000."),
            ("LECTERN_EMBED_QUESTIONS_PER_MINUTE", "0", "\(count) 1 and 1000000."),
            ("LECTERN_TRUSTED_PROXIES", "not-an-ip", "not-an-ip is not an address or network."),
            ("LECTERN_TRUSTED_PROXIES", "10.0.0.1, 10.0.0.0/33", "10.0.0.0/33 is not an address or network."),
            ("LECTERN_TRUSTED_PROXIES", " , ", "Value must name at least one: an address or network."),
            ("PASSWORDMINCHAR", "many", "\(count) 1 and 1024."),
            ("PASSWORDREQUIREMENTS", "5", "\(count) 0 and 4."),
            (
                "JWT_EXPIRY", "forever",
                "Value must be a number of seconds, or one with `s`, `m`, `h`, `d`, `w` or `y` behind it."
            ),
            ("LECTERN_CHAT_RETENTION_DAYS", "0", "\(count) 1 and 36500."),
            ("LECTERN_EVENT_RETENTION_DAYS", "-5", "\(count) 1 and 36500."),
            ("LECTERN_PROVIDER_NETWORKS", "private", "Value must be one of: public."),
            ("LECTERN_HOSTS", "https://lectern.example", "https://lectern.example is not a host name."),
            ("LECTERN_HOSTS", "a b", "a b is not a host name."),
            ("LECTERN_LINK_ALLOWLIST", "wiki.example:port", "wiki.example:port is not a host, address or network."),
            ("LECTERN_LINK_ALLOWLIST", "10.0.0.0/99", "10.0.0.0/99 is not a host, address or network."),
            ("LECTERN_OIDC_ALLOWED_GROUPS", ",", "Value must name at least one: a name."),
            ("LECTERN_PUBLIC_URL", "lectern.example", "Value must be an http or https address."),
            ("LECTERN_MAX_UPLOAD_MB", "4GB", "\(count) 1 and 1048576."),
        ])
    func `what protects nothing as it is written is named and keeps the server from starting`(
        _ variable: String, _ value: String, _ message: String
    ) async {
        let snapshot = SettingsSnapshot(environment: [variable: value])
        let problem = SettingsSnapshot.Problem(variable: variable, messages: [message], preventsStart: true)
        #expect(snapshot.environmentOnlyProblems == [problem])
        #expect(await snapshot.environmentProblems() == [problem])
    }

    @Test(arguments: [
        ("LOG_LEVEL", "verbose"), ("LECTERN_CPU", "fast"), ("ANYTHINGLLM_FETCH_TIMEOUT", "soon"),
        ("SIMPLE_SSO_NO_LOGIN_REDIRECT", "elsewhere"),
    ]) func `where nothing is at stake the start only warns`(_ variable: String, _ value: String) {
        let problems = SettingsSnapshot(environment: [variable: value]).environmentOnlyProblems
        #expect(problems.map(\.variable) == [variable] && problems.allSatisfy { !$0.preventsStart })
    }

    @Test(arguments: [
        ("LECTERN_TRUSTED_PROXIES", "127.0.0.1, 10.0.0.0/8,fd00::/8"), ("JWT_EXPIRY", "12h"), ("JWT_EXPIRY", "3600"),
        ("LECTERN_PROVIDER_NETWORKS", "Public"), ("LECTERN_HOSTS", "*.example.org, 192.0.2.1,[::1],Lectern.Example"),
        ("LECTERN_HOSTS", "*"), ("LECTERN_LINK_ALLOWLIST", ".example, *.example:8090, [fd00::1]:8090, 10.0.0.0/8"),
        ("LECTERN_CHAT_RETENTION_DAYS", "30"), ("LECTERN_ADDRESS_REQUESTS_PER_MINUTE", "1e3"),
        ("LECTERN_PUBLIC_URL", "https://lectern.example"), ("LOG_LEVEL", "WARNING"), ("PASSWORDMINCHAR", ""),
        ("EMBED_REQUIRE_ALLOWLIST", "anything"),
    ]) func `what can be read is no problem, and neither is nothing`(_ variable: String, _ value: String) {
        #expect(SettingsSnapshot(environment: [variable: value]).environmentOnlyProblems.isEmpty)
    }

    @Test func `what is stored hides a variable, and defaults keep their rules`() {
        let hidden = SettingsSnapshot(
            environment: ["TEXT_SPLITTER_CHUNK_SIZE": "many"], stored: ["TEXT_SPLITTER_CHUNK_SIZE": "500"])
        #expect(hidden.environmentOnlyProblems.isEmpty)
        for variable in EnvironmentVariable.all {
            #expect(variable.rule.refusal(of: variable.defaultValue ?? "") == nil, "\(variable.name)")
        }
    }
}
