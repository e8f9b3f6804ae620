import Domain
import Testing

@testable import Engine

@Suite struct FoundLinksTests {
    private func find(_ text: String) throws -> FoundLinks {
        FoundLinks(in: Array(text.utf8), at: try #require(LinkAddress("https://example.com/docs/")))
    }

    @Test func `a page leads to what its anchors name`() throws {
        let found = try find(
            """
            <!doctype html><base href="/base/"><!-- <a href="no"> --><script>"<a href='no'>"</script>
            <A HREF = one?a=1&amp;b=&#50;>1</a> <a href='/two'>2</a><a href="mailto:x@y">3</a><a rel="nofollow" href="no">4</a>
            <a href="/two#part">5</a>
            """)
        #expect(!found.isList)
        #expect(
            found.addresses.map(\.text) == [
                "https://example.com/base/one?a=1&b=2", "https://example.com/two", "https://example.com/two#part",
            ])
        #expect(try find("<html><meta name=robots content='noindex, nofollow'><a href=x>").addresses == [])
    }

    @Test func `a feed leads to its entries, and not to what the feed itself is`() throws {
        let rss = try find(
            """
            <rss version="2.0"><channel><title>t</title><link>https://example.com/home</link>
            <item><title>a</title><link>https://example.com/1</link><guid>https://example.com/x</guid></item>
            <item><title>b</title><guid isPermaLink="true">https://example.com/2</guid></item>
            <item><guid isPermaLink="false">https://example.com/no</guid></item><item><guid>tag:4</guid></item></channel></rss>
            """)
        #expect(rss.isList && rss.addresses.map(\.text) == ["https://example.com/1", "https://example.com/2"])
        let atom = try find(
            """
            <feed><link href="/feed-page"/><entry><link rel="edit" href="/edit"/><link href="/1"/><link href="/2"/></entry></feed>
            """)
        #expect(atom.addresses.map(\.text) == ["https://example.com/1"])
    }

    @Test func `sitemaps and feeds are lists`() throws {
        let sitemap = try find(
            "<?xml version='1.0'?><urlset xmlns='x'><url><loc> https://example.com/a?b&amp;c </loc></url></urlset>")
        let rss = try find(
            """
            <rss><channel><atom:link rel="self" href="/feed"/><item><link><![CDATA[https://example.com/a?b&c]]></link></item>
            """)
        let atom = try find(
            "<feed><link rel='self' href='/feed'/><entry><link href='https://example.com/a?b&#x26;c'/></entry></feed>")
        for list in [sitemap, rss, atom] {
            #expect(list.isList)
            #expect(list.addresses.map(\.text) == ["https://example.com/a?b&c"])
        }
    }

    @Test func `damaged markup ends`() throws {
        for text in [
            "<", "<a", "<a href", "<a href=", "<a href=\"x", "<![CDATA[", "<!--", "<script><a href=x>", "</", "<a/>",
        ] {
            _ = try find(text)
        }
    }
}
