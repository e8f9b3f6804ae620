import Domain
import Testing

@testable import LinkFetching

@Suite struct LinkAccessTests {
    private func isOpen(_ access: LinkAccess, _ host: String, _ port: Int, _ addresses: String...) -> Bool {
        do {
            try access.check(host: host, port: port)
            try access.check(addresses.compactMap { IPAddress($0) }, of: host, port: port)
            return true
        } catch { return false }
    }

    @Test func `the public Internet is open on the ports of the web, and nothing else`() {
        let access = LinkAccess()
        #expect(isOpen(access, "example.com", 443, "93.184.215.14", "2606:4700::1111"))
        #expect(isOpen(access, "example.com", 8080, "93.184.215.14"))
        for port in [22, 25, 6379, 3000] { #expect(!isOpen(access, "example.com", port, "93.184.215.14")) }
        for address in ["127.0.0.1", "10.0.0.1", "169.254.169.254", "::1", "::ffff:7f00:1", "0.0.0.0"] {
            #expect(!isOpen(access, "example.com", 80, address), "\(address)")
            // One public address does not make up for another.
            #expect(!isOpen(access, "example.com", 80, "93.184.215.14", address), "\(address)")
        }
    }

    @Test func `operators open hosts, domains and networks, each on its port`() {
        let access = LinkAccess(
            allowlist:
                "wiki.example, .corp.example,10.1.0.0/16, 10.2.0.0/16:8090 ,[fd00::1]:9000,build.example:3000, ::1, x:y"
        )
        #expect(isOpen(access, "wiki.example", 80, "10.9.9.9"))
        #expect(!isOpen(access, "wiki.example", 3000, "10.9.9.9"))
        #expect(!isOpen(access, "evilwiki.example", 80, "10.9.9.9"))
        #expect(isOpen(access, "a.b.corp.example", 443, "192.168.0.1"))
        #expect(!isOpen(access, "corp.example.evil", 443, "192.168.0.1"))
        #expect(isOpen(access, "any", 80, "10.1.2.3"))
        #expect(!isOpen(access, "any", 80, "10.1.2.3", "10.3.0.1"))
        #expect(isOpen(access, "any", 8090, "10.2.2.3"))
        #expect(!isOpen(access, "any", 8090, "10.1.2.3"))
        #expect(isOpen(access, "any", 9000, "fd00::1"))
        #expect(isOpen(access, "build.example", 3000, "192.168.0.1"))
        #expect(isOpen(access, "any", 80, "::1"))
    }

    @Test func `anything is open where an operator wants that`() {
        #expect(isOpen(LinkAccess(allowsAnything: true), "x", 22, "127.0.0.1"))
    }

    @Test(arguments: [
        "169.254.169.254", "169.254.170.2", "169.254.170.23", "fd00:ec2::254", "fd00:ec2::23", "100.100.100.200",
        "64:ff9b::a9fe:a9fe", "::ffff:169.254.169.254", "fe80::a9fe:a9fe",
    ])
    func `where clouds tell secrets is open only to operators who name it`(address: String) {
        for access in [
            LinkAccess(allowsAnything: true), LinkAccess(allowlist: "x"), LinkAccess(allowlist: "0.0.0.0/0,::/0"),
            LinkAccess(allowsAnything: true, allowlist: "169.254.0.0/16,fd00::/8,100.64.0.0/10,.x,y"),
        ] {
            #expect(!isOpen(access, "x", 80, address))
            #expect(!isOpen(access, "x", 80, "93.184.215.14", address))
        }
        #expect(isOpen(LinkAccess(allowlist: address), "x", 80, address))
        #expect(!isOpen(LinkAccess(allowsAnything: true, allowlist: address + ":x"), "x", 80, address))
    }

    @Test(arguments: ["metadata.google.internal", "metadata.google.internal.", "metadata", "instance-data"])
    func `and so is it by its name, whatever address that has`(host: String) {
        #expect(!isOpen(LinkAccess(allowsAnything: true), host, 80, "10.0.0.1"))
        #expect(!isOpen(LinkAccess(allowlist: ".internal"), host, 80, "169.254.169.254"))
        #expect(isOpen(LinkAccess(allowlist: host), host, 80, "169.254.169.254"))
        #expect(!isOpen(LinkAccess(allowlist: host), "elsewhere.example", 80, "169.254.169.254"))
    }
}
