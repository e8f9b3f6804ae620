import Domain
import HTTPTypes
import Hummingbird
import NIOCore
import OrderedJSON

extension Response {
    init(status: HTTPResponse.Status = .ok, json: JSON) {
        var bytes: [UInt8] = []
        json.write(to: &bytes)
        var headers: HTTPFields = [
            .contentType: "application/json; charset=utf-8", .xContentTypeOptions: "nosniff",
        ]
        if status == .ok { headers[.eTag] = Self.weakTag(of: bytes) }
        self.init(
            status: status, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
    }

    /// The same, for nobody to keep: a secret, or a verdict that must not outlive what it was about.
    var uncached: Response {
        var response = self
        response.headers[.cacheControl] = "no-store"
        response.headers[.eTag] = nil
        return response
    }

    /// Changes with the content.
    static func weakTag(of bytes: [UInt8]) -> String {
        "W/\"\(String(bytes.count, radix: 16))-\(FNV1a(bytes).hexadecimal)\""
    }

    /// A status whose body is its own name, as some endpoints of the wire have it.
    init(text: String, status: HTTPResponse.Status = .ok) {
        self.init(
            status: status, headers: [.contentType: "text/plain; charset=utf-8", .xContentTypeOptions: "nosniff"],
            body: ResponseBody(byteBuffer: ByteBuffer(string: text)))
    }
}
