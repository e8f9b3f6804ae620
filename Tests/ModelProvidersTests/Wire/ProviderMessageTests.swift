import Domain
import Testing

@testable import ModelProviders

@Suite struct ProviderMessageTests {
    @Test(arguments: [
        (#"{"error":{"message":"Bad key","type":"auth","code":null}}"#, "Bad key"),
        (#"[{"error":{"code":400,"message":"API key not valid"}}]"#, "API key not valid"),
        (#"{"error":"model 'x' not found"}"#, "model 'x' not found"),
        (#"{"object":"error","message":"too long","code":400}"#, "too long"),
        (#"{"detail":"Not Found"}"#, "Not Found"),
        (#"{"detail":[{"loc":["body"],"msg":"field required"}]}"#, "field required"),
        (#"{"errors":[{"message":"first"},{"message":"second"}]}"#, "first"),
        ("upstream connect error\r\nreset by peer\u{1B}[31m", "upstream connect error reset by peer [31m"),
        ("<!DOCTYPE html><html><head><title>502 Bad\n Gateway</title></head><body>x</body></html>", "502 Bad Gateway"),
    ])
    func `the message is found in each shape that is in use`(body: String, expected: String) {
        #expect(ProviderMessage.extract(from: Array(body.utf8)) == expected)
    }

    @Test(arguments: ["", "  \n", "<html><body>no title</body></html>", "{}", "[]", "null", #"{"error":{}}"#])
    func `a body that says nothing gives no message`(body: String) {
        #expect(ProviderMessage.extract(from: Array(body.utf8)) == nil)
    }

    @Test func `long messages are cut`() {
        #expect(ProviderMessage.extract(from: Array(String(repeating: "ä", count: 9000).utf8))?.count == 501)
    }
}

@Suite struct SecretScrubberTests {
    let scrubber = SecretScrubber(secrets: ["topsecret", "topsecret-and-longer", "abc"])

    @Test(arguments: [
        ("wrong key topsecret.", "wrong key [hidden]."),
        ("wrong key topsecret-and-longer.", "wrong key [hidden]."),
        ("Incorrect API key provided: sk-proj-12****wxyz. See …", "Incorrect API key provided: [hidden] See …"),
        ("Authorization: Bearer eyJhbGciOi.eyJzdWIi.x", "Authorization: Bearer [hidden]"),
        ("key gsk_abcdefgh12345678 is over its limit", "key [hidden] is over its limit"),
        ("abc is a word, and so is task-list-entries", "abc is a word, and so is task-list-entries"),
    ])
    func `keys are hidden and words are not`(text: String, expected: String) {
        #expect(scrubber.scrub(text) == expected)
    }
}

@Suite struct CustomHeadersTests {
    @Test func `a list is read`() {
        let headers = CustomHeaders(parsing: "X-Team: search , Helicone-Auth:Bearer a:b,")
        #expect(headers.fields.map(\.name) == ["X-Team", "Helicone-Auth"])
        #expect(headers.fields.map(\.value) == ["search", "Bearer a:b"])
    }

    @Test(arguments: [
        "", ",", "X-Empty:", ":value", "no colon", "X Space: a", "X\r\nY: a", "X-A: a\r\nX-B", "Host: other",
        "Transfer-Encoding: chunked", "content-length: 3",
    ])
    func `what cannot or must not be a header is left out`(text: String) {
        #expect(CustomHeaders(parsing: text).fields.isEmpty)
    }
}
