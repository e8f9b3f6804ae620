import Domain
import Testing

@testable import Engine

@Suite struct LinkContentTests {
    private static let types = [
        FileType(mediaType: "text/plain", fileExtensions: [".txt", ".md"]),
        FileType(mediaType: "text/html", fileExtensions: [".html"]),
        FileType(mediaType: "application/json", fileExtensions: [".json"]),
        FileType(mediaType: "application/pdf", fileExtensions: [".pdf"]),
    ]

    @Test(arguments: [
        ("text/html", "https://example.com/", "x", LinkContent.page(.html)),
        ("text/plain", "https://example.com/a.txt", "x", .page(.text)),
        ("", "https://example.com/", "<!DOCTYPE HTML>", .page(.html)),
        ("application/rss+xml", "https://example.com/", "<rss>", .page(.text)),
        ("application/pdf", "https://arxiv.org/pdf/2307.10265", "x", .file(named: "arxiv.org-pdf-2307.10265.pdf")),
        ("text/html", "https://example.com/Get?id=1", "%PDF-1.7", .file(named: "example.com-get.pdf")),
        ("application/json", "https://example.com/a/B.json", "{}", .file(named: "example.com-a-b.json")),
        (
            "application/octet-stream", "https://example.com/Report.DOCX", "PK\u{3}\u{4}",
            .file(named: "example.com-report.docx")
        ),
        ("image/png", "https://example.com/", "x", .file(named: "example.com")),
    ])
    func `type and beginning tell pages from files`(
        type: String, address: String, beginning: String, expected: LinkContent
    ) throws {
        let address = try #require(LinkAddress(address))
        let content = LinkContent(
            LinkHead(address: address, mediaType: type), at: address, beginning: Array(beginning.utf8),
            acceptedTypes: Self.types)
        #expect(content == expected)
    }

    @Test(arguments: [
        ("Report.PDF", "application/octet-stream", "x\0", "example.com-get.pdf"),
        ("../a.json", "", "\0", "example.com-get.json"),
        ("notes.exe", "application/octet-stream", "x", "example.com-get"),
        ("a.json", "application/pdf", "x", "example.com-get.pdf"),
    ])
    func `the name that a server gives a file says what it is where the type does not`(
        name: String, type: String, beginning: String, expected: String
    ) throws {
        let address = try #require(LinkAddress("https://example.com/get?id=1"))
        let content = LinkContent(
            LinkHead(address: address, mediaType: type, fileName: name), at: address, beginning: Array(beginning.utf8),
            acceptedTypes: Self.types)
        #expect(content == .file(named: expected))
    }

    @Test(arguments: [
        (#"<meta http-equiv="refresh" content="0;url=next">"#, "https://example.com/a/next"),
        (#"<META HTTP-EQUIV=REFRESH CONTENT="3, URL = '/b?x=1&amp;y=2' ">"#, "https://example.com/b?x=1&y=2"),
        (#"<meta http-equiv=refresh content="0.5 https://example.org/">"#, "https://example.org"),
        (#"<meta http-equiv=refresh content=" 0 ; next">"#, "https://example.com/a/next"),
        (#"<meta http-equiv=refresh content="300; url=next">"#, nil),
        (#"<meta http-equiv=refresh content="5">"#, nil),
        (#"<meta http-equiv=refresh content="0; url=">"#, nil),
        (#"<meta http-equiv=refresh content="0; url='">"#, nil),
        (#"<meta http-equiv=refresh content="0;url=https://example.com/a/page">"#, nil),
        (#"<meta http-equiv=refresh content="0;url=file:///etc/passwd">"#, nil),
        (#"<noscript><meta http-equiv=refresh content="0;url=next"></noscript>"#, nil),
        (#"<!-- <meta http-equiv=refresh content="0;url=next"> -->"#, nil),
        (#"<body><meta http-equiv=refresh content="0;url=next">"#, nil),
        (#"<meta name=refresh content="0;url=next">"#, nil),
    ])
    func `where a page sends its readers on`(markup: String, expected: String?) throws {
        let address = try #require(LinkAddress("https://example.com/a/page"))
        #expect(RefreshTarget.find(in: Array(markup.utf8), at: address)?.text == expected)
    }

    @Test func `pages are called after host and path`() throws {
        #expect(LinkNaming.page(try #require(LinkAddress("anythingllm.com"))) == "anythingllm.com_")
        #expect(LinkNaming.page(try #require(LinkAddress("https://example.com/a/b%20c/?q"))) == "example.com_a_b-c")
    }
}
