import NIOCore
import OrderedJSON
import TestSupport

@testable import ModelProviders

extension FakeChatReply.Step {
    /// A message of Amazon's event stream.
    static func awsEvent(_ type: String, _ json: JSON, isException: Bool = false) -> Self {
        .bytes(
            awsMessage(
                [
                    (isException ? ":exception-type" : ":event-type", type), (":content-type", "application/json"),
                    (":message-type", isException ? "exception" : "event"),
                ], Array(json.text.utf8)))
    }
}

func awsMessage(_ headers: [(name: String, value: String)], _ payload: [UInt8]) -> [UInt8] {
    var fields = ByteBuffer()
    for (name, value) in headers {
        fields.writeInteger(UInt8(name.utf8.count))
        fields.writeString(name)
        fields.writeInteger(UInt8(7))
        fields.writeInteger(UInt16(value.utf8.count))
        fields.writeString(value)
    }
    var message = ByteBuffer()
    message.writeInteger(UInt32(16 + fields.readableBytes + payload.count))
    message.writeInteger(UInt32(fields.readableBytes))
    message.writeInteger(CRC32.checksum(of: message.readableBytesView))
    message.writeBuffer(&fields)
    message.writeBytes(payload)
    message.writeInteger(CRC32.checksum(of: message.readableBytesView))
    return Array(message.readableBytesView)
}
