import Glibc

/// Finds the messages of a mailbox file.
///
/// Before each stands a line that begins with `From `, with an address and a date. Such lines within messages should begin
/// with `>` instead; as not all programs see to that, a line counts only where its surroundings fit.
enum MailboxSplitter {
    struct Place: Equatable {
        /// The `From ` line.
        let separator: Range<Int>
        /// The message, up to the blank line before the next one.
        var content: Range<Int>
    }

    static func messages(in bytes: [UInt8], limit: Int) -> [Place] {
        bytes.withUnsafeBufferPointer { buffer in
            var scanner = Scanner(bytes: buffer)
            return scanner.places(limit: limit)
        }
    }

    /// Whether a file without a telling name is a mailbox, by its beginning.
    static func begins(_ sample: ArraySlice<UInt8>) -> Bool {
        guard sample.starts(with: "From ".utf8) else { return false }
        return Array(sample).withUnsafeBufferPointer { buffer in
            let scanner = Scanner(bytes: buffer)
            let end = scanner.lineEnd(from: 0)
            return scanner.hasTime(0..<end) && scanner.isField(at: end + 1)
        }
    }

    /// The message with one `>` less before each `From ` that was quoted, however often it was.
    static func unquoted(_ message: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        var result: [UInt8] = []
        var copied = message.startIndex
        var lineStart = message.startIndex
        while lineStart < message.endIndex {
            if message[lineStart] == UInt8(ascii: ">"), isQuoted(message[lineStart...]) {
                result += message[copied..<lineStart]
                copied = lineStart + 1
            }
            guard let end = message[lineStart...].firstIndex(of: 0x0A) else { break }
            lineStart = end + 1
        }
        guard copied > message.startIndex else { return message }
        return (result + message[copied...])[...]
    }

    private static func isQuoted(_ line: ArraySlice<UInt8>) -> Bool {
        line.drop { $0 == UInt8(ascii: ">") }.starts(with: "From ".utf8)
    }

    private struct Scanner {
        let bytes: UnsafeBufferPointer<UInt8>

        mutating func places(limit: Int) -> [Place] {
            var places: [Place] = []
            var isAfterBlank = true
            var lineStart = 0
            while lineStart < bytes.count {
                let end = lineEnd(from: lineStart)
                if isSeparator(lineStart..<end, isAfterBlank: isAfterBlank) {
                    if let last = places.indices.last {
                        places[last].content = places[last].content.lowerBound..<lineStart
                    }
                    guard places.count < limit else { return places }
                    let start = min(end + 1, bytes.count)
                    places.append(Place(separator: lineStart..<end, content: start..<bytes.count))
                }
                isAfterBlank = end == lineStart || (end == lineStart + 1 && bytes[lineStart] == 0x0D)
                lineStart = end + 1
            }
            return places
        }

        /// The place of the line feed, or the end.
        func lineEnd(from start: Int) -> Int {
            guard start < bytes.count, let base = bytes.baseAddress,
                let found = memchr(base + start, 0x0A, bytes.count - start)
            else { return bytes.count }
            return UnsafeRawPointer(found) - UnsafeRawPointer(base)
        }

        private func isSeparator(_ line: Range<Int>, isAfterBlank: Bool) -> Bool {
            guard line.count > 5, bytes[line.lowerBound] == UInt8(ascii: "F"), bytes[line].starts(with: "From ".utf8)
            else { return false }
            let hasTime = hasTime(line)
            if isAfterBlank, hasTime, hasYear(line) { return true }
            return (isAfterBlank || hasTime) && isField(at: line.upperBound + 1)
        }

        /// `07:08`, as every form of the line has.
        func hasTime(_ line: Range<Int>) -> Bool {
            guard line.count > 5 else { return false }
            return (line.lowerBound + 2..<line.upperBound - 2).contains { place in
                bytes[place] == UInt8(ascii: ":")
                    && [-2, -1, 1, 2].allSatisfy { 0x30...0x39 ~= bytes[place + $0] }
            }
        }

        private func hasYear(_ line: Range<Int>) -> Bool {
            bytes[line].split(whereSeparator: { $0 <= 0x20 }).contains { word in
                word.count == 4 && word.allSatisfy { 0x30...0x39 ~= $0 }
                    && [UInt8(ascii: "1"), UInt8(ascii: "2")].contains(word.first)
            }
        }

        /// Whether a header field begins there.
        func isField(at start: Int) -> Bool {
            guard start < bytes.count else { return false }
            let line = bytes[start..<min(start + 200, lineEnd(from: start))]
            let name = line.prefix { $0 != UInt8(ascii: ":") }
            return !name.isEmpty && name.count < line.count && name.allSatisfy { 0x21...0x7E ~= $0 }
        }
    }
}
