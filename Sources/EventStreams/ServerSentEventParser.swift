/// Takes an event stream apart.
///
/// Source of the format: WHATWG HTML, 9.2.5 "Parsing an event stream" and 9.2.6 "Interpreting an event stream". Lines end
/// in CR, LF or CRLF; bytes that are not UTF-8 become U+FFFD. `id` and `retry` are skipped, because a request is never
/// taken up again where it broke off. One deviation: what follows the last blank line is an event too, see `finish`.
package struct ServerSentEventParser: Sendable {
    private static let lineFeed = UInt8(ascii: "\n")
    private static let carriageReturn = UInt8(ascii: "\r")
    private static let colon = UInt8(ascii: ":")
    private static let space = UInt8(ascii: " ")
    private static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]

    private let maximumLength: Int
    /// The line that has not ended yet.
    private var line: [UInt8] = []
    private var endedInCarriageReturn = false
    private var isAtStart = true
    private var type = ""
    /// Each line of data, ended by a line feed.
    private var data: [UInt8] = []

    /// - Parameter maximumLength: in bytes, for one line and for all the data of one event.
    package init(maximumLength: Int) {
        self.maximumLength = maximumLength
    }

    package mutating func append(_ bytes: some Collection<UInt8>) throws(FrameTooLong) -> [ServerSentEvent] {
        var events: [ServerSentEvent] = []
        var rest = bytes[...]
        if endedInCarriageReturn, let first = rest.first {
            // CRLF cut in two: its line has been read.
            if first == Self.lineFeed { rest = rest.dropFirst() }
            endedInCarriageReturn = false
        }
        while let end = rest.firstIndex(where: { $0 == Self.lineFeed || $0 == Self.carriageReturn }) {
            try extendLine(by: rest[..<end])
            if let event = try endLine() { events.append(event) }
            let next = rest.index(after: end)
            let isCarriageReturn = rest[end] == Self.carriageReturn
            if isCarriageReturn, next == rest.endIndex { endedInCarriageReturn = true }
            let isPair = isCarriageReturn && next < rest.endIndex && rest[next] == Self.lineFeed
            rest = isPair ? rest[rest.index(after: next)...] : rest[next...]
        }
        try extendLine(by: rest)
        return events
    }

    /// The event that was under way when the stream ended. The standard drops it; but servers exist which leave out the
    /// last blank line, and a half-sent event is not JSON and so is noticed later.
    package mutating func finish() throws(FrameTooLong) -> ServerSentEvent? {
        if !line.isEmpty { _ = try endLine() }
        return takeEvent()
    }

    private mutating func extendLine(by bytes: some Collection<UInt8>) throws(FrameTooLong) {
        guard line.count + bytes.count <= maximumLength else { throw FrameTooLong() }
        line.append(contentsOf: bytes)
    }

    private mutating func endLine() throws(FrameTooLong) -> ServerSentEvent? {
        defer { line.removeAll(keepingCapacity: true) }
        var line = line[...]
        if isAtStart {
            isAtStart = false
            if line.starts(with: Self.byteOrderMark) { line = line.dropFirst(Self.byteOrderMark.count) }
        }
        if line.isEmpty { return takeEvent() }
        let colon = line.firstIndex(of: Self.colon) ?? line.endIndex
        var value = line[colon...].dropFirst()
        if value.first == Self.space { value = value.dropFirst() }
        try setField(String(decoding: line[..<colon], as: UTF8.self), to: value)
        return nil
    }

    /// A comment is a field whose name is empty.
    private mutating func setField(_ name: String, to value: ArraySlice<UInt8>) throws(FrameTooLong) {
        switch name {
        case "data":
            guard data.count + value.count < maximumLength else { throw FrameTooLong() }
            data.append(contentsOf: value)
            data.append(Self.lineFeed)
        case "event": type = String(decoding: value, as: UTF8.self)
        default: break
        }
    }

    private mutating func takeEvent() -> ServerSentEvent? {
        defer {
            type = ""
            data.removeAll(keepingCapacity: true)
        }
        if data.isEmpty { return nil }
        return ServerSentEvent(
            type: type.isEmpty ? "message" : type, data: String(decoding: data.dropLast(), as: UTF8.self))
    }
}
