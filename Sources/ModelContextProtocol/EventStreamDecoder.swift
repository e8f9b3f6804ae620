/// Takes an event stream apart, as servers of the Model Context Protocol answer over HTTP.
///
/// Source of the format: WHATWG HTML, 9.2.6 "Interpreting an event stream". Comments, `id` and `retry` are passed over: a
/// request is never taken up again where it broke off.
package struct EventStreamDecoder: Sendable {
    package struct Event: Sendable, Equatable {
        /// `message` where the sender does not say.
        package var type: String
        /// The lines of data, joined by line feeds.
        package var data: String

        package init(type: String = "message", data: String) {
            self.type = type
            self.data = data
        }
    }

    /// An event is longer than the limit.
    package struct TooLong: Error {}

    private static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]

    private let maximumLength: Int
    private var line: [UInt8] = []
    private var endedInCarriageReturn = false
    private var isAtStart = true
    private var type = ""
    /// Each line of data, ended by a line feed.
    private var data: [UInt8] = []

    /// - Parameter maximumLength: in bytes, of one line and of all the data of one event.
    package init(maximumLength: Int) { self.maximumLength = maximumLength }

    /// The events that `bytes` complete. Lines end in LF, CR or both.
    package mutating func append(_ bytes: some Collection<UInt8>) throws(TooLong) -> [Event] {
        var events: [Event] = []
        for byte in bytes {
            defer { endedInCarriageReturn = byte == UInt8(ascii: "\r") }
            switch byte {
            case UInt8(ascii: "\n") where endedInCarriageReturn: break
            case UInt8(ascii: "\n"), UInt8(ascii: "\r"): if let event = try endLine() { events.append(event) }
            default:
                guard line.count < maximumLength else { throw TooLong() }
                line.append(byte)
            }
        }
        return events
    }

    private mutating func endLine() throws(TooLong) -> Event? {
        defer { line.removeAll(keepingCapacity: true) }
        var line = line[...]
        if isAtStart, line.starts(with: Self.byteOrderMark) { line = line.dropFirst(Self.byteOrderMark.count) }
        isAtStart = false
        if line.isEmpty { return takeEvent() }
        let colon = line.firstIndex(of: UInt8(ascii: ":")) ?? line.endIndex
        var value = line[colon...].dropFirst()
        if value.first == UInt8(ascii: " ") { value = value.dropFirst() }
        switch String(decoding: line[..<colon], as: UTF8.self) {
        case "data":
            guard data.count + value.count < maximumLength else { throw TooLong() }
            data += value
            data.append(UInt8(ascii: "\n"))
        case "event": type = String(decoding: value, as: UTF8.self)
        default: break
        }
        return nil
    }

    private mutating func takeEvent() -> Event? {
        defer {
            type = ""
            data.removeAll(keepingCapacity: true)
        }
        guard !data.isEmpty else { return nil }
        return Event(
            type: type.isEmpty ? "message" : type, data: String(decoding: data.dropLast(), as: UTF8.self))
    }
}
