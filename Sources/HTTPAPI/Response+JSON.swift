import Domain
import HTTPTypes
import Hummingbird
import NIOCore

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

    /// Changes with the content; FNV-1a, 64 bits, since nobody gains from a collision.
    private static func weakTag(of bytes: [UInt8]) -> String {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
        return "W/\"\(String(bytes.count, radix: 16))-\(String(hash, radix: 16))\""
    }

    /// A status whose body is its own name, as some endpoints of the wire have it.
    init(text: String, status: HTTPResponse.Status = .ok) {
        self.init(
            status: status, headers: [.contentType: "text/plain; charset=utf-8", .xContentTypeOptions: "nosniff"],
            body: ResponseBody(byteBuffer: ByteBuffer(string: text)))
    }
}
