import EventStreams
import Testing

@testable import ModelProviders

@Suite struct AWSEventStreamParserTests {
    // Made with Python's zlib and struct.
    static let small = bytes("0000001800000006dcd1a61f0161070001627b7df3d78873")
    /// A header of each type.
    static let allTypes = bytes(
        "0000005e0000004e7365c25401740001660101620205017303000501690400000005016c05000000000000000001780600020102016e0700"
            + "03616263016408000000000000000001750900000000000000000000000000000000f1b521e1")

    private static func bytes(_ hexadecimal: String) -> [UInt8] {
        let digits = Array(hexadecimal)
        return stride(from: 0, to: digits.count, by: 2).compactMap { UInt8(String(digits[$0...$0 + 1]), radix: 16) }
    }

    private let event = AWSEvent(headers: ["a": "b"], payload: Array("{}".utf8))

    @Test func `the checksum is the one of Ethernet`() {
        #expect(CRC32.checksum(of: "123456789".utf8) == 3_421_780_262)
    }

    @Test func `messages are read however they are cut`() throws {
        let stream = Self.small + Self.allTypes + Self.small
        let typed = AWSEvent(headers: ["n": "abc"], payload: [])
        for length in 1...stream.count {
            var parser = AWSEventStreamParser(maximumLength: 1000)
            var events: [AWSEvent] = []
            for start in stride(from: 0, to: stream.count, by: length) {
                events += try parser.append(stream[start..<min(start + length, stream.count)])
            }
            let rest = try parser.finish()
            #expect(events == [event, typed, event] && rest == nil)
        }
    }

    @Test func `a message that is damaged anywhere is noticed, and nothing is read after it`() throws {
        for place in Self.small.indices {
            var damaged = Self.small
            damaged[place] ^= 0x10
            var parser = AWSEventStreamParser(maximumLength: 1000)
            let events = try parser.append(damaged + Self.small)
            let later = try parser.append(Self.small)
            let rest = try parser.finish()
            #expect(events == [.damaged] && later.isEmpty && rest == nil, "\(place)")
        }
    }

    @Test func `a message that the stream ends in is damaged, and a long one is refused`() throws {
        for length in 1..<Self.small.count {
            var parser = AWSEventStreamParser(maximumLength: 1000)
            let events = try parser.append(Self.small.prefix(length))
            let rest = try parser.finish()
            #expect(events.isEmpty && rest == .damaged)
        }
        var parser = AWSEventStreamParser(maximumLength: Self.small.count - 1)
        #expect(throws: FrameTooLong.self) { try parser.append(Self.small) }
    }

    @Test func `headers that are longer than their message are no headers`() throws {
        var parser = AWSEventStreamParser(maximumLength: 1000)
        let whole = try parser.append(awsMessage([("name", "value")], []))
        #expect(whole == [AWSEvent(headers: ["name": "value"])])
        // The value says that it is longer than it is.
        var message = Array(awsMessage([("name", "value")], []).dropLast(4))
        message[12 + 1 + 4 + 2] = 200
        let checksum = CRC32.checksum(of: message).bigEndian
        message += withUnsafeBytes(of: checksum, Array.init)
        let damaged = try parser.append(message)
        #expect(damaged == [.damaged])
    }
}
