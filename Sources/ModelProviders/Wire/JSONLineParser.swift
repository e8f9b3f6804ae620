import EventStreams

/// Takes a stream of JSON texts apart, one on each line. Lines that are blank are none.
struct JSONLineParser: FrameParser {
    private let maximumLength: Int
    /// The line that has not ended yet.
    private var line: [UInt8] = []

    init(maximumLength: Int) { self.maximumLength = maximumLength }

    mutating func append(_ bytes: some Collection<UInt8>) throws(FrameTooLong) -> [[UInt8]] {
        var lines: [[UInt8]] = []
        var rest = bytes[...]
        while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
            try extend(by: rest[..<end])
            if let line = takeLine() { lines.append(line) }
            rest = rest[rest.index(after: end)...]
        }
        try extend(by: rest)
        return lines
    }

    mutating func finish() throws(FrameTooLong) -> [UInt8]? { takeLine() }

    private mutating func extend(by bytes: some Collection<UInt8>) throws(FrameTooLong) {
        guard line.count + bytes.count <= maximumLength else { throw FrameTooLong() }
        line.append(contentsOf: bytes)
    }

    private mutating func takeLine() -> [UInt8]? {
        defer { line.removeAll() }
        return line.allSatisfy { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") || $0 == UInt8(ascii: "\r") }
            ? nil : line
    }
}
