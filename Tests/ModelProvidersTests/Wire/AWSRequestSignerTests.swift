import Domain
import Foundation
import ModelProviders
import Testing

/// Against examples that Amazon publishes: the test suite for signatures that comes with `aws-c-auth`.
@Suite struct AWSRequestSignerTests {
    struct Example: Sendable {
        let name: String
        let signature: String
        var method = "GET"
        var path = "/"
        var query = ""
        var headers: [(name: String, value: String)] = []
        var body = ""
        var token: String?
    }

    static let examples = [
        Example(
            name: "get-vanilla", signature: "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"),
        Example(
            name: "get-vanilla-with-session-token",
            signature: "07ec1639c89043aa0e3e2de82b96708f198cceab042d4a97044c66dd9f74e7f8",
            token: "6e86291e8372ff2a2260956d9b8aae1d763fbf315fa00fa31553b73ebf194267"),
        Example(
            name: "get-header-value-trim",
            signature: "acc3ed3afb60bb290fc8d2dd0098b9911fcaa05412b367055dee359757a9c736",
            headers: [("My-Header1", " value1"), ("My-Header2", #" "a   b   c""#)]),
        Example(
            name: "get-header-key-duplicate",
            signature: "c9d5ea9f3f72853aea855b47ea873832890dbdd183b4468f858259531a5138ea",
            headers: [("My-Header1", "value2"), ("My-Header1", "value2"), ("My-Header1", "value1")]),
        Example(
            name: "get-utf8", signature: "8318018e0b0f223aa2bbf98705b62bb787dc9c0e678f255a891fd03141be5d85",
            path: "/ሴ"),
        Example(
            name: "get-space-unnormalized",
            signature: "652487583200325589f1fba4c7e578f72c47cb61beeca81406b39ddec1366741", path: "/example space/"),
        Example(
            name: "get-unreserved", signature: "07ef7494c76fa4850883e2b006601f940f8a34d404d0cfa977f52a65bbf5f24f",
            path: "/-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"),
        Example(
            name: "get-vanilla-query-order-encoded",
            signature: "371d3713e185cc334048618a97f809c9ffe339c62934c032af5a0e595648fcac",
            query: "Param-3=Value3&Param=Value2&%E1%88%B4=Value1"),
        Example(
            name: "get-vanilla-utf8-query",
            signature: "2cdec8eed098649ff3a119c94853b13c643bcf08f8b0a1d91e12c9027818dd04", query: "ሴ=bar"),
        Example(
            name: "post-vanilla-query",
            signature: "28038455d6de14eafc1f9222cf5aa6f1a96197d7deb8263271d420d138af7f11", method: "POST",
            query: "Param1=value1"),
        Example(
            name: "post-header-key-sort",
            signature: "c5410059b04c1ee005303aed430f6e6645f61f4dc9e1461ec8f8916fdf18852c", method: "POST",
            headers: [("My-Header1", "value1")]),
        Example(
            name: "post-x-www-form-urlencoded",
            signature: "d3875051da38690788ef43de4db0d8f280229d82040bfac253562e56c3f20e0b", method: "POST",
            headers: [
                ("Content-Type", "application/x-www-form-urlencoded"), ("Content-Length", "13"),
                ("x-amz-content-sha256", "9095672bbd1f56dfc5b65f3e153adc8731a4a654192329106275f4c7b24d0b6e"),
            ], body: "Param1=value1"),
    ]

    @Test(arguments: examples) func `a signature is Amazon's`(example: Example) throws {
        let signer = AWSRequestSigner(
            AWSCredentials(
                accessKeyID: "AKIDEXAMPLE", secretAccessKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
                sessionToken: example.token), region: "us-east-1", service: "service")
        let time = try Date("2015-08-30T12:36:00Z", strategy: .iso8601)
        let headers = signer.headers(
            for: AWSRequestSigner.Request(
                method: example.method, path: example.path, query: example.query,
                headers: [(name: "Host", value: "example.amazonaws.com")] + example.headers,
                bodyDigest: AWSRequestSigner.digest(of: example.body.utf8)), at: time)
        #expect(headers.first { $0.name == "x-amz-date" }?.value == "20150830T123600Z")
        #expect(headers.first { $0.name == "x-amz-security-token" }?.value == example.token)
        let authorization = try #require(headers.last)
        #expect(authorization.name == "Authorization")
        #expect(
            authorization.value.hasPrefix(
                "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, SignedHeaders="))
        #expect(authorization.value.hasSuffix(", Signature=\(example.signature)"), "\(example.name)")
    }
}
