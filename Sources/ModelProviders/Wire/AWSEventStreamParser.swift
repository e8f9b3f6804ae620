import EventStreams

/// A message of Amazon's event stream.
struct AWSEvent: Sendable, Equatable {
    /// Those whose values are texts.
    var headers: [String: String] = [:]
    var payload: [UInt8] = []
    /// Whether its checksums hold; nothing of one that is damaged is read.
    var isIntact = true

    static let damaged = AWSEvent(isIntact: false)
}

/// Takes an event stream of Amazon's services apart (`application/vnd.amazon.eventstream`).
///
/// Source of the format: Amazon Event Stream specification of Smithy 2.0. A message is its length, that of its headers and a checksum of
/// both, then the headers, the payload and a checksum of everything; numbers are big-endian.
struct AWSEventStreamParser: FrameParser {
    private static let preludeLength = 12
    private static let checksumLength = 4

    private let maximumLength: Int
    /// What has come of messages that are not read yet.
    private var bytes: [UInt8] = []
    /// Where messages begin cannot be told any more.
    private var isLost = false

    init(maximumLength: Int) { self.maximumLength = maximumLength }

    mutating func append(_ bytes: some Collection<UInt8>) throws(FrameTooLong) -> [AWSEvent] {
        guard !isLost else { return [] }
        self.bytes += bytes
        var events: [AWSEvent] = []
        var start = 0
        while !isLost, let length = try length(at: start), self.bytes.count - start >= length {
            let event = Self.event(self.bytes[start..<start + length])
            isLost = !event.isIntact
            events.append(event)
            start += length
        }
        if isLost, events.last?.isIntact != false { events.append(.damaged) }
        self.bytes.removeFirst(isLost ? self.bytes.count : start)
        return events
    }

    /// A message that the stream ends in is damaged.
    mutating func finish() throws(FrameTooLong) -> AWSEvent? {
        defer { bytes = [] }
        return bytes.isEmpty ? nil : .damaged
    }

    /// Of the message at `start`; `nil` where that is not known yet or makes no sense.
    private mutating func length(at start: Int) throws(FrameTooLong) -> Int? {
        guard bytes.count - start >= Self.preludeLength else { return nil }
        let prelude = bytes[start..<start + Self.preludeLength]
        guard CRC32.checksum(of: prelude.dropLast(Self.checksumLength)) == prelude.suffix(4).number else {
            isLost = true
            return nil
        }
        let length = Int(prelude.prefix(4).number)
        guard length <= maximumLength else { throw FrameTooLong() }
        if length < Self.preludeLength + Self.checksumLength { isLost = true }
        return isLost ? nil : length
    }

    private static func event(_ message: ArraySlice<UInt8>) -> AWSEvent {
        let headersLength = Int(message.dropFirst(4).prefix(4).number)
        let body = message.dropFirst(preludeLength).dropLast(checksumLength)
        let checksum = message.suffix(checksumLength).number
        guard CRC32.checksum(of: message.dropLast(checksumLength)) == checksum, headersLength <= body.count,
            let headers = headers(body.prefix(headersLength))
        else { return .damaged }
        return AWSEvent(headers: headers, payload: Array(body.dropFirst(headersLength)))
    }

    /// Each is the length of its name, the name, its type and its value; `nil` where one is cut short.
    private static func headers(_ bytes: ArraySlice<UInt8>) -> [String: String]? {
        var headers: [String: String] = [:]
        var rest = bytes
        while let nameLength = rest.popFirst() {
            guard let name = rest.take(Int(nameLength)), let type = rest.popFirst() else { return nil }
            guard let length = rest.valueLength(of: type), let value = rest.take(length) else { return nil }
            if type == textType {
                headers[String(decoding: name, as: UTF8.self)] = String(decoding: value, as: UTF8.self)
            }
        }
        return headers
    }

    fileprivate static let textType: UInt8 = 7
}

extension ArraySlice<UInt8> {
    fileprivate var number: UInt32 { reduce(0) { $0 << 8 | UInt32($1) } }

    fileprivate mutating func take(_ length: Int) -> ArraySlice<UInt8>? {
        guard length <= count else { return nil }
        defer { removeFirst(length) }
        return prefix(length)
    }

    /// In bytes, after the length that stands before texts and byte strings.
    fileprivate mutating func valueLength(of type: UInt8) -> Int? {
        switch type {
        case 0, 1: 0  // true, false
        case 2: 1
        case 3: 2
        case 4: 4
        case 5, 8: 8  // a number, a moment
        case 6, AWSEventStreamParser.textType: take(2).map { Int($0.number) }
        case 9: 16  // a UUID
        default: nil
        }
    }
}
