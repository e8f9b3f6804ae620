import ModelContextProtocol
import OrderedJSON
import Testing

@Suite struct WireTests {
    @Test(arguments: [
        #"{"jsonrpc":"2.0","id":1,"method":"ping"}"#,
        #"{"jsonrpc":"2.0","id":"a","method":"tools/call","params":{"name":"x"}}"#,
        #"{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1}}"#,
        #"{"jsonrpc":"2.0","id":1,"result":{}}"#,
        #"{"jsonrpc":"2.0","id":null,"error":{"code":-32700,"message":"no","data":[1]}}"#,
    ]) func `a message is written as it was read`(text: String) throws {
        #expect(try RPCMessage(JSON(parsing: text)).json.text == text)
    }

    @Test(arguments: [
        "7", "[]", #"{"id":1}"#, #"{"jsonrpc":"1.0","id":1,"method":"x"}"#, #"{"jsonrpc":"2.0","id":1}"#,
        #"{"jsonrpc":"2.0","id":1.5,"method":"x"}"#, #"{"jsonrpc":"2.0","result":{}}"#,
        #"{"jsonrpc":"2.0","id":1,"error":"no"}"#,
    ]) func `what is no message is told`(text: String) throws {
        let json = try JSON(parsing: text)
        #expect(throws: RPCError.self) { try RPCMessage(json) }
    }

    @Test(arguments: 1...7) func `lines are cut wherever the bytes are`(size: Int) throws {
        var buffer = LineBuffer(maximumLength: 20)
        var lines: [String] = []
        let bytes = Array("{\"a\":1}\r\n\n{\"b\":\"ü\"}\n{".utf8)
        for start in stride(from: 0, to: bytes.count, by: size) {
            let piece = bytes[start..<min(start + size, bytes.count)]
            lines += try buffer.append(piece).map { String(decoding: $0, as: UTF8.self) }
        }
        #expect(lines == ["{\"a\":1}", "{\"b\":\"ü\"}"])
        #expect(throws: LineBuffer.TooLong.self) { try buffer.append([UInt8](repeating: 0x20, count: 20)) }
    }
}
