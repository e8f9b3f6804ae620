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

    @Test func `pages are called after host and path`() throws {
        #expect(LinkNaming.page(try #require(LinkAddress("anythingllm.com"))) == "anythingllm.com_")
        #expect(LinkNaming.page(try #require(LinkAddress("https://example.com/a/b%20c/?q"))) == "example.com_a_b-c")
    }
}
