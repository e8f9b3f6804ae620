/// Cuts a stream of bytes into lines, as messages over pipes are framed: each is one line of UTF-8 ("stdio" in the Model
/// Context Protocol's transports).
package struct LineBuffer: Sendable {
    /// A line is longer than the limit.
    package struct TooLong: Error {}

    private let maximumLength: Int
    private var line: [UInt8] = []

    /// - Parameter maximumLength: of a line, in bytes.
    package init(maximumLength: Int) { self.maximumLength = maximumLength }

    /// The lines that `bytes` complete, without their ends; empty ones are passed over.
    package mutating func append(_ bytes: some Collection<UInt8>) throws(TooLong) -> [[UInt8]] {
        var lines: [[UInt8]] = []
        var rest = bytes[...]
        while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
            try extend(rest[..<end])
            rest = rest[rest.index(after: end)...]
            if line.last == UInt8(ascii: "\r") { line.removeLast() }
            if !line.isEmpty { lines.append(line) }
            line.removeAll(keepingCapacity: true)
        }
        try extend(rest)
        return lines
    }

    private mutating func extend(_ bytes: some Collection<UInt8>) throws(TooLong) {
        guard line.count + bytes.count <= maximumLength else { throw TooLong() }
        line.append(contentsOf: bytes)
    }
}
