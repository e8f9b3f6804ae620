import Testing

@testable import Engine

@Suite struct HostNamesTests {
    @Test(arguments: [
        "localhost", "localhost:3001", "LOCALHOST", "localhost.", "app.localhost:80", "127.0.0.1", "127.0.0.1:3001",
        "127.8.9.10", "[::1]", "[::1]:3001", "[::ffff:127.0.0.1]:1",
    ]) func `this machine's own names need no setting`(authority: String) {
        #expect(names([:]).include(authority))
    }

    @Test(arguments: [
        "", ":3001", "example.org", "example.org:3001", "localhost.example.org", "notlocalhost",
        "127.0.0.1.example.org",
        "127.0.0.1@example.org", "localhost:3001@example.org", "localhost:x", "localhost:1:2", "[::1", "[::1]x", "[]",
        "[localhost]", "[127.0.0.1]", "::1", "10.0.0.1", "0.0.0.0", "[::]", "169.254.169.254", "2130706433",
        "localhost\0.example.org", "localhost/", "localhost#", " localhost", ".localhost.example.org",
    ]) func `A29 every other name is somebody else's`(authority: String) {
        #expect(!names([:]).include(authority))
    }

    @Test func `operators list names, names below one, or all`() {
        let listed = names([HostNames.variable: "Lectern.example.org, *.intern.example ,[fd00::1]:80"])
        for name in [
            "lectern.example.org", "LECTERN.EXAMPLE.ORG:443", "a.intern.example", "a.b.intern.example", "[fd00::1]",
        ] {
            #expect(listed.include(name), "\(name)")
        }
        for name in ["example.org", "intern.example", "evil-intern.example", "lectern.example.org.evil.example"] {
            #expect(!listed.include(name), "\(name)")
        }
        #expect(listed.include("localhost"))
        #expect(listed.areListed)
        #expect(names([HostNames.variable: "*"]).include("anything.example"))
        #expect(!names([HostNames.variable: " , "]).areListed)
    }

    @Test func `the public address counts, but lists nothing`() {
        let names = names(["LECTERN_PUBLIC_URL": "https://Lectern.example.org:8443/path"])
        #expect(names.include("lectern.example.org"))
        #expect(!names.include("example.org"))
        #expect(!names.areListed)
    }

    @Test(arguments: [
        ("127.0.0.1", true), ("localhost", true), ("::1", true), ("127.1", true), ("0.0.0.0", false), ("::", false),
        ("192.168.1.2", false), ("lectern.example.org", false), ("", false),
    ]) func `loopback addresses are told from others`(host: String, isLoopback: Bool) {
        #expect(HostNames.areOfLoopback(host) == isLoopback)
    }

    private func names(_ environment: [String: String]) -> HostNames {
        HostNames(SettingsSnapshot(environment: environment))
    }
}
