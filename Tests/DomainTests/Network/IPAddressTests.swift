import Testing

@testable import Domain

@Suite struct IPAddressTests {
    static let addresses: [(IPAddress.Kind, [String])] = [
        (
            .global,
            ["1.1.1.1", "11.0.0.0", "172.32.0.1", "100.128.0.1", "223.255.255.255", "2606:4700::1111", "2a00::1"]
        ),
        (.unspecified, ["0.0.0.0", "::"]),
        (.loopback, ["127.0.0.1", "127.255.255.254", "::1", "::ffff:127.0.0.1", "::ffff:7f00:1"]),
        (.linkLocal, ["169.254.0.1", "169.254.255.255", "fe80::1", "febf::1"]),
        (.cloudMetadata, ["169.254.169.254", "fd00:ec2::254", "100.100.100.200", "::ffff:a9fe:a9fe"]),
        (
            .private,
            [
                "10.0.0.0", "10.255.255.255", "172.16.0.1", "172.31.255.255", "192.168.1.1", "100.64.0.1",
                "100.127.255.255", "fc00::1", "fdff::1", "fec0::1", "64:ff9b:1::1", "::ffff:10.1.2.3",
            ]
        ),
        (.multicast, ["224.0.0.1", "239.255.255.255", "ff02::1"]),
        (
            .reserved,
            [
                "0.1.2.3", "192.0.2.1", "198.18.0.1", "198.19.255.255", "203.0.113.9", "240.0.0.1", "255.255.255.255",
                "2001:db8::1", "3fff::1", "100::1", "::2", "4000::1", "::127.0.0.1",
            ]
        ),
    ]

    @Test(arguments: addresses) func `an address is of the kind that IANA's registries say`(
        kind: IPAddress.Kind, texts: [String]
    ) throws {
        for text in texts { #expect(try #require(IPAddress(text)).kind == kind, "\(text)") }
    }

    @Test(arguments: [
        ("64:ff9b::7f00:1", IPAddress.Kind.loopback), ("64:ff9b::a9fe:a9fe", .cloudMetadata),
        ("64:ff9b::101:101", .global), ("2002:7f00:1::", .loopback), ("2002:a00:1::5", .private),
        ("2002:101:101::1", .global), ("::ffff:0:192.168.0.1", .private),
        // Client 10.0.0.1 and client 1.1.1.1, all bits turned.
        ("2001:0:1:2:0:ffff:f5ff:fffe", .private), ("2001:0:1:2:0:ffff:fefe:fefe", .global),
    ]) func `an address that carries another one is what that one is`(text: String, kind: IPAddress.Kind) throws {
        #expect(try #require(IPAddress(text)).kind == kind)
    }

    @Test(arguments: [
        "", "1.2.3", "1.2.3.4.5", "256.1.1.1", "1.2.3.04", " 1.2.3.4", "1.2.3.4 ", "1.2.3.4\0",
        "127.0.0.1\0.example.org",
        "[::1]", "::1%eth0", ":::", "1::2::3", "12345::", "localhost", "１.1.1.1",
    ]) func `what is not the usual notation is no address`(text: String) {
        #expect(IPAddress(text) == nil)
    }

    @Test(arguments: ["192.0.2.1", "0.0.0.0", "::", "::1", "2001:db8::1", "fd00:ec2::254"])
    func `an address is written as it is read`(text: String) throws {
        let address = try #require(IPAddress(text))
        #expect(address.text == text)
        #expect(IPAddress(bytes: [192, 0, 2, 1])?.text == "192.0.2.1" && IPAddress(bytes: [1]) == nil)
    }

    @Test func `an address of version 4 is the same in both notations`() {
        #expect(IPAddress("192.0.2.1") == IPAddress("::ffff:c000:201"))
        #expect(IPAddress("192.0.2.1") != IPAddress("::c000:201"))
    }

    @Test(arguments: [
        ("127.1", "127.0.0.1"), ("2130706433", "127.0.0.1"), ("0x7f.1", "127.0.0.1"), ("0X7F000001", "127.0.0.1"),
        ("0177.0.0.01", "127.0.0.1"), ("0", "0.0.0.0"), ("0x", "0.0.0.0"), ("127.0.0.1.", "127.0.0.1"),
        ("10.258", "10.0.1.2"), ("169.254.43518", "169.254.169.254"), ("::1", "::1"),
    ]) func `a host may be written in odd ways`(host: String, address: String) {
        #expect(IPAddress(host: host) == IPAddress(address))
    }

    @Test(arguments: [
        "", ".", "localhost", "1.2.3.4.5", "256.1.1.1", "1.256.1.1", "4294967296", "0x100000000", "08", "1..1", "-1",
        "0x-1", "0x+1", "+1", "1.2.3.4.example", "face", "0xg",
    ]) func `a name is no address`(host: String) {
        #expect(IPAddress(host: host) == nil)
    }

    @Test(arguments: [
        ("10.0.0.0/8", "10.255.0.1", true), ("10.0.0.0/8", "11.0.0.1", false), ("10.0.0.0/8", "::ffff:10.0.0.1", true),
        ("10.1.2.3", "10.1.2.3", true), ("10.1.2.3", "10.1.2.4", false), ("172.16.0.0/12", "172.31.0.1", true),
        ("172.16.0.0/12", "172.32.0.1", false), ("0.0.0.0/0", "8.8.8.8", true), ("0.0.0.0/0", "::1", false),
        ("::/0", "2001:db8::1", true), ("::/0", "8.8.8.8", false), ("fd00::/8", "fdab::1", true),
        ("fd00::/8", "fc00::1", false), ("::ffff:10.0.0.0/104", "10.9.9.9", true),
    ]) func `a network holds the addresses that begin like it`(network: String, address: String, isIn: Bool) throws {
        #expect(try #require(IPNetwork(network)).contains(try #require(IPAddress(address))) == isIn)
    }

    @Test(arguments: [
        "", "/8", "10.0.0.0/", "10.0.0.0/33", "::/129", "10.0.0.0/-1", "10.0.0.0/+8", "10.0.0.0/8/8", "host",
    ])
    func `what is no network is none`(text: String) {
        #expect(IPNetwork(text) == nil)
    }
}
