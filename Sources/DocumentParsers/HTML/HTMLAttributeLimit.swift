/// Keeps the first attributes of a tag that has more of them than any page has: libxml2 compares each attribute with all
/// before it, so that a tag of 80,000 would take half a minute.
enum HTMLAttributeLimit {
    static let count = 256

    /// The same page without what is too much, in one pass over it.
    static func apply(to html: String) -> String {
        var html = html
        let kept = html.withUTF8 { bytes -> [UInt8]? in
            var scanner = Scanner(bytes: bytes)
            return scanner.withoutSurplus()
        }
        return kept.map { String(decoding: $0, as: UTF8.self) } ?? html
    }

    private struct Scanner {
        let bytes: UnsafeBufferPointer<UInt8>
        private var position = 0
        private var surplus: [Range<Int>] = []

        init(bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

        /// `nil` where nothing is too much.
        mutating func withoutSurplus() -> [UInt8]? {
            while let start = bytes[position...].firstIndex(of: UInt8(ascii: "<")) {
                position = start + 1
                if follows("!--") {
                    skip(past: "-->")
                } else if let byte = current, isLetter(byte) {
                    readTag()
                }
            }
            guard !surplus.isEmpty else { return nil }
            var kept: [UInt8] = []
            kept.reserveCapacity(bytes.count)
            var copied = 0
            for range in surplus {
                kept += bytes[copied..<range.lowerBound]
                copied = range.upperBound
            }
            return kept + bytes[copied...]
        }

        private mutating func readTag() {
            let start = position
            skip { !endsName($0) }
            let name = bytes[start..<position]
            var attributes = 0
            var surplusStart: Int?
            while true {
                skip { isSpace($0) || $0 == UInt8(ascii: "/") }
                guard let byte = current, byte != UInt8(ascii: ">") else { break }
                if attributes == HTMLAttributeLimit.count { surplusStart = position }
                attributes += 1
                readAttribute()
            }
            if let surplusStart { surplus.append(surplusStart..<position) }
            // What stands in these is no markup, whatever it looks like.
            for raw in ["script", "style"] where isEqual(name, raw) { skip(past: "</" + raw) }
        }

        private mutating func readAttribute() {
            // An equals sign that comes first belongs to the name.
            position += 1
            skip { !endsName($0) && $0 != UInt8(ascii: "=") }
            skip(isSpace)
            guard current == UInt8(ascii: "=") else { return }
            position += 1
            skip(isSpace)
            if let mark = current, mark == UInt8(ascii: "\"") || mark == UInt8(ascii: "'") {
                position += 1
                skip { $0 != mark }
                if position < bytes.count { position += 1 }
            } else {
                skip { !isSpace($0) && $0 != UInt8(ascii: ">") }
            }
        }

        private var current: UInt8? { position < bytes.count ? bytes[position] : nil }

        private mutating func skip(_ isSkipped: (UInt8) -> Bool) {
            while position < bytes.count, isSkipped(bytes[position]) { position += 1 }
        }

        /// Goes behind the next `text`, in any case, or to the end.
        private mutating func skip(past text: String) {
            while position < bytes.count {
                if follows(text) {
                    position += text.utf8.count
                    return
                }
                position += 1
            }
        }

        private func follows(_ text: String) -> Bool { isEqual(bytes[position...].prefix(text.utf8.count), text) }

        /// `text` is in lower case.
        private func isEqual(_ slice: Slice<UnsafeBufferPointer<UInt8>>, _ text: String) -> Bool {
            slice.elementsEqual(text.utf8) { ($0 < 0x5B && $0 > 0x40 ? $0 | 0x20 : $0) == $1 }
        }
    }
}

private func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || 0x09...0x0D ~= byte }
private func isLetter(_ byte: UInt8) -> Bool { 0x61...0x7A ~= byte | 0x20 }
private func endsName(_ byte: UInt8) -> Bool { isSpace(byte) || byte == UInt8(ascii: "/") || byte == UInt8(ascii: ">") }
