import Domain
import Testing

@Suite struct LinkAddressTests {
    @Test(arguments: [
        ("example.com", "https://example.com"), (" HTTP://Example.COM:80/ ", "http://example.com"),
        ("https://example.com:443/a/", "https://example.com/a"),
        ("http://example.com/a?b=c/", "http://example.com/a?b=c"),
        ("https://example.com/a b/ü?q=ä#t", "https://example.com/a%20b/%C3%BC?q=%C3%A4#t"),
        ("https://example.com/a/../b/./c", "https://example.com/b/c"),
        ("https://user:pw@example.com/x", "https://example.com/x"),
        ("https://example.com\\@127.0.0.1/", "https://example.com/@127.0.0.1"),
        ("https://[2001:DB8::1]:8443/x", "https://[2001:db8::1]:8443/x"),
        ("https://müller.example/", "https://xn--mller-kva.example"),
        ("https://例え。テスト/", "https://xn--r8jz45g.xn--zckzah"),
        ("http://2130706433/x", "http://127.0.0.1/x"), ("http://127.1", "http://127.0.0.1"),
        ("http://0", "http://0.0.0.0"),
        ("https://example.com/a%2fb", "https://example.com/a%2fb"),
    ])
    func `an address has one written form`(text: String, expected: String) throws {
        #expect(try #require(LinkAddress(text)).text == expected)
    }

    @Test(arguments: [
        "", "   ", "file:///etc/passwd", "gopher://example.com", "ftp://x", "javascript://example.com/%0aalert(1)",
        "http://",
        "http://:80/", "http://user@/", "http://exa mple.com", "http://[::1", "http://example.com:99999/",
        "http://example.com:0/", "http://%31%32%37.0.0.1/", "data:text/html,x", "http://a\u{0}b/",
    ])
    func `what is no address of the web is none`(text: String) {
        #expect(LinkAddress(text) == nil)
    }

    @Test func `a reference is read on the page where it stands`() throws {
        let page = try #require(LinkAddress("https://example.com/docs/intro.html?x=1#top"))
        let expected = [
            "next.html": "https://example.com/docs/next.html", "../up": "https://example.com/up",
            "/root": "https://example.com/root",
            "//other.example/x": "https://other.example/x", "?y=2": "https://example.com/docs/intro.html?y=2",
            "#here": "https://example.com/docs/intro.html?x=1#here", "http://plain.example": "http://plain.example",
            "a:b/c": nil, "mailto:a@example.com": nil, "./a:b": "https://example.com/docs/a:b",
        ]
        for (reference, address) in expected { #expect(page.resolving(reference)?.text == address, "\(reference)") }
    }

    @Test func `a password in an address becomes a header of its own`() {
        #expect(LinkHeader.credentials(in: "https://us%40er:p:w@example.com/")?.value == "Basic dXNAZXI6cDp3")
        #expect(LinkHeader.credentials(in: "https://example.com/@x") == nil)
    }

    @Test func `headers that decide about the message are not a client's`() {
        #expect(LinkHeader(name: "Cookie", value: " a=b ")?.value == "a=b")
        for (name, value) in [
            ("Host", "x"), ("content-length", "1"), ("Transfer-Encoding", "chunked"), ("A", "b\r\nC: d"), ("A B", "c"),
            ("", "x"), ("A", "  "),
        ] {
            #expect(LinkHeader(name: name, value: value) == nil, "\(name)")
        }
    }
}
