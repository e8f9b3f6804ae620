import EventStreams
import NIOCore
import Testing

@testable import ModelProviders

@Suite struct ServerSentEventParserTests {
    struct Sample: CustomTestStringConvertible {
        let testDescription: String
        let stream: String
        let events: [ServerSentEvent]

        init(_ testDescription: String, _ stream: String, _ data: String...) {
            self.init(testDescription, stream, data.map { ServerSentEvent(type: "message", data: $0) })
        }

        init(_ testDescription: String, _ stream: String, _ events: [ServerSentEvent]) {
            self.testDescription = testDescription
            self.stream = stream
            self.events = events
        }
    }

    static let samples = [
        Sample("LF", "data: a\n\ndata: b\n\n", "a", "b"),
        Sample("CRLF", "data: a\r\n\r\ndata: b\r\n\r\n", "a", "b"),
        Sample("CR", "data: a\r\rdata: b\r\r", "a", "b"),
        Sample("mixed line ends", "data: a\r\n\rdata: b\n\r\ndata: c\r\n\n", "a", "b", "c"),
        Sample("byte order mark", "\u{FEFF}data: a\n\n", "a"),
        Sample("byte order mark in the middle", "data: a\n\n\u{FEFF}data: b\n\ndata: c\n\n", "a", "c"),
        Sample("several lines of data", "data: a\ndata\ndata: b\n\n", "a\n\nb"),
        Sample("comments", ": ping\n\n:\ndata: a\n: x\ndata: b\n\n", "a\nb"),
        Sample("one space at most is cut", "data:a\n\ndata:  b\n\n", "a", " b"),
        Sample("data with colons", #"data: {"a": "b:c"}"# + "\n\n", #"{"a": "b:c"}"#),
        Sample("unknown fields", "id: 1\nretry: 10\nnonsense\ndata: a\n\n", "a"),
        Sample("empty data is no event", "data\n\nevent: x\n\n", [ServerSentEvent(type: "message", data: "")]),
        Sample("many bytes in a character", "data: Grüße 👩‍👩‍👧‍👦 中\n\n", "Grüße 👩‍👩‍👧‍👦 中"),
        Sample("no blank line at the end", "data: a\n\ndata: [DONE]", "a", "[DONE]"),
        Sample("nothing", ""),
        Sample(
            "all of it",
            "\u{FEFF}: ping\n\nevent: endpoint\r\ndata: /messages\r\n\r\nid: 1\ndata:{\"a\":\ndata: 1}\n\nretry: 5\n\n",
            [ServerSentEvent(type: "endpoint", data: "/messages"), ServerSentEvent(data: "{\"a\":\n1}")]),
        Sample(
            "types", "event: error\ndata: a\n\nevent:\ndata: b\n\n",
            [ServerSentEvent(type: "error", data: "a"), ServerSentEvent(type: "message", data: "b")]),
    ]

    @Test(arguments: samples)
    func `events are the same wherever the bytes are cut`(sample: Sample) throws {
        let bytes = Array(sample.stream.utf8)
        for cut in 0...bytes.count {
            let events = try Self.events([Array(bytes[..<cut]), Array(bytes[cut...])])
            #expect(events == sample.events, "cut at \(cut)")
        }
        #expect(try Self.events(bytes.map { [$0] }) == sample.events)
    }

    @Test func `bytes that are not UTF-8 are replaced`() throws {
        let events = try Self.events([Array("data: a".utf8) + [0xFF] + Array("b\n\n".utf8)])
        #expect(events.map(\.data) == ["a\u{FFFD}b"])
    }

    @Test func `a line longer than the limit is refused before it ends`() {
        var parser = ServerSentEventParser(maximumLength: 100)
        #expect(throws: FrameTooLong.self) {
            for _ in 0..<12 { _ = try parser.append(Array("0123456789".utf8)) }
        }
    }

    @Test func `an event of many short lines is refused when it passes the limit`() {
        var parser = ServerSentEventParser(maximumLength: 100)
        #expect(throws: FrameTooLong.self) {
            for _ in 0..<12 { _ = try parser.append(Array("data: 0123456789\n".utf8)) }
        }
    }

    @Test func `many events in one stretch come in order and then the stream ends`() async throws {
        let chunks = AsyncStream<ByteBuffer> { continuation in
            continuation.yield(ByteBuffer(string: (0..<100).map { "data: \($0)\n\n" }.joined()))
            continuation.yield(ByteBuffer(string: "data: last"))
            continuation.finish()
        }
        var data: [String] = []
        let events = Frames(chunks, by: ServerSentEventParser.self, maximumLength: 1000, patience: .seconds(60))
        for try await event in events { data.append(event.data) }
        #expect(data == (0..<100).map(String.init) + ["last"])
    }

    @Test func `comments without measure are no stream`() async throws {
        let comments = AsyncStream<ByteBuffer>(unfolding: { ByteBuffer(string: ": still here\n\n") })
        var events = Frames(comments, by: ServerSentEventParser.self, maximumLength: 1000, patience: .seconds(3600))
            .makeAsyncIterator()
        await #expect(throws: NoProgress.self) { _ = try await events.next() }
    }

    @Test func `patience lasts from one progress to the next`() async throws {
        let endless = AsyncStream<ByteBuffer>(unfolding: { ByteBuffer(string: "data: x\n\n") })
        var events = Frames(endless, by: ServerSentEventParser.self, maximumLength: 1000, patience: .seconds(3600))
            .makeAsyncIterator()
        for _ in 0..<1000 {
            #expect(try await events.next() != nil)
            events.noteProgress()
        }
        // The same again, but the reader finds nothing in them.
        await #expect(throws: NoProgress.self) {
            for _ in 0..<1000 { _ = try await events.next() }
        }
    }

    private static func events(_ chunks: [[UInt8]]) throws -> [ServerSentEvent] {
        var parser = ServerSentEventParser(maximumLength: 1000)
        let events = try chunks.flatMap { try parser.append($0) }
        return events + [try parser.finish()].compactMap(\.self)
    }
}
