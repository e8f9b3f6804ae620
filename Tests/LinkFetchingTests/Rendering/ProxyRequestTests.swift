import Testing

@testable import LinkFetching

@Suite struct ProxyRequestTests {
    @Test func `a tunnel names a host and a port`() throws {
        let request = try #require(ProxyRequest(head: "CONNECT Example.COM:443 HTTP/1.1\r\nHost: example.com:443"))
        #expect(request.host == "example.com" && request.port == 443 && request.kind == .tunnel)
        #expect(ProxyRequest(head: "CONNECT [fd00::1]:8443 HTTP/1.1")?.host == "fd00::1")
        #expect(ProxyRequest(head: "CONNECT 0x7f.1:80 HTTP/1.1")?.host == "127.0.0.1")
    }

    @Test func `a request is handed on as an origin takes it, and asks for the end of the connection`() throws {
        let head = """
            POST http://Example.com:8080/a/../b?c=d#e HTTP/1.1\r
            Host: other.test\r
            Proxy-Connection: keep-alive\r
            Proxy-Authorization: Basic x\r
            Content-Length: 5\r
            Accept: */*
            """
        let request = try #require(ProxyRequest(head: head))
        #expect(request.host == "example.com" && request.port == 8080)
        let expected =
            "POST /b?c=d HTTP/1.1\r\nHost: example.com:8080\r\nContent-Length: 5\r\nAccept: */*\r\nConnection: close\r\n\r\n"
        #expect(request.kind == .forward(head: expected, bodyBytes: 5))
    }

    @Test(arguments: [
        "", "GET / HTTP/1.1", "GET https://example.com/ HTTP/1.1", "GET http://example.com/ HTTP/1.0",
        "GET http://example.com/ x HTTP/1.1", "GET ftp://example.com/ HTTP/1.1", "CONNECT example.com HTTP/1.1",
        "CONNECT / HTTP/1.1", "CONNECT a:99999 HTTP/1.1", "G\u{0}T http://example.com/ HTTP/1.1",
        "POST http://a/ HTTP/1.1\r\nTransfer-Encoding: chunked",
        "POST http://a/ HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2",
        "POST http://a/ HTTP/1.1\r\nContent-Length: -1", "POST http://a/ HTTP/1.1\r\nContent-Length: 99999999999",
    ])
    func `what no browser sends to a proxy is refused`(head: String) { #expect(ProxyRequest(head: head) == nil) }

    @Test func `an answer ends with its connection, whatever the server says`() {
        let head = "HTTP/1.1 200 OK\r\nConnection: keep-alive\r\nKeep-Alive: timeout=5\r\nX-A: b"
        #expect(ProxyRequest.closing(answer: head) == "HTTP/1.1 200 OK\r\nX-A: b\r\nConnection: close\r\n\r\n")
    }
}
